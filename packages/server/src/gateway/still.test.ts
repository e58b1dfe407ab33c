// A node that stood still does nothing of what it was asked before: whoever asked may have gone, and heard another answer elsewhere.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Clock, systemClock } from '../clock.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'
import { given } from './testing/given.ts'
import type { MemoryClient } from './testing/memory-wire.ts'
import { type Answer, connect } from './testing/test-client.ts'

const { pauseMsMax, pauseRetryMs, stillMsMax } = GATEWAY_BOUNDS

/** A node that stands still when the test says so, and timers that fire when it says so, too. */
async function scene(t: TestContext, options: Parameters<typeof given>[1] = {}) {
  let stoodStillMs = 0
  const timers: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + stoodStillMs,
    every(ms, run) {
      timers.push(run)
      return systemClock.every(ms, run)
    },
  }
  const world = await given(t, { ...options, clock })
  const client = await connect(world.node, world.ann, {})
  return {
    ...world,
    client,
    standStill: (ms: number) => {
      stoodStillMs += ms + 1
    },
    fireTimers: () => {
      for (const fire of timers) fire()
    },
    stills: () => world.reported.filter((line) => line.startsWith('stood still')),
  }
}

describe('a node that stood still for longer than clients wait for a broken connection', () => {
  it('does not do what it finds in its connections, and closes all of them', async (t) => {
    const { node, ann, bob, core, channelId, client, standStill } = await scene(t)
    const other = await connect(node, bob)
    const before = await client.ask('send', { channelId, clientId: 'before', text: 'before' })
    standStill(stillMsMax)
    void client.memory.request('send', { channelId, clientId: 'buffered', text: 'buffered' })
    for (const { memory } of [client, other]) assert.equal(memory.closedBy?.reconnect, true)
    const { channels } = await core.reading.belongings(ann.person.id)
    assert.equal(channels.find(({ id }) => id === channelId)?.head, before.seq)
  })

  it('closes them where a timer fires before they are read, too', async (t) => {
    const { client, standStill, fireTimers } = await scene(t)
    standStill(stillMsMax)
    fireTimers()
    assert.equal(client.memory.closedBy?.reconnect, true)
  })
})

describe('a node that stood still for seconds', () => {
  it('does nothing for anybody who was there until two pongs have come', async (t) => {
    const { node, ann, bob, channelId, client, standStill, reported } = await scene(t)
    const { seq: target } = await client.ask('send', { channelId, clientId: 'c', text: 'first' })
    const [other, quick] = [await connect(node, bob), await connect(node, ann)]
    for (const { memory } of [client, other]) memory.isStill = true
    standStill(pauseMsMax)
    const edit = { channelId, target, text: 'stale' }
    const refused = (await client.memory.request('edit', edit)) as Answer
    assert.deepEqual(
      [refused.ok, refused.error?.code, refused.error?.retryAfterMs],
      [false, 'unavailable', pauseRetryMs],
    )
    assert.equal(await other.refusal('history', { channelId }), 'unavailable')
    client.memory.pong()
    assert.equal(await client.refusal('edit', edit), 'unavailable')
    client.memory.pong()
    assert.equal((await client.ask('edit', { ...edit, text: 'anew' })).ok, true)
    assert.equal(await other.refusal('read', { channelId, cursor: 1 }), 'unavailable')
    // Whoever answered its pings at once is served at once.
    assert.equal((await quick.ask('history', { channelId })).ok, true)
    assert.equal(reported.filter((line) => line === 'distrusted').length, 4)
  })

  it('finds it out once, by whatever comes first, and never doubts who comes afterwards', async (t) => {
    const { node, ann, channelId, client, standStill, fireTimers, stills } = await scene(t)
    client.memory.isStill = true
    standStill(pauseMsMax)
    fireTimers()
    for (let i = 0; i < 3; i++) await client.refusal('history', { channelId })
    fireTimers()
    assert.deepEqual(stills(), ['stood still doubted 1'])
    standStill(pauseMsMax)
    const late = await connect(node, ann)
    late.memory.isStill = true
    await client.refusal('history', { channelId })
    fireTimers()
    assert.equal((await late.ask('history', { channelId })).ok, true)
    assert.deepEqual(stills(), ['stood still doubted 1', 'stood still doubted 1'])
    assert.equal(client.memory.pings.length, 2)
  })

  it('for less than that goes on as if nothing had happened', async (t) => {
    const { channelId, client, standStill, fireTimers, stills } = await scene(t)
    client.memory.isStill = true
    for (let i = 0; i < 3; i++) {
      standStill(pauseMsMax / 2)
      fireTimers()
      assert.equal((await client.ask('history', { channelId })).ok, true)
    }
    assert.deepEqual(stills(), [])
  })

  it('does not do what it was looking something up for', async (t) => {
    const { node, core, bob, standStill } = await scene(t, {
      ...{ welcomes: true, options: { dialects: ['rooms'] } },
    })
    const [began, found] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const room = core.channels.room.bind(core.channels)
    t.mock.method(core.channels, 'room', async (...asked: Parameters<typeof room>) => {
      began.resolve()
      await found.promise
      return room(...asked)
    })
    const speaker = await node.wire.connect({ auth: { token: bob.token } })
    speaker.isStill = true
    const joining = speaker.request('joinRoom', 'lobby')
    await began.promise
    standStill(pauseMsMax)
    found.resolve()
    assert.equal(((await joining) as Answer).error?.code, 'unavailable')
    for (let i = 0; i < 2; i++) speaker.pong()
    assert.equal(((await speaker.request('joinRoom', 'lobby')) as Answer).ok, true)
  })

  it('refuses in the words of each dialect, in all namespaces of a client', async (t) => {
    const { node, ann, bob, channelId, communityId, standStill } = await scene(t, {
      ...{ welcomes: true, options: { dialects: ['rooms', 'communities'] } },
    })
    const auth = { token: bob.token }
    const both = {}
    const namespace = `/socket/commu-${communityId}`
    const rooms = await node.wire.connect({ auth, client: both })
    const chats = await node.wire.connect({ auth, namespace, client: both })
    const stock = await node.wire.connect({ auth: { token: ann.token, wire: 1 } })
    for (const each of [rooms, chats, stock]) each.isStill = true
    const chat = { chatType: 'new', channelId, content: 'x' }
    const asked: readonly (readonly [MemoryClient, string, unknown])[] = [
      [rooms, 'joinRoom', 'lobby'],
      [rooms, 'sendMessage', 'hello'],
      [chats, 'join', { channels: [channelId] }],
      [chats, 'chat', chat],
      [chats, 'chat', { ...chat, chatType: 'modify', id: 1 }],
      [chats, 'chat', { chatType: 'unknown' }],
      [stock, 'send', { channelId, clientId: 'c', text: 'x' }],
      [stock, 'leave', { channelId }],
    ]
    standStill(pauseMsMax)
    for (const [client, event, payload] of asked) {
      const { error, written } = (await client.request(event, payload)) as Answer
      assert.deepEqual([error?.code, written ?? false], ['unavailable', false], event)
    }
    for (let i = 0; i < 2; i++) {
      const waiting = [rooms, chats].filter(({ pings }) => pings.length > 0)
      assert.equal(waiting.length, 1, 'one ping for both')
      waiting[0]?.pong()
    }
    assert.equal(((await rooms.request('joinRoom', 'lobby')) as Answer).ok, true)
    assert.equal(((await chats.request('chat', chat)) as Answer).written, true)
    stock.pong()
    stock.pong()
    assert.equal(((await stock.request('history', { channelId })) as Answer).ok, true)
  })
})
