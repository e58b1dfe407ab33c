import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Socket } from 'socket.io'
import { type Clock, systemClock } from '../clock.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { hears, SocketGround } from '../testing/socket-ground.ts'
import { StillReader } from '../testing/still-reader.ts'
import { cutOff } from './cut-off.ts'
import { createDelivery } from './delivery.ts'
import type { DeliveryLimits, RoomDelivery } from './room-delivery.ts'

const limits: DeliveryLimits = { bytesQueuedMax: 200_000, behindMsMax: 500 }
const block = 'x'.repeat(70_000)

/** A server, a socket in room `a` whose client reads nothing, and what delivery told of it. */
async function ground(t: TestContext, clock: Clock = systemClock) {
  const server = await SocketGround.open()
  const told: string[] = []
  const acts = new Map<string, (socket: Socket) => void>()
  const tell = (what: string) => (socket: Socket) => {
    told.push(what)
    acts.get(what)?.(socket)
  }
  const delivery = createDelivery({
    clock,
    limits,
    listener: { onBehind: tell('behind'), onDrained: tell('drained'), onStuck: tell('stuck') },
  })
  const connected = new Promise<Socket>((resolve) => server.io.once('connection', resolve))
  const reader = await StillReader.open(server.port)
  const socket = await connected
  delivery.join('a', socket)
  /** Resolves when delivery tells it. */
  const until = (what: string) =>
    new Promise<void>((resolve) => void acts.set(what, () => resolve()))
  t.after(async () => {
    delivery.stop()
    reader.close()
    await server.close()
  })
  return { server, delivery, told, acts, reader, socket, until }
}

/** Fills the kernel's buffers too, which take some MB on a loopback. */
async function fill(delivery: RoomDelivery, socket: Socket): Promise<number> {
  let written = 0
  for (let i = 0; i < 2_000 && !delivery.isBehind(socket); i++) {
    written += delivery.deliver('a', 'x', [block])
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(delivery.isBehind(socket), 'it fell behind')
  return written
}

test('a reader that never reads is behind, then stuck, and memory stays bounded', async (t) => {
  const { server, delivery, told, socket, until } = await ground(t)
  const other = await server.connect('websocket')
  delivery.join('a', other.socket)
  const stuck = until('stuck')
  await fill(delivery, socket)
  for (let i = 0; i < 200; i++) {
    assert.ok(delivery.bytesQueued(socket) <= limits.bytesQueuedMax + block.length + 100)
    assert.equal(delivery.deliver('a', 'x', [i]), 1, 'the others are served')
  }
  await stuck
  assert.deepEqual(told, ['behind', 'stuck'])
  assert.equal(delivery.isBehind(socket), true)
  delivery.deliver('a', 'end', [])
  await hears(other, 'end')
  socket.conn.close(true)
  assert.deepEqual(delivery.size().behind, 0)
})

test('droppable events are left out first', async (t) => {
  const { delivery, told, socket } = await ground(t)
  let [kept, dropped] = [0, 0]
  while (!delivery.isBehind(socket)) {
    const queued = delivery.bytesQueued(socket)
    const written = delivery.deliver('a', 'typing', ['who'], { droppable: true })
    assert.equal(written, queued <= limits.bytesQueuedMax / 2 ? 1 : 0)
    if (written === 1) kept += 1
    else dropped += 1
    delivery.deliver('a', 'x', [block])
  }
  assert.ok(kept > 0 && dropped > 0, `${kept} kept, ${dropped} dropped`)
  assert.deepEqual(told, ['behind'])
})

test('whoever drains is told before anything else reaches them, and is served again', async (t) => {
  const { delivery, told, acts, reader, socket } = await ground(t)
  await fill(delivery, socket)
  assert.equal(delivery.deliver('a', 'x', ['not for those behind']), 0)
  const drained = new Promise<number>((resolve) => {
    acts.set('drained', () => resolve(delivery.deliver('a', 'x', ['not yet'])))
  })
  reader.read()
  assert.equal(await drained, 0)
  assert.deepEqual(told, ['behind', 'drained'])
  assert.equal(delivery.isBehind(socket), false)
  assert.equal(delivery.deliver('a', 'x', ['again']), 1)
})

test('who left every room while behind is told all the same, and leaves no trace then', async (t) => {
  const { delivery, acts, reader, socket, until } = await ground(t)
  acts.set('behind', () => delivery.leave('a', socket))
  await fill(delivery, socket)
  assert.deepEqual(delivery.size(), { rooms: 0, sockets: 1, behind: 1 })
  const drained = until('drained')
  reader.read()
  await drained
  assert.deepEqual(delivery.size(), { rooms: 0, sockets: 0, behind: 0 })
})

test('what Socket.IO itself queues for a socket counts, however little its rooms had', async (t) => {
  const { delivery, told, socket } = await ground(t)
  assert.equal(delivery.deliver('a', 'x', ['small']), 1)
  for (let i = 0; i < 2_000 && delivery.bytesQueued(socket) <= limits.bytesQueuedMax; i++) {
    socket.emit('answer', block)
    if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(delivery.deliver('a', 'x', ['small']), 0)
  assert.deepEqual(told, ['behind'])
})

test('emits to a socket that is behind are counted and still go out', async (t) => {
  const { delivery, reader, socket, until } = await ground(t)
  await fill(delivery, socket)
  const before = delivery.bytesQueued(socket)
  socket.emit('answer', 'y'.repeat(1_000))
  socket.emit('answer', 'z'.repeat(1_000))
  assert.ok(delivery.bytesQueued(socket) >= before + 2_000)
  const drained = until('drained')
  reader.read()
  await drained
})

test('a poller that does not come back falls behind like anybody else', async (t) => {
  const { server, delivery, told } = await ground(t)
  const { client, socket } = await server.connect('polling')
  delivery.join('polls', socket)
  client.io.engine.close()
  let written = 0
  for (let i = 0; i < 20; i++) written += delivery.deliver('polls', 'x', [block])
  assert.ok(written <= 5, `${written} were written`)
  assert.ok(delivery.bytesQueued(socket) <= limits.bytesQueuedMax + block.length + 100)
  assert.deepEqual(told, ['behind'])
})

test('nobody behind, no timer; and a socket that goes takes its timer with it', async (t) => {
  const clock = new FakeClock()
  const { delivery, told, socket } = await ground(t, clock)
  assert.equal(clock.timers, 0)
  await fill(delivery, socket)
  assert.equal(clock.timers, 1)
  clock.advance(limits.behindMsMax)
  assert.deepEqual(told, ['behind'])
  const gone = new Promise((resolve) => socket.once('disconnect', resolve))
  socket.conn.close(true)
  await gone
  assert.equal(clock.timers, 0)
  clock.advance(60_000)
  assert.deepEqual([told, delivery.size()], [['behind'], { rooms: 0, sockets: 0, behind: 0 }])
})

test('stuck is told once, when the time is over', async (t) => {
  const clock = new FakeClock()
  const { delivery, told, socket } = await ground(t, clock)
  await fill(delivery, socket)
  clock.advance(limits.behindMsMax)
  assert.deepEqual(told, ['behind'])
  clock.advance(100)
  assert.deepEqual(told, ['behind', 'stuck'])
  clock.advance(60_000)
  assert.deepEqual([told.length, clock.timers], [2, 0])
})

test('a socket that is cut off is gone at once, and its TCP connection with it', async (t) => {
  const { server, delivery, reader, socket } = await ground(t)
  await fill(delivery, socket)
  const reasons: string[] = []
  const gone = new Promise<void>((resolve) => {
    socket.once('disconnect', (reason) => {
      reasons.push(reason)
      resolve()
    })
  })
  cutOff(socket)
  await gone
  await reader.ended()
  assert.equal(delivery.size().sockets, 0)
  const poller = await server.connect('polling')
  cutOff(poller.socket)
  assert.equal(poller.socket.connected, false)
  assert.equal(reasons.length, 1)
})
