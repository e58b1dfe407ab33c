import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import { BOUNDS } from './bounds.ts'
import { type Bench, bench, opened, readyWith, texts, YOU } from './testing/client-bench.ts'
import { settled } from './testing/fake-environment.ts'
import type { FakeConnection } from './testing/fake-server.ts'
import { CHANNEL } from './testing/model-log.ts'

const WITHIN_MS = 8_000

/** At the moment of the move: the old connection serves on, the new one is being opened. */
async function moving() {
  const all = await opened()
  const old = all.server.now
  old.say('goaway', { withinMs: WITHIN_MS })
  await all.environment.clock.pass(WITHIN_MS / 4)
  return { ...all, old }
}

const status = ({ client }: Bench): string => client.session.snapshot().connection.status

const say = (to: FakeConnection, { log }: Bench, text: string): void =>
  to.say('event', log.send({ clientId: text, by: YOU, text }))

test('goaway opens a new connection in the first half of the window, and shows no gap', async () => {
  const all = await opened()
  all.server.now.say('goaway', { withinMs: WITHIN_MS })
  await all.environment.clock.pass(WITHIN_MS / 4 - 1)
  assert.equal(all.server.connections.length, 1)
  const seen = new Set<string>()
  all.client.session.subscribe(() => seen.add(status(all)))
  await all.environment.clock.pass(1)
  assert.equal(all.server.connections.length, 2)
  assert.deepEqual(all.server.now.parts.greeting.cursors, { [CHANNEL]: { seq: 1, epoch: 'e1' } })
  readyWith(all)
  await all.environment.clock.pass(1_000)
  assert.deepEqual([...seen], ['online'])
})

test('what comes on the old connection while the new one is opened is shown at once, and never twice', async () => {
  const all = await moving()
  const { channel, old, server } = all
  say(old, all, 'on the old one')
  assert.deepEqual(texts(channel), ['sent hello', 'sent on the old one'])
  // Its replay begins at the cursor that it was opened with.
  readyWith(all)
  assert.deepEqual(texts(channel), ['sent hello', 'sent on the old one'])
  assert.ok(old.isRetired && !server.now.isRetired)
  const late = all.log.send({ clientId: 'late', by: YOU, text: 'late' })
  old.say('event', late)
  assert.deepEqual(texts(channel), ['sent hello', 'sent on the old one'])
  server.now.say('event', late)
  assert.deepEqual(texts(channel), ['sent hello', 'sent on the old one', 'sent late'])
})

test('what was asked on the old connection is answered there, and not asked again', async () => {
  const all = await moving()
  const { channel, old, server, environment } = all
  channel.send('on its way')
  const edited = channel.edit(1, 'hello!')
  await settled()
  const send = old.take('send')
  readyWith(all)
  await environment.clock.pass(1_000)
  assert.ok(!server.now.names().includes('send'))
  old.take('edit').answer({ ok: true, id: 'e', seq: 2, createdAt: 0 })
  assert.ok((await edited).ok)
  send.answer({ ok: true, id: 'm', seq: 3, createdAt: 0 })
  assert.equal(texts(channel).at(-1), 'sent on its way')
})

test('what the old connection never answers is sent again on the new one', async () => {
  const all = await moving()
  const { channel, old, server, environment } = all
  const clientId = channel.send('on its way')
  await settled()
  readyWith(all)
  await settled()
  old.break()
  await environment.clock.pass(BOUNDS.requestMsMax)
  assert.equal(server.now.take('send').payload.clientId, clientId)
})

test('a move that is refused leaves the old connection as it is, and is tried again', async () => {
  const all = await moving()
  const { old, server, environment, channel } = all
  server.now.refuse(errorBody('draining'))
  await settled()
  assert.equal(status(all), 'online')
  say(old, all, 'still here')
  assert.equal(texts(channel).at(-1), 'sent still here')
  await environment.clock.pass(BOUNDS.reconnectMsBase)
  assert.equal(server.connections.length, 3)
  readyWith(all)
  assert.ok(old.isRetired)
})

test('an old connection that breaks in the middle of the move costs no second handshake', async () => {
  const all = await moving()
  const { old, server, environment, channel } = all
  channel.send('meanwhile')
  await settled()
  old.break()
  assert.equal(status(all), 'connecting')
  await environment.clock.pass(100)
  assert.equal(server.connections.length, 2)
  readyWith(all)
  await settled()
  assert.equal(status(all), 'online')
  assert.deepEqual(server.now.names(), ['send'])
})

test('stopping in the middle of a move lets both go, and leaves no timer', async () => {
  const all = await moving()
  await all.client.stop()
  assert.ok(all.server.connections.every((one) => one.isClosed))
  assert.equal(all.environment.clock.timers, 0)
})

test('a machine that wakes up asks for a sign of life, and stays where there is one', async () => {
  const all = await opened()
  await all.environment.clock.sleep(3_600_000)
  all.server.now.take('sync').answer({ ok: true, replays: [] })
  await all.environment.clock.pass(BOUNDS.probeMsMax)
  assert.equal(all.server.connections.length, 1)
  assert.equal(status(all), 'online')
})

test('a machine that wakes up with a dead connection has a new one as soon as the probe is not answered', async () => {
  const all = await opened()
  await all.environment.clock.sleep(3_600_000)
  await all.environment.clock.pass(BOUNDS.probeMsMax - 1)
  assert.equal(all.server.connections.length, 1)
  await all.environment.clock.pass(1)
  assert.equal(all.server.connections.length, 2)
  assert.ok(all.server.connections[0]?.isClosed)
})

test('a browser that says online while we are is asked about, as its network may be another', async () => {
  const all = await opened()
  all.environment.setOnline(true)
  assert.deepEqual(all.server.now.names(), ['sync'])
  await all.client.stop()
  assert.equal(all.environment.clock.timers, 0)
})

test('a server that does not answer is asked for a sign of life, and left where there is none', async () => {
  const all = await opened()
  const [first] = all.server.connections
  first?.parts.unanswered()
  assert.deepEqual(all.server.now.names(), ['sync'])
  await all.environment.clock.pass(BOUNDS.probeMsMax)
  assert.equal(all.server.connections.length, 2)
  all.server.now.ready()
  // What the old one owes says nothing about the new one.
  first?.parts.unanswered()
  assert.deepEqual(all.server.now.names(), [])
  assert.equal(status(all), 'online')
})

test('time that goes by at its usual pace asks nothing and tells nobody', async () => {
  const all = await opened()
  await all.environment.clock.pass(1_000)
  all.client.session.subscribe(() => assert.fail('there is nothing to tell'))
  await all.environment.clock.pass(3_600_000)
  assert.deepEqual(all.server.now.names(), [])
})

test('a token that the server calls expired is asked for again, until the same one comes', async () => {
  const tokens = ['old', 'new', 'new']
  const { client, server, environment } = bench({ token: async () => tokens.shift() })
  client.start()
  await settled()
  server.now.refuse(errorBody('session_expired'))
  await settled()
  assert.equal(server.now.parts.greeting.token, 'new')
  server.now.ready()
  await environment.clock.pass(BOUNDS.onlineStableMsMin)
  server.now.say('closed', { error: errorBody('session_expired') })
  await settled()
  assert.equal(server.connections.length, 3)
  server.now.refuse(errorBody('session_expired'))
  await settled()
  assert.equal(client.session.snapshot().connection.status, 'refused')
})
