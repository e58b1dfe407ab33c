import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { MyChannel, Person } from '@madang/protocol'
import { type Ground, logOf, refuses, startGround, yard } from '../ground.case.ts'

interface World extends Ground {
  readonly founder: Person
  readonly ann: Person
  readonly bob: Person
  readonly channel: MyChannel
}

/** Ann and Bob in a public text channel that the founder owns. */
async function world(t: TestContext, kind: 'text' | 'live' = 'text'): Promise<World> {
  const ground = await startGround(t)
  const { founder, community } = await yard(ground)
  const [ann, bob] = [await ground.person('Ann'), await ground.person('Bob')]
  await ground.settle(community, [ann, bob])
  const communityId = community.id
  const channel = await ground.core.channels.create(founder, { communityId, kind, name: 'talk' })
  for (const person of [ann, bob]) await ground.core.channels.join(person, channel.id)
  ground.outlet.calls.length = 0
  ground.outlet.events.length = 0
  ground.outlet.notices.length = 0
  return { ...ground, founder, ann, bob, channel }
}

test('a message is committed, and told once', async (t) => {
  const { core, outlet, store, clock, ann, channel } = await world(t)
  const sent = await core.messages.send(ann, { channelId: channel.id, clientId: 'a1', text: 'hi' })
  const log = await logOf(store, channel.id)
  assert.deepEqual(sent, {
    id: log.at(-1)?.id,
    seq: log.length,
    createdAt: clock.now(),
    duplicate: false,
  })
  assert.deepEqual(outlet.calls, [[log.at(-1)]])
  assert.deepEqual(outlet.notices, [])
})

test('a retry gets the first answer, and is not told again', async (t) => {
  const { core, outlet, clock, ann, channel } = await world(t)
  const message = { channelId: channel.id, clientId: 'a1', text: 'hi' }
  const first = await core.messages.send(ann, message)
  clock.nowMs += 5_000
  const retry = await core.messages.send(ann, message)
  assert.deepEqual(retry, { ...first, duplicate: true })
  assert.equal(outlet.events.length, 1)
})

test('the same client id twice at the same time is one event, and equal answers', async (t) => {
  const { core, outlet, store, ann, channel } = await world(t)
  const message = { channelId: channel.id, clientId: 'a1', text: 'hi' }
  const answers = await Promise.all([
    core.messages.send(ann, message),
    core.messages.send(ann, message),
    core.messages.send(ann, message),
  ])
  assert.deepEqual(answers.map(({ duplicate }) => duplicate).sort(), [false, true, true])
  const places = answers.map(({ id, seq, createdAt }) => JSON.stringify({ id, seq, createdAt }))
  assert.equal(new Set(places).size, 1)
  const created = (await logOf(store, channel.id)).filter(({ kind }) => kind === 'created')
  assert.equal(created.length, 1)
  assert.deepEqual(outlet.events, created)
})

test('the same client id on two nodes at the same time is one event, told by one of them', async (t) => {
  const { core, outlet, store, otherNode, ann, channel } = await world(t)
  const other = otherNode()
  const message = { channelId: channel.id, clientId: 'a1', text: 'hi' }
  await Promise.all([core.messages.send(ann, message), other.core.messages.send(ann, message)])
  assert.equal(outlet.events.length + other.outlet.events.length, 1)
  assert.equal((await logOf(store, channel.id)).filter(({ kind }) => kind === 'created').length, 1)
})

test('a client id is its author’s own', async (t) => {
  const { core, ann, bob, channel } = await world(t)
  const message = { channelId: channel.id, clientId: 'same', text: 'hi' }
  const [one, two] = [
    await core.messages.send(ann, message),
    await core.messages.send(bob, message),
  ]
  assert.notEqual(one.id, two.id)
  assert.equal(two.duplicate, false)
})

test('a client id that stands for a message of another channel is a conflict', async (t) => {
  const { core, founder, channel, ann } = await world(t)
  const { communityId } = channel
  const other = await core.channels.create(founder, { communityId, kind: 'text', name: 'other' })
  await core.channels.join(ann, other.id)
  await core.messages.send(ann, { channelId: channel.id, clientId: 'a1', text: 'hi' })
  await refuses(
    core.messages.send(ann, { channelId: other.id, clientId: 'a1', text: 'hi' }),
    'conflict',
  )
})

test('whoever was removed before the answer reached them still finds out what became of the message', async (t) => {
  const { core, founder, ann, channel } = await world(t)
  const message = { channelId: channel.id, clientId: 'a1', text: 'hi' }
  const sent = await core.messages.send(ann, message)
  await core.channels.kick(founder, { channelId: channel.id, personId: ann.id })
  assert.deepEqual(await core.messages.send(ann, message), { ...sent, duplicate: true })
  await refuses(core.messages.send(ann, { ...message, clientId: 'a2' }), 'not_member')
})

test('the author may edit and delete, others may not, moderators may', async (t) => {
  const { core, store, founder, ann, bob, channel } = await world(t)
  const { id: channelId } = channel
  const { seq: target } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  await refuses(core.messages.edit(bob, { channelId, target, text: 'ho' }), 'forbidden')
  await refuses(core.messages.delete(bob, { channelId, target }), 'forbidden')
  assert.deepEqual(await core.messages.edit(ann, { channelId, target, text: 'hello' }), {
    seq: target + 1,
  })
  assert.deepEqual(await core.messages.edit(founder, { channelId, target, text: 'hullo' }), {
    seq: target + 2,
  })
  assert.deepEqual(await core.messages.delete(founder, { channelId, target }), { seq: target + 3 })
  const message = (await logOf(store, channelId)).find(({ seq }) => seq === target)
  assert.equal(message?.kind === 'created' && message.text, null)
})

test('deleting twice is deleting once, and what is deleted cannot be edited', async (t) => {
  const { core, outlet, ann, channel } = await world(t)
  const { id: channelId } = channel
  const { seq: target } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  const first = await core.messages.delete(ann, { channelId, target })
  assert.deepEqual(await core.messages.delete(ann, { channelId, target }), first)
  await refuses(core.messages.edit(ann, { channelId, target, text: 'ho' }), 'message_deleted')
  assert.equal(outlet.events.length, 2)
})

test('an edit to the same text changes nothing', async (t) => {
  const { core, outlet, ann, channel } = await world(t)
  const { id: channelId } = channel
  const { seq: target } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  assert.deepEqual(await core.messages.edit(ann, { channelId, target, text: 'hi' }), {
    seq: target,
  })
  assert.equal(outlet.events.length, 1)
})

test('an edit is idempotent by its client id', async (t) => {
  const { core, outlet, ann, channel } = await world(t)
  const { id: channelId } = channel
  const { seq: target } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  const edit = { channelId, target, text: 'ho', clientId: 'a2' }
  const [one, two] = await Promise.all([
    core.messages.edit(ann, edit),
    core.messages.edit(ann, edit),
  ])
  assert.deepEqual(one, two)
  assert.equal(outlet.events.length, 2)
})

for (const target of [1, 99]) {
  test(`what is no message cannot be edited or deleted (seq ${target})`, async (t) => {
    const { core, founder, channel } = await world(t)
    const { id: channelId } = channel
    await refuses(core.messages.edit(founder, { channelId, target, text: 'ho' }), 'not_found')
    await refuses(core.messages.delete(founder, { channelId, target }), 'not_found')
  })
}

test('a question of a live channel is moved on by moderators', async (t) => {
  const { core, founder, ann, channel } = await world(t, 'live')
  const { id: channelId } = channel
  const lane = 'question'
  const { seq: target } = await core.messages.send(ann, {
    channelId,
    clientId: 'q',
    text: '?',
    lane,
  })
  await refuses(core.messages.question(ann, { channelId, target, state: 'picked' }), 'forbidden')
  const picked = await core.messages.question(founder, { channelId, target, state: 'picked' })
  assert.deepEqual(
    await core.messages.question(founder, { channelId, target, state: 'picked' }),
    picked,
  )
  const { seq } = await core.messages.send(ann, { channelId, clientId: 'c', text: 'chat' })
  await refuses(
    core.messages.question(founder, { channelId, target: seq, state: 'picked' }),
    'not_found',
  )
})

test('lanes other than chat are for live channels', async (t) => {
  const { core, founder, channel } = await world(t)
  const message = { channelId: channel.id, clientId: 'x', text: '?' }
  for (const lane of ['question', 'notice'] as const) {
    await refuses(core.messages.send(founder, { ...message, lane }), 'invalid')
  }
})

test('in a direct channel nobody touches what the other wrote, whatever they are in the community', async (t) => {
  const { core, founder, ann, channel } = await world(t)
  const { communityId } = channel
  const direct = await core.channels.direct(ann, { communityId, personId: founder.id })
  const channelId = direct.id
  const { seq: target } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  await refuses(core.messages.edit(founder, { channelId, target, text: 'ho' }), 'forbidden')
  await refuses(core.messages.delete(founder, { channelId, target }), 'forbidden')
  await refuses(core.messages.delete(founder, { channelId, target: 99 }), 'not_found')
  const own = await core.messages.send(founder, { channelId, clientId: 'f1', text: 'hi' })
  await core.messages.edit(founder, { channelId, target: own.seq, text: 'hello' })
  await core.messages.delete(ann, { channelId, target })
})

test('sending moves the author’s cursor, and nobody else’s', async (t) => {
  const { core, ann, bob, channel } = await world(t)
  const { id: channelId } = channel
  const { seq } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  const mine = await core.reading.readable(ann, channelId)
  const theirs = await core.reading.readable(bob, channelId)
  assert.deepEqual([mine.cursor, mine.unread], [seq, 0])
  assert.deepEqual([theirs.cursor < seq, theirs.unread], [true, 1])
})

test('a channel that does not exist is not found, by any word', async (t) => {
  const { core, ann } = await world(t)
  const channelId = '00000000-0000-7000-8000-00000000dead'
  const calls = [
    core.messages.send(ann, { channelId, clientId: 'a', text: 'x' }),
    core.messages.send(ann, { channelId, clientId: 'b', text: 'x', lane: 'question' }),
    core.messages.edit(ann, { channelId, target: 1, text: 'x' }),
    core.messages.delete(ann, { channelId, target: 1 }),
    core.messages.question(ann, { channelId, target: 1, state: 'picked' }),
    core.reading.history(ann, { channelId }),
    core.reading.events(ann, { channelId, after: 0 }),
    core.reading.read(ann, { channelId, cursor: 1 }),
    core.reading.readable(ann, channelId),
    core.channels.get(ann, channelId),
    core.channels.join(ann, channelId),
    core.channels.leave(ann, channelId),
    core.channels.members(ann, channelId, { limit: 10 }),
    core.channels.rename(ann, { channelId, name: 'x' }),
    core.channels.kick(ann, { channelId, personId: ann.id }),
  ]
  await Promise.all(calls.map((call) => refuses(call, 'not_found')))
})
