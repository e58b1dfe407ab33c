import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerOptions, Socket } from 'socket.io'
import { systemClock } from '../clock.ts'
import { seededRandom } from '../testing/random.ts'
import { type ClientKind, hears, type Pair, SocketGround } from '../testing/socket-ground.ts'
import { createDelivery } from './delivery.ts'
import { lineOf } from './line.ts'
import type { RoomDelivery } from './room-delivery.ts'

const kinds: readonly ClientKind[] = ['websocket', 'polling', 'upgrade']
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Resolves when the client is connected, and its transport idle. */
async function connected({ client }: Pair): Promise<void> {
  if (!client.connected) await new Promise<void>((resolve) => client.once('connect', resolve))
  await turn()
}

function newDelivery(): RoomDelivery {
  const fail = (what: string) => () => assert.fail(`a socket is ${what}, which none is here`)
  return createDelivery({
    clock: systemClock,
    limits: { bytesQueuedMax: 100_000_000, behindMsMax: 60_000 },
    listener: { onBehind: fail('behind'), onDrained: fail('drained'), onStuck: fail('stuck') },
  })
}

async function withGround(
  run: (ground: SocketGround) => Promise<void>,
  options: Partial<ServerOptions> = {},
): Promise<void> {
  const ground = await SocketGround.open(options)
  try {
    await run(ground)
  } finally {
    await ground.close()
  }
}

const payloads: readonly unknown[][] = [
  [],
  [{ text: 'hello' }],
  ['마당 🏕 \u0000 \u2028 \ud83d', 'quote \' " \\'],
  [null, 1.5, true, [], {}, [[['deep']]]],
  [{ text: 'x'.repeat(111) }, 'lengths around 126'],
  ['x'.repeat(65_520)],
  ['y'.repeat(70_000)],
  [new Date(0), undefined],
  [Buffer.from([0, 1, 255]), { nested: new Uint8Array([9, 8]) }],
]

/** The two ways to reach a room: ours, and stock Socket.IO's. */
interface Rooms {
  join(room: string, socket: Socket): void
  leave(room: string, socket: Socket): void
  deliver(room: string, event: string, args: readonly unknown[], except: readonly string[]): void
}

function stockRooms(ground: SocketGround): Rooms {
  return {
    join: (room, socket) => void socket.join(room),
    leave: (room, socket) => void socket.leave(room),
    deliver: (room, event, args, except) => {
      ground.io
        .to(room)
        .except([...except])
        .emit(event, ...args)
    },
  }
}

function ourRooms(delivery: RoomDelivery): Rooms {
  return {
    join: (room, socket) => delivery.join(room, socket),
    leave: (room, socket) => delivery.leave(room, socket),
    deliver: (room, event, args, except) => void delivery.deliver(room, event, args, { except }),
  }
}

/** Room events, emits to one, acknowledgements, joins and leaves, mixed at random and spread over many turns. */
async function play(pairs: readonly Pair[], rooms: Rooms, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  for (let i = 0; i < 250; i++) {
    const { socket } = pick(pairs)
    const room = pick(['a', 'b'])
    const chance = random()
    const args = i % 10 === 9 ? pick(payloads) : [i]
    if (chance < 0.6) rooms.deliver(room, 'room', args, chance < 0.1 ? [socket.id] : [])
    else if (chance < 0.8) socket.emit('one', ...args)
    else if (chance < 0.85) socket.emit('asked', i, () => {})
    else if (chance < 0.95) rooms.join(room, socket)
    else rooms.leave(room, socket)
    if (random() < 0.3) await turn()
  }
  for (const { socket } of pairs) socket.emit('end')
}

/** What each client hears of the same play. */
async function listen(seed: number, ours: boolean): Promise<unknown[][][]> {
  const heard: unknown[][][] = []
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const rooms = ours ? ourRooms(delivery) : stockRooms(ground)
    const pairs: Pair[] = []
    for (const kind of [...kinds, ...kinds]) {
      const pair = await ground.connect(kind)
      rooms.join('a', pair.socket)
      pairs.push(pair)
    }
    await play(pairs, rooms, seed)
    await Promise.all(pairs.map((pair) => hears(pair, 'end')))
    for (const pair of pairs)
      heard.push(pair.heard.map((args) => args.filter((one) => typeof one !== 'function')))
    delivery.stop()
  })
  return heard
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`each client hears what stock Socket.IO lets it hear, in that order (seed ${seed})`, async () => {
    const [ours, stock] = [await listen(seed, true), await listen(seed, false)]
    for (const [i, heard] of ours.entries()) {
      assert.ok(heard.length > 20, `${heard.length} events`)
      assert.deepEqual(heard, stock[i])
    }
  })
}

test('a client that upgrades meanwhile hears everything, once and in order', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const pair = await ground.connect('upgrade')
    delivery.join('a', pair.socket)
    const paths = new Set<string>()
    const line = lineOf(pair.socket)
    let sent = 0
    for (let after = 0; after < 20; sent++) {
      const { conn } = pair.socket
      paths.add(conn.upgrading ? 'upgrading' : line.isFast ? 'fast' : conn.transport.name)
      delivery.deliver('a', 'event', [sent])
      if (line.isFast) after += 1
      await turn()
    }
    delivery.deliver('a', 'end', [])
    await hears(pair, 'end')
    assert.deepEqual(
      pair.heard.slice(0, -1),
      Array.from({ length: sent }, (_, i) => ['event', i]),
    )
    assert.ok(paths.has('upgrading') && paths.has('fast') && paths.has('polling'))
    delivery.stop()
  })
})

test('every payload arrives as it does from stock, on every transport', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const pairs = [await ground.connect('websocket'), await ground.connect('polling')]
    for (const { socket } of pairs) {
      delivery.join('ours', socket)
      await socket.join('stock')
    }
    for (const args of payloads) {
      delivery.deliver('ours', 'x', args)
      ground.io.to('stock').emit('x', ...args)
    }
    delivery.deliver('ours', 'end', [])
    for (const pair of pairs) {
      await hears(pair, 'end')
      for (let i = 0; i < payloads.length * 2; i += 2) {
        assert.deepEqual(pair.heard[i], pair.heard[i + 1])
      }
    }
    delivery.stop()
  })
})

test('the frame goes straight to an idle websocket, and through Engine.IO elsewhere', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    for (const kind of ['websocket', 'polling'] as const) {
      const pair = await ground.connect(kind)
      await connected(pair)
      delivery.join(kind, pair.socket)
      let packets = 0
      pair.socket.conn.on('packetCreate', () => void packets++)
      assert.equal(delivery.deliver(kind, 'x', [1]), 1)
      assert.equal(packets, kind === 'websocket' ? 0 : 1)
      delivery.deliver(kind, 'end', [])
      await hears(pair, 'end')
      assert.deepEqual(pair.heard, [['x', 1], ['end']])
    }
    delivery.stop()
  })
})

test('what has to wait in Engine.IO is not encoded again for a websocket', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const pair = await ground.connect('websocket')
    await connected(pair)
    delivery.join('a', pair.socket)
    const frames: unknown[] = []
    pair.socket.emit('first')
    pair.socket.conn.on(
      'packetCreate',
      ({ options }) => void frames.push(options.wsPreEncodedFrame),
    )
    delivery.deliver('a', 'end', [1])
    assert.ok(Array.isArray(frames[0]) && Buffer.isBuffer(frames[0][0]))
    await hears(pair, 'end')
    assert.deepEqual(pair.heard, [['first'], ['end', 1]])
    delivery.stop()
  })
})

test('a socket that was disconnected from its namespace gets nothing more, even at once', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const { socket } = await ground.connect('websocket')
    let written: number | undefined
    socket.once('disconnect', () => {
      written = delivery.deliver('a', 'x', [])
    })
    delivery.join('a', socket)
    socket.disconnect()
    assert.equal(written, 0)
    delivery.stop()
  })
})

test('a compressing server takes the stock path and is understood', async () => {
  const options = { perMessageDeflate: { threshold: 0 } }
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const pair = await ground.connect('websocket')
    delivery.join('a', pair.socket)
    await connected(pair)
    assert.equal(pair.socket.conn.transport.writable, true)
    assert.equal(lineOf(pair.socket).isFast, false)
    for (let i = 0; i < 20; i++) {
      delivery.deliver('a', 'x', [i, 'z'.repeat(2_000)])
      pair.socket.emit('y', i)
    }
    delivery.deliver('a', 'end', [])
    await hears(pair, 'end')
    assert.equal(pair.heard.length, 41)
    for (let i = 0; i < 20; i++) assert.deepEqual(pair.heard[i * 2]?.[1], i)
    delivery.stop()
  }, options)
})

test('sockets of several namespaces share a room', async () => {
  await withGround(async (ground) => {
    ground.io.of('/other').on('connection', () => {})
    const delivery = newDelivery()
    const pairs = [await ground.connect('websocket'), await ground.connect('websocket', '/other')]
    for (const { socket } of pairs) delivery.join('a', socket)
    assert.equal(delivery.deliver('a', 'end', [1]), 2)
    await Promise.all(pairs.map((pair) => hears(pair, 'end')))
    for (const pair of pairs) assert.deepEqual(pair.heard, [['end', 1]])
    delivery.stop()
  })
})

test('listeners for outgoing events hear of room events', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const { socket } = await ground.connect('websocket')
    delivery.join('a', socket)
    const outgoing: unknown[][] = []
    socket.onAnyOutgoing((...args) => void outgoing.push(args))
    delivery.deliver('a', 'x', [1, 'two'])
    assert.deepEqual(outgoing, [['x', 1, 'two']])
    delivery.stop()
  })
})

test('what cannot be sent throws before anything is sent', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const pair = await ground.connect('websocket')
    delivery.join('a', pair.socket)
    assert.throws(() => delivery.deliver('a', 'x', [1n]), TypeError)
    assert.throws(() => delivery.deliver('a', 'disconnect', []), /reserved/)
    assert.equal(delivery.deliver('nobody', 'x', [1n]), 0)
    delivery.deliver('a', 'end', [])
    await hears(pair, 'end')
    assert.deepEqual(pair.heard, [['end']])
    delivery.stop()
  })
})

test('rooms cost Socket.IO nothing, and are empty when their sockets are gone', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const [a, b] = [await ground.connect('websocket'), await ground.connect('polling')]
    const roomsOfStock = ground.io.of('/').adapter.rooms.size
    for (const { socket } of [a, b]) {
      for (const room of ['one', 'two', 'two']) delivery.join(room, socket)
    }
    assert.equal(ground.io.of('/').adapter.rooms.size, roomsOfStock)
    assert.deepEqual(delivery.size(), { rooms: 2, sockets: 2, behind: 0 })
    assert.deepEqual(delivery.sockets('two'), [a.socket, b.socket])
    assert.deepEqual(delivery.rooms(a.socket), ['one', 'two'])
    const gone = new Promise((resolve) => a.socket.once('disconnect', resolve))
    a.client.disconnect()
    await gone
    delivery.join('one', a.socket)
    assert.deepEqual(delivery.size(), { rooms: 2, sockets: 1, behind: 0 })
    b.socket.disconnect()
    assert.deepEqual(delivery.size(), { rooms: 0, sockets: 0, behind: 0 })
    assert.equal(delivery.deliver('one', 'x', []), 0)
    delivery.stop()
  })
})

test('after leaving its rooms or the end of delivery a socket keeps no trace of it', async () => {
  await withGround(async (ground) => {
    const delivery = newDelivery()
    const { socket } = await ground.connect('websocket')
    const listeners = socket.listenerCount('disconnect')
    delivery.join('a', socket)
    delivery.leave('b', socket)
    delivery.leave('a', socket)
    delivery.leave('a', socket)
    assert.equal(socket.listenerCount('disconnect'), listeners)
    assert.deepEqual(delivery.size(), { rooms: 0, sockets: 0, behind: 0 })
    delivery.join('a', socket)
    delivery.stop()
    delivery.stop()
    assert.equal(socket.listenerCount('disconnect'), listeners)
    assert.deepEqual(delivery.sockets('a'), [])
  })
})
