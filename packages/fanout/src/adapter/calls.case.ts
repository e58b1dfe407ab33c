/** What an application sees of acknowledgements, of sockets elsewhere and of namespaces, whatever carries them. Each case gets its own servers. */
import assert from 'node:assert/strict'
import { until } from '../testing/adapter-ground.ts'
import { type Case, far, idsOf, room } from './ground.case.ts'

const acks: Record<string, Case> = {
  'emitWithAck gathers the answers of all clients': async (ground) => {
    const pairs = await room(ground)
    for (const [i, { client }] of pairs.entries()) {
      client.on('ask', (n: number, bytes: Buffer, done: (answer: unknown) => void) =>
        done([n + i, bytes]),
      )
    }
    const answers: unknown[] = await far(ground)
      .to('r')
      .timeout(10_000)
      .emitWithAck('ask', 10, Buffer.from('x'))
    const sorted = (answers as [number, Buffer][]).sort(([a], [b]) => a - b)
    assert.deepEqual(
      sorted,
      [10, 11, 12, 13].map((n) => [n, Buffer.from('x')]),
    )
    assert.deepEqual(await far(ground).to('nobody').timeout(10_000).emitWithAck('ask'), [])
  },

  'a client that does not answer is a timeout with what the others said': async (ground) => {
    const pairs = await room(ground)
    for (const { client } of pairs.slice(1))
      client.on('ask', (done: (answer: string) => void) => done('yes'))
    const asked = far(ground).to('r').timeout(300).emitWithAck('ask')
    await assert.rejects(asked, (error: Error & { responses?: unknown }) => {
      assert.equal(error.message, 'operation has timed out')
      assert.deepEqual(error.responses, ['yes', 'yes', 'yes'])
      return true
    })
    // Nothing is kept for an answer that nobody waits for.
    await until('no acknowledgement is open', () =>
      pairs.every(
        ({ socket }) => (Reflect.get(socket, 'acks') as Map<unknown, unknown>).size === 0,
      ),
    )
  },

  'the callback of broadcastWithAck counts each node once': async (ground) => {
    const pairs = await room(ground)
    for (const { client } of pairs) client.on('ask', (done: (answer: number) => void) => done(1))
    let clients = 0
    let nodes = 0
    let answers = 0
    const opts = { rooms: new Set(['r']), except: new Set<string>(), flags: { timeout: 10_000 } }
    const onCount = (count: number) => {
      clients += count
      nodes += 1
    }
    const onAck = () => {
      answers += 1
    }
    ground.adapter(0).broadcastWithAck({ type: 2, data: ['ask'] }, opts, onCount, onAck)
    await until('all answered', () => answers === 4 && nodes === ground.nodes.length)
    assert.equal(clients, 4)
  },
}

const sockets: Record<string, Case> = {
  'fetchSockets finds sockets with their data, rooms and handshake': async (ground) => {
    const pairs = await room(ground)
    for (const [i, { socket }] of pairs.entries()) socket.data = { i, bytes: Buffer.from([i]) }
    assert.deepEqual((await far(ground).fetchSockets()).map(({ id }) => id).sort(), idsOf(pairs))
    const found = await far(ground)
      .in('r')
      .except(idsOf(pairs.slice(0, 1)))
      .fetchSockets()
    assert.deepEqual(found.map(({ id }) => id).sort(), idsOf(pairs.slice(1, 4)))
    for (const one of found) {
      const pair = pairs.find(({ socket }) => socket.id === one.id)
      assert.deepEqual(one.data, pair?.socket.data)
      assert.deepEqual(one.rooms, pair?.socket.rooms)
      assert.equal(one.handshake.url, pair?.socket.handshake.url)
    }
    const [first] = pairs
    const [byId, ...rest] = await far(ground)
      .in(first?.socket.id ?? '')
      .fetchSockets()
    assert.deepEqual([byId?.id, rest], [first?.socket.id, []])
  },

  'allSockets says the ids': async (ground) => {
    const pairs = await room(ground)
    assert.deepEqual([...(await far(ground).allSockets())].sort(), idsOf(pairs))
    assert.deepEqual([...(await far(ground).in('r').allSockets())].sort(), idsOf(pairs.slice(0, 4)))
  },

  'a fetched socket emits, asks, joins, leaves and disconnects': async (ground) => {
    const pairs = await ground.people(3)
    for (const { client } of pairs)
      client.on('ask', (done: (answer: string | undefined) => void) => done(client.id))
    const ids = new Map(pairs.map((pair) => [pair.socket.id, pair]))
    for (const one of await far(ground).fetchSockets()) {
      one.emit('hello', one.id)
      assert.equal(await one.timeout(10_000).emitWithAck('ask'), one.id)
      one.join('joined')
    }
    far(ground).to('joined').emit('here')
    const lists = await ground.heard()
    for (const [i, { socket }] of pairs.entries()) {
      assert.deepEqual(
        lists[i]?.filter(([event]) => event !== 'ask'),
        [['hello', socket.id], ['here']],
      )
    }
    for (const one of await far(ground).in('joined').fetchSockets()) {
      one.leave('joined')
      one.disconnect()
    }
    await until('all are gone', () => [...ids.values()].every(({ socket }) => !socket.connected))
  },

  'socketsJoin and socketsLeave hold for the emits after them': async (ground) => {
    await room(ground)
    far(ground).in('r').socketsJoin(['s', 't'])
    far(ground).to('s').emit('a')
    assert.deepEqual(await ground.heard(), [...Array(4).fill([['a']]), [], []])
    far(ground).in('s').socketsLeave('t')
    far(ground).to('t').emit('b')
    assert.deepEqual((await ground.heard()).flat(), [])
    far(ground).in('r').socketsLeave('s')
    far(ground).to('s').emit('c')
    assert.deepEqual((await ground.heard()).flat(), [])
  },

  'awaited, addSockets means that every node is subscribed': async (ground) => {
    await ground.people(6)
    const everybody = { rooms: new Set<string>(), except: new Set<string>() }
    await ground.adapter(0).addSockets(everybody, ['s'])
    for (const io of ground.nodes) io.to('s').emit('a')
    assert.deepEqual(await ground.heard(), Array(6).fill(Array(ground.nodes.length).fill(['a'])))
    await ground.adapter(0).delSockets(everybody, ['s'])
    for (const io of ground.nodes) io.to('s').emit('b')
    assert.deepEqual((await ground.heard()).flat(), [])
  },

  'a goodbye arrives before disconnectSockets': async (ground) => {
    // A polling client that closes by itself leaves a timer of Engine.IO behind.
    const pairs = await ground.people(6, '/', ['websocket'])
    for (const { socket } of pairs.slice(0, 4)) await socket.join('r')
    const kept = pairs.map(({ heard }) => heard)
    far(ground).to('r').emit('bye')
    far(ground).in('r').disconnectSockets(true)
    await until('they are gone', () => pairs.slice(0, 4).every(({ client }) => client.disconnected))
    assert.deepEqual(kept.slice(0, 4), Array(4).fill([['bye']]))
    assert.deepEqual(
      pairs.slice(4).map(({ client }) => client.connected),
      [true, true],
    )
  },
}

const namespaces: Record<string, Case> = {
  'namespaces and their rooms do not mix': async (ground) => {
    const nsp = '/a,b'
    for (const io of ground.nodes) io.of(nsp)
    await until(
      'all have it',
      async () => (await far(ground).of(nsp).adapter.serverCount()) === ground.nodes.length,
    )
    const [main] = await ground.people(3)
    const other = await ground.people(3, '/other')
    for (const pair of other) await pair.socket.join('r')
    await main?.socket.join('r')
    far(ground).of('/other').to('r').emit('a')
    far(ground).to('r').emit('b')
    assert.deepEqual(await ground.heard(), [[['b']], [], [], ...Array(3).fill([['a']])])
  },

  'namespaces of a pattern come and go': async (ground) => {
    for (const io of ground.nodes) io.of(/^\/dyn-\d+$/)
    for (let round = 0; round < 3; round++) {
      const pairs = await ground.people(ground.nodes.length, '/dyn-1')
      const nsp = far(ground).of('/dyn-1')
      await until(
        'all have it',
        async () => (await nsp.adapter.serverCount()) === ground.nodes.length,
      )
      nsp.emit('a', round)
      assert.deepEqual(await ground.heard(pairs), Array(pairs.length).fill([['a', round]]))
      for (const { client } of pairs) client.disconnect()
      await until('all left', () => pairs.every(({ socket }) => !socket.connected))
    }
  },
}

export const callCases: Readonly<Record<string, Case>> = { ...acks, ...sockets, ...namespaces }
