// A namespace for each community, with the stock client of Socket.IO against real nodes: who may enter, what is said to whom, and what is left when a node ends.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Manager } from 'socket.io-client'
import { need } from '../services/part.ts'
import { redis } from '../services/redis.ts'
import { newStage, type Stage, type StockClient } from './stage.ts'

const { skip } = await need(redis)

interface Person {
  readonly id: string
  readonly token: string
}

/** A community of the owner's with a second channel, and these members in both. */
async function newPlace(stage: Stage, owner: Person, members: readonly Person[]) {
  const rest = stage.rest(owner.token)
  const made = await rest.call('createCommunity', { body: { name: 'Home' } })
  const communityId = made.community.id
  const [general] = made.channels
  assert.ok(general)
  const { channel } = await rest.call('createChannel', {
    params: { communityId },
    body: { name: 'second', kind: 'text' },
  })
  for (const { id, token } of members) {
    const params = { communityId, personId: id }
    await stage.rest(token).call('setCommunityMember', { params, body: {} })
    const second = { channelId: channel.id, personId: id }
    await stage.rest(token).call('setChannelMember', { params: second, body: {} })
  }
  return { communityId, general: general.id, second: channel.id }
}

const entered = (times: number) => (client: StockClient) =>
  client.told.filter(({ event }) => event === 'entered').length >= times
const refused = (client: StockClient) =>
  new Promise<string>((resolve) => {
    client.socket.on('connect_error', ({ message }) => resolve(message))
  })

it('communities', { skip }, async (t) => {
  const stage = await newStage(t, await redis.start())
  const [ann, bob, eve] = [
    await stage.guest('ann'),
    await stage.guest('bob'),
    await stage.guest('eve'),
  ]
  const { communityId, general, second } = await newPlace(stage, ann, [bob])
  const home = `/socket/commu-${communityId}`
  const enter = (url: string, { token }: Person, namespace = home) =>
    stage.client(`${url}${namespace}`, { auth: { token } })

  await t.test('let in nobody but members, and tell nobody else that they are there', async () => {
    const { url } = stage
    const nowhere = '/socket/commu-01234567-89ab-7def-8123-456789abcdef'
    assert.equal(await refused(enter(url, eve)), 'not_found')
    assert.equal(await refused(enter(url, bob, nowhere)), 'not_found')
    assert.equal(await refused(enter(url, bob, '/socket/commu-x')), 'Invalid namespace')
    assert.equal(await refused(stage.client(`${url}${home}`)), 'unauthenticated')
  })

  await t.test(
    'tell the others what is new, modified and deleted, and the author in the answer',
    async () => {
      const a = enter(stage.nodes[0].url, ann)
      const b = enter(stage.nodes[1].url, bob)
      await Promise.all([a.until(entered(1)), b.until(entered(1))])
      for (const { socket } of [a, b]) {
        const { ok, channels } = await socket.emitWithAck('join', { channels: [general] })
        assert.equal(ok, true)
        assert.equal(channels[0].channelId, general)
      }
      const chat = (what: object) => a.socket.emitWithAck('chat', { channelId: general, ...what })
      const one = await chat({ chatType: 'new', content: 'hi' })
      assert.equal(one.written, true)
      assert.equal(one.chatInfo.content, 'hi')
      const { id } = one.chatInfo
      assert.equal((await chat({ chatType: 'modify', id, content: 'hi!' })).written, true)
      assert.equal((await chat({ chatType: 'delete', id })).written, true)
      await b.until((c) => c.told.some(({ event }) => event === 'delete-chat'))
      const words = (c: StockClient) => c.told.map(({ event }) => event)
      const chats = words(b).filter((event) => event.endsWith('-chat'))
      assert.deepEqual(chats, ['new-chat', 'modify-chat', 'delete-chat'])
      assert.ok(!words(a).some((event) => event.endsWith('-chat')))
      // Not joined on this socket: a notice, and not a word of what was said.
      await a.socket.emitWithAck('join', { channels: [second] })
      await a.socket.emitWithAck('chat', { chatType: 'new', channelId: second, content: 'there' })
      await b.until((c) => c.told.some(({ event }) => event === 'unread'))
      assert.deepEqual(b.said('new-chat'), ['hi'])
      // The answer to joining has what came before, and the hall hears of all communities.
      const { channels } = await b.socket.emitWithAck('join', { channels: [second] })
      assert.deepEqual(channels[0].chats[0].content, 'there')
      const read = await b.socket.emitWithAck('read', { channelId: second, id: channels[0].head })
      assert.equal(read.unread, 0)
      const hall = enter(stage.nodes[1].url, bob, '/socket')
      await hall.until(entered(1))
      await a.socket.emitWithAck('chat', { chatType: 'new', channelId: second, content: 'again' })
      await hall.until((c) => c.told.some(({ event }) => event === 'unread'))
    },
  )

  await t.test('refuse what no member may do, and what is no request', async () => {
    const other = await newPlace(stage, bob, [ann])
    const a = enter(stage.url, ann)
    await a.until(entered(1))
    const ask = (event: string, ...args: unknown[]) => a.socket.emitWithAck(event, ...args)
    const chat = (what: object) => ask('chat', what)
    const fields = { chatType: 'new', content: 'x' }
    for (const channelId of [other.general, '01234567-89ab-7def-8123-456789abcdef']) {
      const { written, chatInfo, error } = await chat({ ...fields, channelId })
      assert.deepEqual([written, chatInfo, error.code], [false, null, 'not_found'])
    }
    assert.equal((await ask('join', { channels: [other.general] })).refused.length, 1)
    assert.equal((await ask('history', { channelId: other.general })).error.code, 'not_found')
    for (const wrong of [{ channelId: 7 }, { channelId: general, content: '' }, { content: {} }]) {
      assert.equal((await chat({ ...fields, channelId: general, ...wrong })).error.code, 'invalid')
    }
    assert.equal((await ask('join', { channels: 'all' })).error.code, 'invalid')
    assert.equal((await ask('chat', 'text')).error.code, 'invalid')
    assert.equal((await ask('toString', {})).error.code, 'unknown_event')
    assert.equal((await ask('send', { channelId: general })).error.code, 'unknown_event')
  })

  await t.test(
    'go on after a kill where they were joined, and not where one was put out',
    async () => {
      const a = enter(stage.nodes[1].url, ann)
      const b = enter(stage.url, bob)
      await Promise.all([a.until(entered(1)), b.until(entered(1))])
      for (const { socket } of [a, b]) {
        await socket.emitWithAck('join', { channels: [general, second] })
      }
      const say = (channelId: string, content: string) =>
        a.socket.emitWithAck('chat', { chatType: 'new', channelId, content })
      await say(general, 'before')
      await say(second, 'before, too')
      await b.until((c) => c.said('new-chat').includes('before, too'))
      stage.turn(undefined)
      await stage.nodes[0].kill('SIGKILL')
      await say(general, 'while')
      const params = { channelId: second, personId: bob.id }
      await stage.rest(ann.token).call('deleteChannelMember', { params })
      await say(second, 'secret')
      stage.turn(1)
      await b.until(entered(2))
      await say(general, 'after')
      await b.until((c) => c.said('new-chat').includes('after'))
      const said = b.said('new-chat')
      assert.ok(said.includes('while') && !said.includes('secret'))
      assert.equal(said.filter((content) => content === 'while').length, 1)
      // Out of the community is out of the namespace, for good.
      const gone = { communityId, personId: bob.id }
      const over = new Promise((resolve) => b.socket.once('disconnect', resolve))
      await stage.rest(ann.token).call('deleteCommunityMember', { params: gone })
      assert.equal(await over, 'io server disconnect')
      b.socket.connect()
      assert.equal(await refused(b), 'not_found')
    },
  )

  await t.test(
    'come back joined where they were, or to all of theirs where only one channel is known',
    async () => {
      const a = enter(stage.nodes[1].url, ann)
      await a.until(entered(1))
      const joined = () => {
        const told = a.told.filter(({ event }) => event === 'entered').at(-1)
        assert.ok(told)
        return [...(told.args[0] as { joined: string[] }).joined].sort()
      }
      await a.socket.emitWithAck('join', { channels: [general] })
      a.drop()
      await a.until(entered(2))
      assert.deepEqual(joined(), [general])
      const b = enter(stage.nodes[1].url, ann)
      await b.until(entered(1))
      await b.socket.emitWithAck('chat', { chatType: 'new', channelId: general, content: 'last' })
      await a.until((c) => c.said('new-chat').includes('last'))
      a.drop()
      await a.until(entered(3))
      assert.deepEqual(joined(), [general, second].sort())
    },
  )

  await t.test('share one connection, one identity and one budget', async () => {
    const places = [await newPlace(stage, ann, []), await newPlace(stage, ann, [])]
    const manager = new Manager(stage.nodes[1].url, { transports: ['websocket'] })
    const auth = { token: ann.token }
    const sockets = [
      home,
      '/socket',
      ...places.map((place) => `/socket/commu-${place.communityId}`),
    ].map((namespace) => manager.socket(namespace, { auth }))
    t.after(() => {
      for (const socket of sockets) socket.disconnect()
    })
    await Promise.all(
      sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', resolve))),
    )
    const stranger = manager.socket(`/socket/commu-${places[0]?.communityId}x`, { auth })
    const named = new Promise((resolve) => stranger.once('connect_error', resolve))
    assert.equal(((await named) as Error).message, 'Invalid namespace')
    const [first] = sockets
    assert.ok(first)
    // Left and entered again, on the same connection.
    first.disconnect()
    first.connect()
    await new Promise<void>((resolve) => first.once('connect', resolve))
    assert.equal((await first.emitWithAck('join', { channels: [general] })).ok, true)
  })
})
