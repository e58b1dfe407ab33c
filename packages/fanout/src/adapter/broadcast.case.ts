/** What an application sees of rooms and of events, whatever carries them. Each case gets its own servers. */
import assert from 'node:assert/strict'
import { until } from '../testing/adapter-ground.ts'
import { type Case, far, idsOf, room } from './ground.case.ts'

const rooms: Record<string, Case> = {
  'io.emit reaches everybody': async (ground) => {
    await ground.people(6)
    ground.io(0).emit('a', 1)
    assert.deepEqual(await ground.heard(), Array(6).fill([['a', 1]]))
  },

  'to(room) reaches its members, from any node': async (ground) => {
    await room(ground)
    far(ground).to('r').emit('a')
    ground.io(0).in('r').emit('b')
    for (const events of (await ground.heard()).map((one) => one.flat().sort().join())) {
      assert.ok(events === 'a,b' || events === '')
    }
    far(ground).to('r').emit('c')
    assert.deepEqual(await ground.heard(), [...Array(4).fill([['c']]), [], []])
  },

  'who is in two rooms gets an emit to both once': async (ground) => {
    const pairs = await room(ground)
    for (const { socket } of pairs.slice(2)) await socket.join('s')
    far(ground).to('r').to(['s', 'nobody']).emit('a')
    assert.deepEqual(await ground.heard(), Array(6).fill([['a']]))
  },

  'an emit to very many rooms reaches each member once': async (ground) => {
    const pairs = await ground.people(3)
    const names = Array.from({ length: 100 }, (_, i) => `room ${i}`)
    for (const { socket } of pairs) await socket.join(names.slice(10, 30))
    far(ground).to(names).emit('a')
    assert.deepEqual(await ground.heard(), Array(3).fill([['a']]))
  },

  'except leaves out rooms and ids': async (ground) => {
    const pairs = await room(ground)
    const ids = idsOf(pairs.slice(1, 2))
    far(ground).except('r').emit('a')
    assert.deepEqual(await ground.heard(), [[], [], [], [], [['a']], [['a']]])
    far(ground).to('r').except(ids).emit('b')
    assert.deepEqual(await ground.heard(), [[['b']], [], [['b']], [['b']], [], []])
  },

  'socket.broadcast and socket.to leave out the sender alone': async (ground) => {
    const [first] = await room(ground)
    first?.socket.broadcast.emit('a')
    assert.deepEqual(await ground.heard(), [[], ...Array(5).fill([['a']])])
    first?.socket.to('r').emit('b')
    assert.deepEqual(await ground.heard(), [[], ...Array(3).fill([['b']]), [], []])
  },

  'to(id) reaches that socket, from any node': async (ground) => {
    const pairs = await ground.people(3)
    for (const { socket } of pairs) for (const io of ground.nodes) io.to(socket.id).emit('a')
    const each = Array(ground.nodes.length).fill(['a'])
    assert.deepEqual(await ground.heard(), Array(3).fill(each))
  },

  'local serves the node alone': async (ground) => {
    const pairs = await ground.people(3)
    ground.io(0).local.emit('a')
    const expected = pairs.map(({ socket }) =>
      ground.io(0).of('/').sockets.has(socket.id) ? [['a']] : [],
    )
    assert.deepEqual(await ground.heard(), expected)
  },

  'who left gets nothing': async (ground) => {
    const pairs = await room(ground)
    for (const { socket } of pairs.slice(0, 3)) void socket.leave('r')
    far(ground).to('r').emit('a')
    assert.deepEqual(await ground.heard(), [[], [], [], [['a']], [], []])
  },

  'names of any kind are names': async (ground) => {
    const pairs = await ground.people(6)
    const [first, ...others] = pairs
    assert.ok(first)
    const names = [
      '__proto__',
      'constructor',
      'A'.repeat(20),
      '마당 🏕',
      '',
      ' ',
      'a:b*>',
      'x'.repeat(5_000),
      '\ud83d',
    ]
    // Socket.IO takes numbers too, and tells 1 from "1".
    for (const name of [...names, 1 as unknown as string, '1']) {
      for (const { socket } of others.slice(0, 2)) await socket.join(name)
      for (const io of ground.nodes) io.to(name).emit('a')
      const each = Array(ground.nodes.length).fill(['a'])
      assert.deepEqual(await ground.heard(), [[], each, each, [], [], []], name)
      for (const { socket } of others.slice(0, 2)) void socket.leave(name)
    }
  },

  'a room may be named like the id of somebody else': async (ground) => {
    const [a, b, c] = await ground.people(3)
    assert.ok(a && b && c)
    await b.socket.join(a.socket.id)
    far(ground).to(a.socket.id).emit('a')
    assert.deepEqual(await ground.heard(), [[['a']], [['a']], []])
    a.socket.broadcast.emit('b')
    assert.deepEqual(await ground.heard(), [[], [], [['b']]])
    void b.socket.leave(a.socket.id)
    far(ground).to(a.socket.id).emit('c')
    assert.deepEqual(await ground.heard(), [[['c']], [], []])
  },

  'who joins between two emits gets the second, who leaves the first': async (ground) => {
    const pairs = await room(ground)
    const [first] = pairs
    const last = pairs.at(-1)
    far(ground).to('r').emit('a')
    await ground.heard()
    await last?.socket.join('r')
    far(ground).to('r').emit('b')
    assert.deepEqual(await ground.heard(), [...Array(4).fill([['b']]), [], [['b']]])
    void first?.socket.leave('r')
    far(ground).to('r').emit('c')
    assert.deepEqual(await ground.heard(), [[], ...Array(3).fill([['c']]), [], [['c']]])
  },

  'who joins before it is connected gets what comes once it is': async (ground) => {
    const [first, second] = await ground.people(2)
    await first?.socket.join('r')
    await second?.socket.join('r')
    ground.io(0).use(async (socket, next) => {
      await socket.join('r')
      // While it is not there yet, both lists of whom to write to are asked for.
      ground.io(0).to('r').emit('early')
      ground.io(0).emit('early')
      next()
    })
    const late = await ground.connect(0)
    ground.io(0).to('r').emit('a')
    ground.io(0).emit('b')
    const heard = await ground.heard([late])
    assert.deepEqual(heard, [[['a'], ['b']]])
    // And who is gone is missed by nobody.
    late.client.disconnect()
    await until('it is gone', () => !late.socket.connected)
    far(ground).to('r').emit('c')
    assert.equal(
      (await ground.heard([first, second].filter((one) => one !== undefined)))
        .flat()
        .filter(([event]) => event === 'c').length,
      2,
    )
  },

  'rooms tell when they come and go': async (ground) => {
    const [pair] = await ground.people(1)
    assert.ok(pair)
    const told: string[] = []
    for (const event of ['create-room', 'join-room', 'leave-room', 'delete-room']) {
      ground.adapter(0).on(event, (name: string) => told.push(`${event} ${name}`))
    }
    await pair.socket.join('r')
    void pair.socket.leave('r')
    assert.deepEqual(told, ['create-room r', 'join-room r', 'leave-room r', 'delete-room r'])
  },
}

const events: Record<string, Case> = {
  'an emit to a room and one to a socket keep their order': async (ground) => {
    const pairs = await room(ground)
    for (const { socket } of pairs.slice(0, 4)) {
      ground.io(0).to('r').emit('room')
      socket.emit('one')
      socket.nsp.to('r').emit('room')
    }
    const lists = await ground.heard()
    for (const [i, { socket }] of pairs.slice(0, 4).entries()) {
      const near = socket.nsp.server === ground.io(0)
      const names = (lists[i] ?? []).flat()
      const at = names.indexOf('one')
      // On its own node each emit of a room is there before the next to the socket.
      if (near)
        assert.equal(names.slice(0, at).filter((name) => name === 'room').length >= i + 1, true)
      assert.equal(names.filter((name) => name === 'room').length, 8)
    }
  },

  'arguments are those of the emit, even if they change later': async (ground) => {
    await ground.people(3)
    const args = { text: 'now', deep: [1] }
    const bytes = Buffer.from('now')
    ground.io(0).emit('a', args)
    ground.io(0).emit('b', bytes)
    args.text = 'later'
    args.deep.push(2)
    const [first] = await ground.heard()
    assert.deepEqual(first, [
      ['a', { text: 'now', deep: [1] }],
      ['b', Buffer.from('now')],
    ])
  },

  'binary, empty and odd arguments arrive': async (ground) => {
    await ground.people(6)
    const args = [Buffer.alloc(200, 7), { in: [new Uint8Array([1, 2])] }, null, 'é\u2028🏕']
    far(ground).emit('a', ...args)
    far(ground).emit('b')
    far(ground).emit('c', { _placeholder: true, num: 0 })
    far(ground).emit('d', 'x'.repeat(70_000), Buffer.alloc(70_000))
    for (const events of await ground.heard()) {
      const [a, b, c, d] = events
      assert.equal(events.length, 4)
      assert.deepEqual([a?.[1], a?.[3], a?.[4]], [args[0], null, 'é\u2028🏕'])
      assert.deepEqual([b, c], [['b'], ['c', { _placeholder: true, num: 0 }]])
      assert.deepEqual(d, ['d', 'x'.repeat(70_000), Buffer.alloc(70_000)])
    }
  },

  'more attachments than a server takes from a client arrive': async (ground) => {
    await ground.people(3)
    const parts = Array.from({ length: 10 }, (_, i) => Buffer.from([i]))
    far(ground).emit('a', parts)
    assert.deepEqual(await ground.heard(), Array(3).fill([['a', parts]]))
  },

  'what cannot be encoded throws, and nobody gets anything': async (ground) => {
    await ground.people(3)
    assert.throws(() => ground.io(0).emit('a', 1n), TypeError)
    const circle: { self?: unknown } = {}
    circle.self = circle
    assert.throws(() => ground.io(0).emit('a', circle))
    assert.deepEqual(await ground.heard(), [[], [], []])
  },

  'volatile and compress arrive like any other where the client keeps up': async (ground) => {
    await ground.people(3)
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
    far(ground).compress(false).emit('a')
    assert.deepEqual(await ground.heard(), Array(3).fill([['a']]))
    const [ws] = await ground.people(1)
    assert.ok(ws)
    ground.io(0).volatile.emit('b')
    assert.deepEqual(await ground.heard([ws]), [[['b']]])
  },

  'outgoing listeners see what leaves, wherever it comes from': async (ground) => {
    const pairs = await ground.people(3)
    const seen: unknown[][] = []
    for (const { socket } of pairs) socket.onAnyOutgoing((...args: unknown[]) => seen.push(args))
    far(ground).emit('a', { b: 1 }, Buffer.from('c'))
    const lists = await ground.heard()
    assert.equal(lists.flat().length, 3)
    const outgoing = seen.filter(([event]) => event !== 'end')
    assert.deepEqual(outgoing, Array(3).fill(['a', { b: 1 }, Buffer.from('c')]))
  },
}

export const broadcastCases: Readonly<Record<string, Case>> = { ...rooms, ...events }
