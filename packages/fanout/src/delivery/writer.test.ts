import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Socket } from 'socket.io'
import { FakeClock } from '../testing/fake-clock.ts'
import { hears, type Pair, SocketGround } from '../testing/socket-ground.ts'
import { cutOff } from './cut-off.ts'
import { createWriter, type EncodedEvent, encodeEvent, type Writer } from './writer.ts'

/** A server and a writer whose loop is as busy as the test says, on a clock that stands still. */
async function ground(t: TestContext) {
  const server = await SocketGround.open()
  const clock = new FakeClock()
  const load = { busy: 1 }
  const writer = createWriter({ clock, busy: () => load.busy })
  t.after(async () => {
    writer.stop()
    await server.close()
  })
  const event = (...args: unknown[]): EncodedEvent => encodeEvent(server.io.encoder, '/', args)
  return { server, clock, load, writer, event }
}

/** The bytes of every write to the socket's websocket, from now on. */
function writesOf({ conn }: Socket): unknown[] {
  const writes: unknown[] = []
  const sender = Reflect.get(Reflect.get(conn.transport, 'socket'), '_sender')
  const send = sender.sendFrame
  sender.sendFrame = (list: unknown[], done: () => void) => {
    writes.push(list)
    send.call(sender, list, done)
  }
  return writes
}

/** A room that is not quiet: its first event has left. */
async function warmRoom(t: TestContext, size: number) {
  const base = await ground(t)
  const pairs: Pair[] = []
  for (let i = 0; i < size; i++) {
    const pair = await base.server.connect('websocket')
    const { client } = pair
    if (!client.connected) await new Promise<void>((resolve) => client.once('connect', resolve))
    pairs.push(pair)
  }
  await new Promise((resolve) => setImmediate(resolve))
  const sockets = pairs.map(({ socket }) => socket)
  const meter = base.writer.newMeter()
  const say = (...args: unknown[]) => base.writer.write(base.event(...args), sockets, meter)
  const writes = sockets.map(writesOf)
  assert.equal(say('first'), size)
  assert.deepEqual(
    writes.map(({ length }) => length),
    sockets.map(() => 1),
    'the first left at once',
  )
  return { ...base, pairs, sockets, meter, say, writes }
}

const end = (writer: Writer, event: EncodedEvent, sockets: readonly Socket[]) => {
  writer.write(event, sockets, writer.newMeter())
}

test('under load what follows is held, and leaves in one write that all connections share', async (t) => {
  const { clock, say, writes, pairs } = await warmRoom(t, 3)
  for (let i = 0; i < 5; i++) {
    say('x', i)
    clock.advance(9)
  }
  assert.deepEqual(
    writes.map(({ length }) => length),
    [1, 1, 1],
  )
  clock.advance(5)
  assert.deepEqual(
    writes.map(({ length }) => length),
    [2, 2, 2],
  )
  assert.equal(clock.timers, 0)
  say('end')
  clock.advance(50)
  for (const pair of pairs) {
    await hears(pair, 'end')
    assert.deepEqual(pair.heard, [['first'], ...[0, 1, 2, 3, 4].map((i) => ['x', i]), ['end']])
  }
})

test('nothing is held longer than 50 ms, and a room that fell silent is served at once again', async (t) => {
  const { clock, say, writes } = await warmRoom(t, 1)
  say('held')
  clock.advance(49)
  assert.equal(writes[0]?.length, 1)
  clock.advance(1)
  assert.equal(writes[0]?.length, 2)
  clock.advance(1_000)
  say('at once')
  assert.equal(writes[0]?.length, 3)
  assert.equal(clock.timers, 0)
})

test('a quiet room does not wait for a busy one, and takes along what is held', async (t) => {
  const { clock, say, writes, writer, event, sockets, pairs } = await warmRoom(t, 1)
  say('busy')
  assert.equal(writes[0]?.length, 1)
  end(writer, event('end'), sockets)
  assert.equal(writes[0]?.length, 2)
  clock.advance(50)
  assert.equal(writes[0]?.length, 2)
  const [pair] = pairs
  if (pair !== undefined) {
    await hears(pair, 'end')
    assert.deepEqual(pair.heard, [['first'], ['busy'], ['end']])
  }
})

test('an idle loop and little to join: everything leaves at once', async (t) => {
  const { load, say, writes, clock } = await warmRoom(t, 2)
  load.busy = 0.5
  for (let i = 0; i < 20; i++) say('x', i)
  assert.deepEqual(
    writes.map(({ length }) => length),
    [21, 21],
  )
  assert.equal(clock.timers, 0)
})

test('a hundred events at once to many are joined after the first few', async (t) => {
  const { load, say, writes, clock } = await warmRoom(t, 20)
  load.busy = 0
  for (let i = 0; i < 400; i++) say('x', i)
  clock.advance(50)
  assert.ok((writes[0]?.length ?? 0) < 60, `${writes[0]?.length} writes`)
})

test('more than is to be held for one connection leaves at once', async (t) => {
  const { say, writes, clock } = await warmRoom(t, 1)
  say('x', 'y'.repeat(40_000))
  assert.equal(writes[0]?.length, 1)
  say('x', 'y'.repeat(40_000))
  assert.equal(writes[0]?.length, 2)
  clock.advance(60)
  assert.equal(writes[0]?.length, 2)
})

test('what is held leaves before an emit, an acknowledgement, a disconnect and a close', async (t) => {
  for (const act of ['emit', 'ack', 'disconnect', 'close'] as const) {
    const { say, sockets, pairs, clock, server } = await warmRoom(t, 1)
    const [socket, pair] = [sockets[0], pairs[0]]
    assert.ok(socket !== undefined && pair !== undefined)
    const gone = new Promise((resolve) => pair.client.once('disconnect', resolve))
    say('held')
    if (act === 'emit') socket.emit('last')
    else if (act === 'disconnect') socket.disconnect()
    else if (act === 'close') socket.conn.close()
    else {
      const answered = new Promise((resolve) => pair.client.emit('ask', resolve))
      await new Promise<void>((resolve) => {
        socket.once('ask', (answer: (text: string) => void) => {
          answer('answer')
          resolve()
        })
      })
      await answered
      assert.deepEqual(pair.heard, [['first'], ['held']])
    }
    if (act === 'disconnect' || act === 'close') await gone
    if (act === 'emit') await hears(pair, 'last')
    assert.deepEqual(pair.heard, [['first'], ['held'], ...(act === 'emit' ? [['last']] : [])], act)
    clock.advance(100)
    assert.equal(clock.timers, 0)
    await server.close()
  }
})

test('stop sends what is held, and leaves no timer', async (t) => {
  const { writer, say, clock, pairs } = await warmRoom(t, 1)
  say('held')
  assert.equal(clock.timers, 1)
  writer.stop()
  writer.stop()
  say('end')
  assert.equal(clock.timers, 0)
  const [pair] = pairs
  if (pair !== undefined) await hears(pair, 'end')
})

test('what is held for a connection that is cut off is freed and not written', async (t) => {
  const { say, sockets, clock, writes, writer } = await warmRoom(t, 1)
  const [socket] = sockets
  assert.ok(socket !== undefined)
  say('held')
  cutOff(socket)
  assert.equal(socket.connected, false)
  assert.equal(writer.bytesQueued(socket), 0)
  clock.advance(50)
  assert.deepEqual([writes[0]?.length, clock.timers], [1, 0])
})

test('a connection that breaks while something is held for it is forgotten', async (t) => {
  const { say, sockets, clock, writer } = await warmRoom(t, 2)
  const [socket] = sockets
  assert.ok(socket !== undefined)
  say('held')
  assert.ok(writer.bytesQueued(socket) > 0)
  const gone = new Promise((resolve) => socket.once('disconnect', resolve))
  Reflect.get(Reflect.get(socket.conn.transport, 'socket'), '_socket').destroy()
  await gone
  clock.advance(50)
  assert.equal(clock.timers, 0)
  assert.equal(writer.bytesQueued(socket), 0)
  assert.equal(say('x'), 1)
})

test('two writers that share a connection keep the order of the calls', async (t) => {
  const { say, event, sockets, pairs, clock } = await warmRoom(t, 1)
  const other = createWriter({ clock, busy: () => 0 })
  const meter = other.newMeter()
  for (let i = 0; i < 10; i++) {
    say('x', i * 2)
    other.write(event('x', i * 2 + 1), sockets, meter)
    clock.advance(7)
  }
  say('end')
  other.stop()
  clock.advance(50)
  const [pair] = pairs
  assert.ok(pair !== undefined)
  await hears(pair, 'end')
  assert.deepEqual(
    pair.heard.slice(1, -1),
    Array.from({ length: 20 }, (_, i) => ['x', i]),
  )
})

test('binary arguments are held and joined like everything else', async (t) => {
  const { say, writes, pairs, clock } = await warmRoom(t, 1)
  const bytes = Buffer.from([1, 2, 3])
  say('x', { bytes })
  bytes.fill(9)
  say('y', bytes, new Uint8Array([7]))
  say('end')
  clock.advance(50)
  assert.equal(writes[0]?.length, 2)
  const [pair] = pairs
  assert.ok(pair !== undefined)
  await hears(pair, 'end')
  assert.deepEqual(pair.heard, [
    ['first'],
    ['x', { bytes: Buffer.from([1, 2, 3]) }],
    ['y', Buffer.from([9, 9, 9]), Buffer.from([7])],
    ['end'],
  ])
})
