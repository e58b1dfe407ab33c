// The fence on real transports: what a client sent before the node stood still is in the same buffers as what it sends afterwards.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { it, type TestContext } from 'node:test'
import { type Clock, systemClock } from '../clock.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'
import type { Session } from './session.ts'
import { createSocketIoWire } from './socketio.ts'
import { polling, rawWebSocket } from './testing/raw-client.ts'
import type { Answer } from './testing/test-client.ts'
import { newWorld } from './testing/world.ts'

const PING = '2'
const PONG = '3'
const SEPARATOR = '\u001e'

/** A message of somebody, on a node that stands still when the test says so. */
async function given(t: TestContext) {
  let stoodStillMs = 0
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + stoodStillMs }
  const server = createServer((_, response) => response.writeHead(404).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const newWire = (node: string) =>
    createSocketIoWire<Session>({ server, clock: systemClock, node, closeGraceMs: 200 })
  const world = await newWorld({ newWire, clock })
  t.after(async () => {
    await world.stop()
    server.closeAllConnections()
    server.close()
    assert.deepEqual(world.errors, [])
  })
  const ann = await world.guest('ann')
  const { channelId } = await world.place(ann)
  const { core } = world
  const { seq: target } = await core.messages.send(ann.person, {
    ...{ channelId, clientId: 'c1', text: 'first' },
  })
  return {
    ...world,
    port,
    handshake: `40${JSON.stringify({ token: ann.token, cursors: {} })}`,
    /** A request as it goes over the wire; `n` names its answer. */
    edit: (n: number, text: string) =>
      `42${n}${JSON.stringify(['edit', { channelId, target, text }])}`,
    standStill: () => {
      stoodStillMs += GATEWAY_BOUNDS.pauseMsMax + 1
    },
    text: async () => {
      const { events } = await core.reading.history(ann.person, { channelId })
      return events.flatMap((event) => (event.seq === target && 'text' in event ? event.text : []))
    },
  }
}

const codeIn = (answer: string): string => {
  const [{ ok, error }] = JSON.parse(answer.replace(/^43\d+/, '')) as [Answer]
  return ok ? 'ok' : (error?.code ?? '')
}

it('a websocket: what was in it is refused, also behind the pong of an old ping, and what is sent after the second pong is done', async (t) => {
  const { port, handshake, edit, standStill, text } = await given(t)
  const { ws, seen, until } = await rawWebSocket(port)
  const pings = () => seen.filter((frame) => frame === PING).length
  const pinged = async (times: number) => {
    while (pings() < times) await once(ws, 'message')
  }
  ws.send(handshake)
  await until('42["ready"')
  standStill()
  // What a node finds when it goes on: a request, the pong of a ping of before, and one more request.
  ws.send(edit(1, 'stale'))
  assert.equal(codeIn(await until('431[')), 'unavailable')
  for (const frame of [PONG, edit(2, 'stale too')]) ws.send(frame)
  assert.equal(codeIn(await until('432[')), 'unavailable')
  await pinged(2)
  // In one write: what comes before the pong is not taken for what comes after it.
  for (const frame of [edit(3, 'still stale'), PONG, edit(4, 'anew')]) ws.send(frame)
  assert.equal(codeIn(await until('433[')), 'unavailable')
  assert.equal(codeIn(await until('434[')), 'ok')
  assert.deepEqual(await text(), ['anew'])
  // The second of the two pings is answered, too, and changes nothing.
  for (const frame of [PONG, edit(5, 'and on')]) ws.send(frame)
  assert.equal(codeIn(await until('435[')), 'ok')
  assert.equal(pings(), 2)
  ws.close()
})

it('long-polling: the same, by requests that carry several packets', async (t) => {
  const { port, handshake, edit, standStill, text } = await given(t)
  const { post, poll } = await polling(port)
  const seen: string[] = []
  const until = async (prefix: string, times = 1): Promise<string> => {
    for (;;) {
      const found = seen.filter((packet) => packet.startsWith(prefix))
      const last = found[times - 1]
      if (last !== undefined) return last
      seen.push(...(await poll()).body.split(SEPARATOR))
    }
  }
  await post(handshake)
  await until('42["ready"')
  standStill()
  await post(edit(1, 'stale'))
  assert.equal(codeIn(await until('431[')), 'unavailable')
  await post([PONG, edit(2, 'stale too')].join(SEPARATOR))
  assert.equal(codeIn(await until('432[')), 'unavailable')
  await until(PING, 2)
  await post([edit(3, 'still stale'), PONG, edit(4, 'anew')].join(SEPARATOR))
  assert.equal(codeIn(await until('433[')), 'unavailable')
  assert.equal(codeIn(await until('434[')), 'ok')
  assert.deepEqual(await text(), ['anew'])
})

it('a client that is gone is closed in its time, and nothing that it left behind is done', async (t) => {
  const { port, handshake, edit, standStill, text, reported } = await given(t)
  const { ws, until } = await rawWebSocket(port)
  ws.send(handshake)
  await until('42["ready"')
  standStill()
  ws.send(edit(1, 'stale'))
  ws.send(PONG)
  ws.send(edit(2, 'stale too'))
  ws.close()
  while (!reported.some((line) => line.startsWith('closed'))) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.deepEqual(await text(), ['first'])
  assert.equal(reported.filter((line) => line === 'request unknown unavailable').length, 2)
})
