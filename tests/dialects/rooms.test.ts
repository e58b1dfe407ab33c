// Stock clients in rooms, against real nodes: what the tutorials write runs as it is, and goes on by itself wherever a node ends.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { need } from '../services/part.ts'
import { redis } from '../services/redis.ts'
import { newStage, type StockClient } from './stage.ts'

const { skip } = await need(redis)

const rooms = (client: StockClient) =>
  client.told.flatMap(({ event, args }) => (event === 'welcome' ? [args[0] as Welcome] : [])).at(-1)
    ?.rooms ?? []
interface Welcome {
  readonly rooms: readonly { readonly roomId: string }[]
  readonly userId: string
  readonly token: string
}

const firstOf = (client: StockClient): Welcome => {
  const welcome = client.told.find(({ event }) => event === 'welcome')
  assert.ok(welcome)
  return welcome.args[0] as Welcome
}
const userOf = (client: StockClient) => firstOf(client).userId
const idsOf = (client: StockClient) =>
  client.told.flatMap(({ event, args }) =>
    event === 'message' ? [(args[0] as { id: string }).id] : [],
  )
const inRoom = (client: StockClient) => client.told.some(({ event }) => event === 'joined')
const welcomed = (times: number) => (client: StockClient) =>
  client.told.filter(({ event }) => event === 'welcome').length >= times

for (const transports of [['polling', 'websocket'], ['websocket']] as const) {
  it(`rooms over ${transports.join(' and ')}`, { skip }, async (t) => {
    const stage = await newStage(t, await redis.start())

    await t.test(
      'serve two clients on two nodes as the tutorial has them, and a message with no room',
      async () => {
        const { nodes, client } = stage
        const [one, two] = nodes.map(({ url }) => client(url, { transports: [...transports] }))
        assert.ok(one && two)
        for (const { socket } of [one, two]) {
          socket.on('connect', () => {
            socket.emit('joinRoom', 'test-room')
          })
        }
        await Promise.all([one.until(inRoom), two.until(inRoom)])
        one.socket.emit('sendMessage', 'test-room', {
          content: 'Hello from Socket 1!',
          type: 'text',
        })
        await two.until((c) => c.said().length === 1)
        one.socket.emit('sendMessage', 'helloTest')
        one.socket.emit('sendMessage', { roomId: 'test-room', content: 'Load test', type: 'text' })
        await two.until((c) => c.said().includes('Load test'))
        const ack = await two.socket.emitWithAck('sendMessage', 'test-room', {
          content: 'answered',
        })
        assert.equal(ack.ok, true)
        const all = ['Hello from Socket 1!', 'Load test', 'answered', 'helloTest']
        for (const each of [one, two]) {
          await each.until((c) => c.said().length === 4)
          assert.deepEqual([...each.said()].sort(), all)
        }
        const { messages } = await two.socket.emitWithAck('history', 'test-room')
        assert.deepEqual(
          messages.map(({ content }: { content: string }) => content),
          ['Hello from Socket 1!', 'Load test', 'answered'],
        )
      },
    )

    await t.test(
      'go on after a kill, on another node, with nothing lost and nothing of their own',
      async () => {
        const reader = stage.client(stage.url, { transports: [...transports] })
        const writer = stage.client(stage.nodes[1].url, { transports: ['websocket'] })
        for (const { socket } of [reader, writer]) {
          socket.once('connect', () => socket.emit('joinRoom', 'test-room'))
        }
        await Promise.all([reader.until(inRoom), writer.until(inRoom)])
        const say = (content: string) =>
          writer.socket.emitWithAck('sendMessage', 'test-room', content)
        await say('before')
        await reader.until((c) => c.said().includes('before'))
        const user = userOf(reader)
        stage.turn(1)
        const killed = stage.nodes[0].kill('SIGKILL')
        for (const content of ['while 1', 'while 2', 'while 3']) await say(content)
        await killed
        await reader.until(welcomed(2))
        await say('after')
        await reader.until((c) => c.said().includes('after'))
        // Of rooms that no offset named, the last seconds are said again.
        const said = reader.said().filter((content) => content !== 'helloTest')
        assert.deepEqual(said, ['before', 'while 1', 'while 2', 'while 3', 'after'])
        assert.deepEqual(reader.connects, [false, true])
        assert.deepEqual(
          rooms(reader)
            .map(({ roomId }) => roomId)
            .sort(),
          ['general', 'test-room'],
        )
        const [sent] = await Promise.all([
          reader.socket.emitWithAck('sendMessage', 'test-room', 'me'),
        ])
        assert.equal(sent.ok, true)
        await writer.until((c) => c.said().includes('me'))
        const mine = writer.told.find(
          ({ args }) => (args[0] as { content?: string }).content === 'me',
        )
        assert.ok(mine)
        assert.equal((mine.args[0] as { userId: string }).userId, user)
      },
    )
  })
}

describe('stock clients in rooms', { skip, concurrency: false }, () => {
  it('are moved by a drain without a message twice, though they are in several rooms', async (t) => {
    const stage = await newStage(t, await redis.start())
    const reader = stage.client(stage.url)
    const writer = stage.client(stage.nodes[1].url)
    for (const { socket } of [reader, writer]) {
      socket.once('connect', () => {
        socket.emit('joinRoom', 'one')
        socket.emit('joinRoom', 'two')
      })
    }
    const both = (c: StockClient) => c.told.filter(({ event }) => event === 'joined').length === 2
    await Promise.all([reader.until(both), writer.until(both)])
    const wanted: string[] = []
    const say = async (room: string, content: string) => {
      wanted.push(content)
      await writer.socket.emitWithAck('sendMessage', room, content)
    }
    for (let i = 0; i < 5; i++) {
      await say('one', `one ${i}`)
      await say('two', `two ${i}`)
    }
    await reader.until((c) => c.said().length === 10)
    stage.turn(1)
    stage.nodes[0].signal('SIGTERM')
    await reader.until(({ socket }) => !socket.connected)
    await say('one', 'while one')
    await say('two', 'while two')
    await reader.until(welcomed(2))
    await say('one', 'after')
    await reader.until((c) => c.said().includes('after'))
    assert.deepEqual([...reader.said()].sort(), wanted.sort())
    assert.deepEqual(reader.connects, [false, true])
  })

  it('get nothing of what came after they were removed while they were away', async (t) => {
    const stage = await newStage(t, await redis.start())
    const reader = stage.client(stage.url)
    const writer = stage.client(stage.nodes[1].url)
    for (const { socket } of [reader, writer]) {
      socket.once('connect', () => socket.emit('joinRoom', 'secret'))
    }
    await Promise.all([reader.until(inRoom), writer.until(inRoom)])
    const say = (content: string) => writer.socket.emitWithAck('sendMessage', 'secret', content)
    await say('before')
    await reader.until((c) => c.said().includes('before'))
    stage.turn(undefined)
    await stage.nodes[0].kill('SIGKILL')
    await say('also before')
    // Rooms belong to the server, so that nobody can be put out of one: they leave by another connection of theirs.
    const { token } = firstOf(reader)
    const other = stage.client(stage.nodes[1].url, { auth: { token } })
    await other.until(welcomed(1))
    assert.equal((await other.socket.emitWithAck('leaveRoom', 'secret')).ok, true)
    await say('after')
    stage.turn(1)
    await reader.until(welcomed(2))
    await say('later')
    await reader.socket.emitWithAck('sendMessage', 'end')
    await reader.until((c) => c.said().includes('end'))
    assert.ok(!reader.said().includes('after') && !reader.said().includes('later'))
    assert.deepEqual(
      rooms(reader).map(({ roomId }) => roomId),
      ['general'],
    )
    assert.equal(reader.connects[1], false)
    assert.equal((await reader.socket.emitWithAck('sendMessage', 'secret', 'let me')).ok, false)
  })

  it('on two nodes that stay', async (t) => {
    const stage = await newStage(t, await redis.start())

    await t.test(
      'repeat rather than lose where only one of several rooms is known, under the same ids',
      async () => {
        const reader = stage.client(stage.url)
        const writer = stage.client(stage.nodes[1].url)
        for (const { socket } of [reader, writer]) {
          socket.once('connect', () => {
            for (const room of ['one', 'two', 'three']) socket.emit('joinRoom', room)
          })
        }
        const all = (c: StockClient) =>
          c.told.filter(({ event }) => event === 'joined').length === 3
        await Promise.all([reader.until(all), writer.until(all)])
        const wanted = new Set<string>()
        const say = async (room: string) => {
          const { id } = await writer.socket.emitWithAck('sendMessage', room, 'x')
          wanted.add(id)
        }
        for (const room of ['one', 'two', 'three', 'one']) await say(room)
        await reader.until((c) => idsOf(c).length === 4)
        reader.drop()
        for (const room of ['two', 'three', 'two']) await say(room)
        await reader.until(welcomed(2))
        assert.deepEqual(new Set(idsOf(reader)), wanted)
        assert.equal(new Set(idsOf(reader).slice(4)).size, idsOf(reader).length - 4)
      },
    )

    await t.test('share channels with clients that speak our own words', async () => {
      const native = await stage.guest('native')
      const room = stage.client(stage.url)
      room.socket.once('connect', () => room.socket.emit('joinRoom', 'shared'))
      await room.until(inRoom)
      const ours = stage.client(stage.nodes[1].url, { auth: { token: native.token, wire: 1 } })
      await ours.until((c) => c.told.some(({ event }) => event === 'ready'))
      const { channels } = await stage
        .rest(native.token)
        .call('listChannels', { params: { communityId: '00000000-0000-7000-8000-000000000001' } })
      const channelId = channels.find(({ name }) => name === 'shared')?.id
      assert.ok(channelId)
      assert.equal((await ours.socket.emitWithAck('join', { channelId })).ok, true)
      const send = { channelId, clientId: 'c1', text: 'from a native' }
      const sent = await ours.socket.emitWithAck('send', send)
      await room.until((c) => c.said().includes('from a native'))
      const edit = { channelId, target: sent.seq, text: 'edited' }
      await ours.socket.emitWithAck('edit', edit)
      await room.until((c) => c.said('messageEdited').includes('edited'))
      await ours.socket.emitWithAck('delete', { channelId, target: sent.seq })
      await room.until((c) => c.told.some(({ event }) => event === 'messageDeleted'))
      await room.socket.emitWithAck('sendMessage', 'shared', 'from a room')
      const heard = (c: StockClient) =>
        c.told.some(({ args }) => (args[0] as { text?: string }).text === 'from a room')
      await ours.until(heard)
      ours.drop()
      await room.socket.emitWithAck('sendMessage', 'shared', 'missed')
      await ours.until((c) => c.told.filter(({ event }) => event === 'ready').length === 2)
      const again = ours.told.filter(({ event }) => event === 'ready').at(-1)?.args[0] as {
        replays: { events: { text?: string }[] }[]
      }
      const missed = again.replays.flatMap(({ events }) => events.map(({ text }) => text))
      assert.ok(missed.includes('missed'))
      assert.deepEqual(ours.connects, [false, true])
    })

    await t.test(
      'are strangers with a pass that is forged, foreign, of another browser or of nobody any more',
      async () => {
        const { url } = stage.nodes[0]
        const one = stage.client(url)
        await one.until(welcomed(1))
        const pid: unknown = Reflect.get(one.socket, '_pid')
        const offset: unknown = Reflect.get(one.socket, '_lastOffset')
        assert.ok(typeof pid === 'string' && typeof offset === 'string')
        const user = userOf(one)
        const same = stage.client(url, { auth: { pid, offset } })
        await same.until(welcomed(1))
        assert.equal(userOf(same), user)
        const flipped = `${pid.slice(0, -4)}AAAA`
        const person = await stage.guest('person')
        const shown: Record<string, unknown>[] = [
          { auth: { pid: flipped, offset } },
          { auth: { pid: 'x'.repeat(5_000), offset } },
          { auth: { pid: { length: 1 }, offset: [] } },
          { auth: { pid, offset, token: person.token } },
          {
            auth: { pid, offset },
            extraHeaders: { 'user-agent': 'another' },
            transports: ['polling'],
          },
        ]
        for (const options of shown) {
          const thief = stage.client(url, options)
          await thief.until(welcomed(1))
          assert.notEqual(userOf(thief), user, JSON.stringify(options))
          assert.notEqual(Reflect.get(thief.socket, '_pid'), pid)
        }
        const { token } = firstOf(one)
        await stage.rest(token).call('deleteSession')
        const late = stage.client(url, { auth: { pid, offset } })
        await late.until(welcomed(1))
        assert.notEqual(userOf(late), user)
      },
    )
  })
})
