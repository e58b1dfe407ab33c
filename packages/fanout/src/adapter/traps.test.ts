// What other adapters get wrong, each by name: rooms decide who gets frames, local sockets never wait, and names are never guessed at.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Server } from 'socket.io'
import { MemoryHub } from '../brokers/memory.ts'
import { AdapterGround, type AdapterGroundOptions, until } from '../testing/adapter-ground.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { StillReader } from '../testing/still-reader.ts'
import { WatchedBroker } from '../testing/watched-broker.ts'
import { createAdapter, type FanoutAdapter } from './create-adapter.ts'
import { kinds, readFrame } from './wire.ts'

interface Watched {
  readonly ground: AdapterGround
  readonly brokers: readonly WatchedBroker[]
}

async function withNodes(
  options: AdapterGroundOptions,
  run: (watched: Watched) => Promise<void>,
): Promise<void> {
  const brokers: WatchedBroker[] = []
  const wrap: AdapterGroundOptions['wrap'] = (broker) => {
    const watched = new WatchedBroker(broker)
    brokers.push(watched)
    return watched
  }
  const ground = await AdapterGround.open({ wrap, ...options })
  try {
    await run({ ground, brokers })
  } finally {
    await ground.close()
  }
}

const kindsOf = (passed: readonly { readonly frame: Uint8Array }[]) =>
  passed.map(({ frame }) => {
    const read = readFrame(frame)
    return typeof read === 'string' ? read : read.kind
  })

/** As `io.close()` does with a server that listens. */
async function closeAdapters(io: Server): Promise<void> {
  for (const nsp of io._nsps.values()) await nsp.adapter.close()
}

suite('who gets frames', () => {
  test('only nodes with a member of the room, also where an emit names several', () =>
    withNodes({ nodes: 3 }, async ({ ground, brokers }) => {
      const pairs = await ground.people(3)
      await pairs[1]?.socket.join(['r', 's'])
      await pairs[2]?.socket.join('A'.repeat(20))
      for (const broker of brokers) broker.received.length = 0
      ground.io(0).to('r').emit('a')
      ground.io(0).to('r').to('s').emit('b')
      await ground.heard()
      assert.deepEqual(
        brokers.map(({ received }) => received.length),
        [0, 3, 0],
      )
      ground.io(0).to('A'.repeat(20)).emit('c')
      await ground.heard()
      assert.deepEqual(
        brokers.map(({ received }) => received.length),
        [0, 3, 1],
      )
    }))

  test('a namespace more costs no heartbeat', async () => {
    const beats: number[] = []
    for (const namespaces of [1, 1_000]) {
      const clock = new FakeClock()
      const broker = new WatchedBroker(new MemoryHub().newBroker())
      const io = new Server({ adapter: createAdapter(broker, { clock }) })
      for (let i = 1; i < namespaces; i++) io.of(`/n${i}`)
      await clock.run(60_000)
      beats.push(kindsOf(broker.published).filter((kind) => kind === kinds.beat).length)
      // The rest is one hello.
      assert.equal(broker.published.length, (beats.at(-1) ?? 0) + 1)
      await closeAdapters(io)
    }
    assert.deepEqual(beats, [24, 24])
  })

  test('a receiving node hands on the very bytes, and decodes none of them', () =>
    withNodes({ nodes: 2 }, async ({ ground }) => {
      await ground.people(2)
      const parse = JSON.parse
      let parsed = 0
      JSON.parse = (...args: Parameters<typeof parse>) => {
        if (args[0].includes('untouched')) parsed += 1
        return parse(...args)
      }
      try {
        ground.io(0).emit('a', 'untouched')
        assert.deepEqual(await ground.heard(), Array(2).fill([['a', 'untouched']]))
        // Those of the clients, which are in this process too.
        assert.equal(parsed, 2)
      } finally {
        JSON.parse = parse
      }
    }))
})

suite('joining', () => {
  test('await socket.join() means that the broker is subscribed', () =>
    withNodes({ nodes: 2 }, async ({ ground, brokers }) => {
      const [pair, other] = await ground.people(2)
      assert.ok(pair && other && brokers[0])
      let open = () => {}
      brokers[0].gate = new Promise((resolve) => {
        open = resolve
      })
      let joined = 0
      const first = Promise.resolve(pair.socket.join('r')).then(() => (joined += 1))
      // Who comes while the subscription is on its way waits for it as well.
      const second = Promise.resolve(pair.socket.join('r')).then(() => (joined += 1))
      await settle()
      assert.equal(joined, 0)
      open()
      await Promise.all([first, second])
      ground.io(1).to('r').emit('a')
      assert.deepEqual(await ground.heard([pair]), [[['a']]])
    }))

  test('the last one leaves as another joins, a thousand times, and the room still hears', () =>
    withNodes({ nodes: 2 }, async ({ ground, brokers }) => {
      const [a, , b] = await ground.people(4)
      assert.ok(a && b)
      for (let i = 0; i < 1_000; i++) {
        const [comes, goes] = i % 2 === 0 ? [a, b] : [b, a]
        if (i % 3 === 0) {
          void goes.socket.leave('r')
          void comes.socket.join('r')
        } else {
          void comes.socket.join('r')
          void goes.socket.leave('r')
        }
        if (i % 100 === 0) await settle()
      }
      await b.socket.join('r')
      void a.socket.leave('r')
      ground.io(1).to('r').emit('a')
      assert.deepEqual(await ground.heard([a, b]), [[], [['a']]])
      void b.socket.leave('r')
      await settle()
      assert.equal(
        [...(brokers[0]?.topics ?? [])].some((topic) => topic.endsWith('/r')),
        false,
      )
    }))

  test('who disconnects leaves no topic behind', () =>
    withNodes({ nodes: 1 }, async ({ ground, brokers }) => {
      const before = brokers[0]?.topics.size
      const pairs = await ground.people(3)
      for (const { socket } of pairs) await socket.join(['r', 's'])
      for (const { client } of pairs) client.disconnect()
      await until('they are gone', () => pairs.every(({ socket }) => !socket.connected))
      assert.equal(brokers[0]?.topics.size, before)
    }))
})

suite('names and rooms of sockets', () => {
  test('who left the room of its own is still left out of its own broadcasts', () =>
    withNodes({ nodes: 2 }, async ({ ground }) => {
      const [a, b] = await ground.people(2)
      assert.ok(a && b)
      void a.socket.leave(a.socket.id)
      a.socket.broadcast.emit('a')
      ground.io(1).except(a.socket.id).emit('b')
      const [toA, toB] = await ground.heard([a, b])
      assert.deepEqual([toA, toB?.flat().sort()], [[], ['a', 'b']])
    }))

  test('without default rooms none is kept, not even an entry', () =>
    withNodes({ nodes: 2, adapter: { defaultRoom: false } }, async ({ ground }) => {
      const [a, b] = await ground.people(2)
      assert.ok(a && b)
      await a.socket.join('r')
      assert.deepEqual([...ground.adapter(0).rooms.keys()], ['r'])
      assert.deepEqual([...a.socket.rooms], ['r'])
      // It cannot be left either: it is the socket itself.
      void a.socket.leave(a.socket.id)
      ground.io(1).to(a.socket.id).emit('a')
      ground.io(1).to([a.socket.id, 'r']).emit('b')
      assert.deepEqual(await ground.heard([a, b]), [[['a'], ['b']], []])
      a.client.disconnect()
      await until('it is gone', () => !a.socket.connected)
      assert.equal(ground.adapter(0).rooms.size + ground.adapter(0).sids.size, 0)
    }))
})

suite('slow readers', () => {
  test('past the limit of unsent bytes the connection is closed, and nobody else notices', () =>
    withNodes({ nodes: 1, adapter: { bytesQueuedMax: 4_000_000 } }, async ({ ground }) => {
      const [fine] = await ground.people(1)
      assert.ok(fine)
      const io = ground.io(0)
      const connected = new Promise<string>((resolve) =>
        io.once('connection', ({ id }) => resolve(id)),
      )
      const reader = await StillReader.open((io.httpServer.address() as { port: number }).port)
      const id = await connected
      const text = 'x'.repeat(100_000)
      let emitted = 0
      await until('it is cut off', async () => {
        io.emit('a', text)
        emitted += 1
        return !io.of('/').sockets.has(id)
      })
      assert.deepEqual(
        ground.events[0]?.filter(({ kind }) => kind === 'cut-off'),
        [{ kind: 'cut-off', nsp: '/', socketId: id }],
      )
      const [events] = await ground.heard([fine])
      assert.equal(events?.length, emitted)
      reader.close()
    }))
})

suite('starting and stopping', () => {
  test('connection state recovery is refused when the server is made', () => {
    const adapter = createAdapter(new MemoryHub().newBroker())
    assert.throws(
      () => new Server({ adapter, connectionStateRecovery: {} }),
      /connectionStateRecovery/,
    )
  })

  test('an option that cannot be is refused by name', () => {
    const broker = new MemoryHub().newBroker()
    for (const option of ['heartbeatMs', 'deadAfterMs', 'requestTimeoutMs', 'bytesQueuedMax']) {
      assert.throws(() => createAdapter(broker, { [option]: 0 }), new RegExp(option))
    }
    createAdapter(broker, { bytesQueuedMax: Number.POSITIVE_INFINITY })
  })

  test('one call serves one server', async () => {
    const adapter = createAdapter(new MemoryHub().newBroker())
    const io = new Server({ adapter })
    assert.throws(() => new Server({ adapter }), /one adapter serves one Server/)
    await closeAdapters(io)
    assert.throws(() => new Server({ adapter }), /closed/)
  })

  test('closing twice is closing once, and nothing is left', async () => {
    const clock = new FakeClock()
    const hub = new MemoryHub()
    const broker = new WatchedBroker(hub.newBroker())
    const io = new Server({ adapter: createAdapter(broker, { clock }) })
    io.of('/a')
    await clock.run(10_000)
    const { adapter } = io.of('/a')
    await closeAdapters(io)
    await Promise.all([adapter.close(), adapter.close()])
    assert.deepEqual([broker.stops, hub.topics, clock.timers], [1, 0, 0])
    assert.equal(kindsOf(broker.published).filter((kind) => kind === kinds.bye).length, 1)
    const { exchange } = adapter as FanoutAdapter
    io.emit('a')
    assert.equal(exchange.counters.framesDropped, 1)
  })

  test('rubbish on a topic is counted and dropped', () =>
    withNodes({ nodes: 2 }, async ({ ground, brokers }) => {
      await ground.people(2)
      const { exchange } = ground.adapter(0)
      ground.io(1).emit('a')
      await ground.heard()
      const frame = Buffer.from(brokers[0]?.received.at(-1)?.frame ?? [])
      const broken = Buffer.concat([frame.subarray(0, -1), Buffer.from([1, 1])])
      for (const bytes of [Buffer.alloc(0), Buffer.from('rubbish'), broken]) {
        brokers[0]?.receive('madang:a:/', bytes)
      }
      frame[2] = 99
      brokers[0]?.receive('madang:a:/', frame)
      assert.deepEqual([exchange.counters.framesMalformed, exchange.counters.framesForeign], [3, 1])
      ground.io(1).emit('b')
      assert.deepEqual(await ground.heard(), [[['b']], [['b']]])
    }))
})
