// The scenarios of examples/artillery: they are what they say, a server that refuses them is seen to, and Madang takes them as they are.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { spawnServer } from '@madang/server/testing'
import { Server, type Socket } from 'socket.io'
import { replay } from './replay.ts'
import { type Bounds, readScript, shortened } from './script.ts'
import { refusalIn } from './visitor.ts'

const FOLDER = new URL('../../../examples/artillery/', import.meta.url)
const FILES = ['arrivals-100.yml', 'warm-up-then-50.yml'] as const
const BOUNDS: Bounds = { secondsMax: 1, arrivalsPerSecondMax: 8, thinkMsMax: 200 }

const textOf = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8')
const scriptOf = (file: string) => readScript(textOf(file))

function play(file: string, url: string) {
  const script = shortened(scriptOf(file), BOUNDS)
  return replay(script, { url, cpuMs: () => 0, progress: () => {} })
}

/** A server of stock Socket.IO that does with a connection what it is told. */
async function stock(onConnection: (socket: Socket) => void) {
  const http = createServer()
  const server = new Server(http, { serveClient: false })
  // Engine.IO gives a poller 30 s to come and hear that it is closed; these clients do not come.
  server.engine.on('connection', ({ transport }) => Reflect.set(transport, 'closeTimeout', 100))
  server.on('connection', onConnection)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => server.close(),
  }
}

test('the first is a hundred arrivals a second for a minute, by polling and the upgrade', () => {
  const { phases, scenarios, transports } = scriptOf('arrivals-100.yml')
  assert.deepEqual(
    phases.map(({ seconds, arrivalsPerSecond }) => [seconds, arrivalsPerSecond]),
    [[60, 100]],
  )
  assert.equal(transports, undefined)
  assert.deepEqual(scenarios[0]?.steps, [
    { kind: 'emit', event: 'sendMessage', args: ['helloTest'] },
    { kind: 'think', ms: 5_000 },
  ])
})

test('the second warms up at ten a second, then fifty for two minutes, by websocket', () => {
  const { phases, scenarios, transports } = scriptOf('warm-up-then-50.yml')
  assert.deepEqual(
    phases.map(({ seconds, arrivalsPerSecond }) => [seconds, arrivalsPerSecond]),
    [
      [60, 10],
      [120, 50],
    ],
  )
  assert.deepEqual(transports, ['websocket'])
  const emits = scenarios[0]?.steps.flatMap((step) => (step.kind === 'emit' ? [step] : []))
  assert.deepEqual(emits, [
    { kind: 'emit', event: 'joinRoom', args: ['test-room'] },
    {
      kind: 'emit',
      event: 'sendMessage',
      args: [{ roomId: 'test-room', content: 'Load test message', type: 'text' }],
    },
  ])
})

test('what is not understood is refused, and its place is named', () => {
  const text = textOf('arrivals-100.yml')
  const changes: readonly (readonly [string, string, RegExp])[] = [
    ['arrivalRate', 'arivalRate', /config\.phases\[0\] has arivalRate/],
    ['duration: 60', 'duration: soon', /config\.phases\[0\]\.duration is no number/],
    ['sendMessage', 'sendMesage', /flow\[0\]\.emit names "sendMesage"/],
    ['think', 'sleep', /flow\[1\] has sleep/],
    ['"socketio"', '"ws"', /engine is not "socketio"/],
    ['http://', 'ftp://', /config\.target is no http address/],
  ]
  for (const [from, to, message] of changes) {
    assert.throws(() => readScript(text.replace(from, to)), message)
  }
  assert.throws(() => readScript('config: {}'), /config\.target is no text/)
  const listed = text.replace(/emit:\n.*\n.*/, 'emit: ["sendMessage", "a", { b: 1 }]')
  assert.deepEqual(readScript(listed).scenarios[0]?.steps[0], {
    ...{ kind: 'emit', event: 'sendMessage', args: ['a', { b: 1 }] },
  })
})

test('a refusal is known by its answer', () => {
  assert.equal(refusalIn({ ok: true, seq: 1 }), undefined)
  assert.equal(refusalIn(undefined), undefined)
  assert.equal(refusalIn({ ok: false, error: { code: 'not_member' } }), 'not_member')
  assert.equal(refusalIn({ error: 'no' }), 'no')
})

test('a server that takes everything is told from one that refuses, hangs up or lets nobody in', async () => {
  await using taking = await stock((socket) => {
    socket.onAny((_, ...args) => args.at(-1)({ ok: true }))
    socket.emit('message', 'welcome')
  })
  const [taken] = await play('arrivals-100.yml', taking.url)
  const { arrived, connected, sent, acknowledged, received, upgraded, refused } =
    taken?.tally ?? assert.fail()
  assert.deepEqual([arrived, connected, sent, acknowledged, received], [8, 8, 8, 8, 8])
  assert.deepEqual([upgraded, refused], [8, 0])

  await using refusing = await stock((socket) => {
    socket.on('joinRoom', (_room, answer) => answer({ ok: true }))
    socket.on('sendMessage', (_what, answer) => answer({ ok: false, error: { code: 'forbidden' } }))
  })
  for (const { tally } of await play('warm-up-then-50.yml', refusing.url)) {
    assert.equal(tally.reasons, '8 × sendMessage: forbidden')
  }

  await using closing = await stock((socket) => {
    socket.on('sendMessage', () => socket.disconnect(true))
  })
  const [closed] = await play('arrivals-100.yml', closing.url)
  assert.match(closed?.tally.reasons ?? '', /8 × closed: /)
  const [nobody] = await play('arrivals-100.yml', 'http://127.0.0.1:1')
  assert.match(nobody?.tally.reasons ?? '', /8 × not let in/)
})

for (const file of FILES) {
  test(`Madang takes ${file} as it is`, async () => {
    await using server = await spawnServer({ env: { DIALECTS: 'rooms', RATE_SCALE: '1000' } })
    for (const { tally } of await play(file, server.url)) {
      assert.equal(tally.reasons, '')
      assert.deepEqual([tally.connected, tally.acknowledged], [tally.arrived, tally.sent])
      assert.ok(tally.received >= tally.sent, `${tally.received} events came down`)
    }
    // Without the dialect nobody is taken, and that is seen.
    await using deaf = await spawnServer({ env: { RATE_SCALE: '1000' } })
    for (const { tally } of await play(file, deaf.url)) {
      assert.equal(tally.acknowledged, 0)
      assert.ok(tally.refused >= tally.arrived, tally.reasons)
    }
  })
}
