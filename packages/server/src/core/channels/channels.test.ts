import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { LIMITS, type MyChannel, type MyCommunity, type Person } from '@madang/protocol'
import { type Ground, logOf, refuses, startGround, yard } from '../ground.case.ts'

interface World extends Ground {
  readonly founder: Person
  readonly ann: Person
  readonly bob: Person
  readonly community: MyCommunity
  readonly channel: MyChannel
}

async function world(t: TestContext): Promise<World> {
  const ground = await startGround(t)
  const { founder, community } = await yard(ground)
  const [ann, bob] = [await ground.person('Ann'), await ground.person('Bob')]
  await ground.settle(community, [ann, bob])
  const what = { communityId: community.id, kind: 'text', name: 'talk' } as const
  const channel = await ground.core.channels.create(founder, what)
  ground.outlet.notices.length = 0
  ground.outlet.calls.length = 0
  return { ...ground, founder, ann, bob, community, channel }
}

test('whoever makes a channel owns it, and it is public where nothing is said', async (t) => {
  const { channel, store, founder } = await world(t)
  assert.deepEqual(
    [channel.role, channel.visibility, channel.kind, channel.name, channel.topic, channel.head],
    ['owner', 'public', 'text', 'talk', '', 1],
  )
  const [joined] = await logOf(store, channel.id)
  assert.equal(joined?.kind === 'joined' && joined.subject.id, founder.id)
})

test('what is made is told once, and noticed by its maker', async (t) => {
  const { core, outlet, store, ann, community } = await world(t)
  const what = {
    communityId: community.id,
    kind: 'text',
    visibility: 'private',
    name: 'mine',
  } as const
  const made = await core.channels.create(ann, what)
  assert.deepEqual(outlet.calls, [await logOf(store, made.id)])
  assert.deepEqual(outlet.take(ann), [{ kind: 'channel', channelId: made.id }])
})

test('names and topics are kept in one form', async (t) => {
  const { core, founder, community } = await world(t)
  const what = {
    communityId: community.id,
    kind: 'text',
    name: 'cafe\u0301',
    topic: 'o\u0308',
  } as const
  const { id, name, topic } = await core.channels.create(founder, what)
  assert.deepEqual([name, topic], ['café', 'ö'])
  const renamed = await core.channels.rename(founder, { channelId: id, name: 'u\u0308' })
  assert.deepEqual([renamed.name, renamed.topic], ['ü', 'ö'])
})

test('a rename is one event with both name and topic, and none where nothing changes', async (t) => {
  const { core, outlet, founder, channel } = await world(t)
  await core.channels.rename(founder, { channelId: channel.id, topic: 'news' })
  await core.channels.rename(founder, { channelId: channel.id, name: 'talk', topic: 'news' })
  assert.deepEqual(
    outlet.events.slice(-1).map((event) => event.kind === 'renamed' && [event.name, event.topic]),
    [['talk', 'news']],
  )
  assert.equal(outlet.calls.length, 1)
})

test('joining is told to the person, once', async (t) => {
  const { core, outlet, ann, channel } = await world(t)
  const { id: channelId } = channel
  const first = await core.channels.join(ann, channelId)
  assert.deepEqual([first.role, first.head, first.unread], ['member', 2, 0])
  assert.deepEqual(outlet.take(ann), [{ kind: 'channel', channelId }])
  assert.deepEqual(await core.channels.join(ann, channelId), first)
  assert.deepEqual([outlet.calls.length, outlet.notices.length], [1, 0])
})

test('joining twice at the same time is joining once', async (t) => {
  const { core, outlet, ann, channel } = await world(t)
  const [one, two] = await Promise.all([
    core.channels.join(ann, channel.id),
    core.channels.join(ann, channel.id),
  ])
  assert.deepEqual(one, two)
  assert.deepEqual([outlet.calls.length, outlet.notices.length], [1, 1])
})

test('leaving tells the person, and a retry gets the first answer', async (t) => {
  const { core, outlet, ann, channel } = await world(t)
  const { id: channelId } = channel
  await core.channels.join(ann, channelId)
  outlet.notices.length = 0
  const left = await core.channels.leave(ann, channelId)
  assert.deepEqual(outlet.take(ann), [{ kind: 'gone', channelId, reason: 'left' }])
  assert.deepEqual(await core.channels.leave(ann, channelId), left)
  assert.deepEqual(outlet.notices, [])
})

test('whoever was never there, or was removed, has nothing to leave', async (t) => {
  const { core, founder, ann, channel } = await world(t)
  const { id: channelId } = channel
  await refuses(core.channels.leave(ann, channelId), 'not_member')
  await core.channels.join(ann, channelId)
  await core.channels.kick(founder, { channelId, personId: ann.id })
  await refuses(core.channels.leave(ann, channelId), 'not_member')
})

test('the last owner stays while others are there', async (t) => {
  const { core, founder, ann, channel } = await world(t)
  const { id: channelId } = channel
  await core.channels.join(ann, channelId)
  await assert.rejects(core.channels.leave(founder, channelId), {
    body: {
      code: 'limit_reached',
      limit: 'ownersMin',
      retry: 'never',
      text: 'A limit is reached; `limit` names it.',
    },
  })
  await refuses(
    core.channels.setRole(founder, { channelId, personId: founder.id, role: 'member' }),
    'limit_reached',
  )
  await core.channels.setRole(founder, { channelId, personId: ann.id, role: 'owner' })
  await core.channels.leave(founder, channelId)
  await refuses(
    core.channels.setRole(ann, { channelId, personId: ann.id, role: 'member' }),
    'limit_reached',
  )
  await core.channels.leave(ann, channelId)
})

test('owners who step down or leave at the same time leave one behind', async (t) => {
  const { core, store, founder, ann, bob, channel } = await world(t)
  const { id: channelId } = channel
  for (const person of [ann, bob]) {
    await core.channels.join(person, channelId)
    await core.channels.setRole(founder, { channelId, personId: person.id, role: 'owner' })
  }
  await Promise.allSettled([
    core.channels.setRole(ann, { channelId, personId: ann.id, role: 'member' }),
    core.channels.leave(founder, channelId),
    core.channels.setRole(bob, { channelId, personId: bob.id, role: 'member' }),
    core.channels.leave(bob, channelId),
  ])
  const { members } = await store.channelMembers(channelId, { limit: 10 })
  assert.equal(members.filter(({ role }) => role === 'owner').length, 1)
})

test('two owners who kick each other do not both succeed', async (t) => {
  const { core, store, ann, bob, community } = await world(t)
  const what = { communityId: community.id, kind: 'text', name: 'ours' } as const
  const { id: channelId } = await core.channels.create(ann, what)
  await core.channels.join(bob, channelId)
  await core.channels.setRole(ann, { channelId, personId: bob.id, role: 'owner' })
  const outcomes = await Promise.allSettled([
    core.channels.kick(ann, { channelId, personId: bob.id }),
    core.channels.kick(bob, { channelId, personId: ann.id }),
  ])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal((await store.channelMembers(channelId, { limit: 10 })).members.length, 1)
})

test('what is decided about somebody who has become an owner meanwhile is decided anew', async (t) => {
  const { core, store, founder, ann, bob, channel, otherNode } = await world(t)
  const { id: channelId } = channel
  for (const person of [ann, bob]) await core.channels.join(person, channelId)
  const promoted = { channelId, personId: bob.id, role: 'owner' } as const
  let looks = 0
  const other = otherNode({
    store: {
      async channelStanding(id, personId) {
        const place = await store.channelStanding(id, personId)
        if (personId === bob.id && looks++ === 0) await core.channels.setRole(founder, promoted)
        return place
      },
    },
  })
  await refuses(other.core.channels.kick(founder, { channelId, personId: bob.id }), 'conflict')
  assert.equal((await store.channelStanding(channelId, bob.id))?.channelRole, 'owner')
})

for (const [name, doTo] of [
  ['kicked', 'kick'],
  ['banned', 'ban'],
] as const) {
  test(`whoever is ${name} is told so, reads nothing later, and the log says why`, async (t) => {
    const { core, outlet, store, founder, ann, channel } = await world(t)
    const { id: channelId } = channel
    await core.channels.join(ann, channelId)
    outlet.notices.length = 0
    const what = { channelId, personId: ann.id, reason: 'noise' }
    const { seq } = await core.channels[doTo](founder, what)
    const event = (await logOf(store, channelId)).at(-1)
    assert.equal(event?.kind === name && event.reason, 'noise')
    assert.deepEqual([event?.seq, event?.author.id], [seq, founder.id])
    assert.deepEqual(outlet.take(ann), [{ kind: 'gone', channelId, reason: name }])
    const code = name === 'banned' ? 'banned' : 'not_member'
    await refuses(core.reading.events(ann, { channelId, after: 0 }), code)
    await refuses(core.reading.history(ann, { channelId }), code)
    await refuses(core.reading.read(ann, { channelId, cursor: 1 }), code)
  })
}

test('whoever is banned stays out until the ban is lifted', async (t) => {
  const { core, founder, ann, bob, channel } = await world(t)
  const { id: channelId } = channel
  const what = { channelId, personId: ann.id }
  await core.channels.join(bob, channelId)
  const first = await core.channels.ban(founder, what)
  assert.deepEqual(await core.channels.ban(founder, what), first)
  await refuses(core.channels.join(ann, channelId), 'banned')
  await refuses(core.channels.invite(bob, what), 'forbidden')
  await core.channels.unban(founder, what)
  await refuses(core.channels.unban(founder, what), 'not_found')
  await core.channels.join(ann, channelId)
})

test('somebody banned from a live channel watches and asks there no more, and again when the ban is lifted', async (t) => {
  const { core, outlet, founder, ann, community } = await world(t)
  const what = { communityId: community.id, kind: 'live', name: 'show' } as const
  const { id: channelId } = await core.channels.create(founder, what)
  const question = { channelId, clientId: 'q1', text: '?', lane: 'question' } as const
  await core.messages.send(ann, question)
  await core.channels.ban(founder, { channelId, personId: ann.id })
  await refuses(core.messages.send(ann, { ...question, clientId: 'q2' }), 'banned')
  await refuses(core.reading.readable(ann, channelId), 'banned')
  outlet.notices.length = 0
  await core.channels.unban(founder, { channelId, personId: ann.id })
  assert.deepEqual(outlet.take(ann), [{ kind: 'channel', channelId }])
  await core.messages.send(ann, { ...question, clientId: 'q3' })
})

test('an invitation brings a member of the community in, and tells them', async (t) => {
  const { core, outlet, store, ann, bob, channel } = await world(t)
  const { id: channelId } = channel
  await core.channels.join(ann, channelId)
  outlet.notices.length = 0
  const mine = await core.channels.invite(ann, { channelId, personId: bob.id })
  assert.equal(mine.role, 'member')
  assert.deepEqual(outlet.take(bob), [{ kind: 'channel', channelId }])
  const event = (await logOf(store, channelId)).at(-1)
  assert.equal(event?.kind === 'invited' && event.subject.id, bob.id)
  assert.equal(event?.author.id, ann.id)
  await core.channels.invite(ann, { channelId, personId: bob.id })
  assert.deepEqual(outlet.notices, [])
})

test('who is not in the community, or not at all, cannot be invited', async (t) => {
  const { core, founder, person, community, channel, bob } = await world(t)
  const { id: channelId } = channel
  const stranger = await person('Stranger')
  await refuses(core.channels.invite(founder, { channelId, personId: stranger.id }), 'not_found')
  const nobody = '00000000-0000-7000-8000-00000000dead'
  await refuses(core.channels.invite(founder, { channelId, personId: nobody }), 'not_found')
  await core.communities.ban(founder, { communityId: community.id, personId: bob.id })
  await refuses(core.channels.invite(founder, { channelId, personId: bob.id }), 'not_found')
})

test('inviting oneself is joining', async (t) => {
  const { core, store, ann, channel } = await world(t)
  const what = { channelId: channel.id, personId: ann.id }
  assert.equal((await core.channels.invite(ann, what)).role, 'member')
  assert.equal((await logOf(store, channel.id)).at(-1)?.kind, 'joined')
})

test('an invitation past the bound of somebody’s channels is refused by its name', async (t) => {
  const { core, store, founder, ann, community, channel, clock } = await world(t)
  for (let made = 0; made < LIMITS.channelsPerPersonMax; made += 1) {
    const id = `00000000-0000-7000-8000-${made.toString().padStart(12, '0')}`
    const author = { id: ann.id, name: ann.name }
    await store.createChannel({
      id,
      communityId: community.id,
      kind: 'text',
      visibility: 'private',
      name: 'x',
      topic: '',
      createdAt: clock.now(),
      author,
      members: [{ person: author, role: 'owner', eventId: id }],
    })
  }
  const limit = (name: string) => (error: unknown) =>
    error instanceof Error && 'body' in error && (error.body as { limit?: string }).limit === name
  await assert.rejects(
    core.channels.invite(founder, { channelId: channel.id, personId: ann.id }),
    limit('channelsPerPersonMax'),
  )
  await assert.rejects(core.channels.join(ann, channel.id), limit('channelsPerPersonMax'))
  const what = { communityId: community.id, kind: 'text', name: 'more' } as const
  await assert.rejects(core.channels.create(ann, what), limit('channelsPerPersonMax'))
  await assert.rejects(
    core.channels.direct(founder, { communityId: community.id, personId: ann.id }),
    limit('channelsPerPersonMax'),
  )
})

test('a changed role is told to whom it concerns', async (t) => {
  const { core, outlet, founder, ann, channel } = await world(t)
  const { id: channelId } = channel
  await core.channels.join(ann, channelId)
  outlet.notices.length = 0
  const what = { channelId, personId: ann.id, role: 'moderator' } as const
  const changed = await core.channels.setRole(founder, what)
  assert.deepEqual(outlet.take(ann), [{ kind: 'channel', channelId }])
  assert.equal((await core.channels.get(ann, channelId)).role, 'moderator')
  assert.deepEqual(await core.channels.setRole(founder, what), changed)
  assert.deepEqual(outlet.notices, [])
})

test('the members are listed in pages, to those who read the channel', async (t) => {
  const { core, ann, bob, channel } = await world(t)
  await core.channels.join(ann, channel.id)
  const first = await core.channels.members(ann, channel.id, { limit: 1 })
  assert.deepEqual(
    first.members.map(({ person }) => person.name),
    ['Ann'],
  )
  const rest = await core.channels.members(ann, channel.id, {
    limit: 9,
    ...(first.next !== undefined && { after: first.next }),
  })
  assert.deepEqual(
    rest.members.map(({ person, role }) => [person.name, role]),
    [['Founder', 'owner']],
  )
  await refuses(core.channels.members(bob, channel.id, { limit: 1 }), 'not_member')
})

test('a list holds the public channels and one’s own', async (t) => {
  const { core, founder, ann, bob, community, person } = await world(t)
  const communityId = community.id
  await core.channels.create(founder, {
    communityId,
    kind: 'text',
    visibility: 'private',
    name: 'secret',
  })
  await core.channels.create(founder, { communityId, kind: 'live', name: 'show' })
  await core.channels.direct(ann, { communityId, personId: bob.id })
  const names = async (by: Person) =>
    (await core.channels.list(by, communityId)).map(({ kind, name }) => name || kind).sort()
  assert.deepEqual(await names(ann), ['direct', 'general', 'show', 'talk'])
  assert.deepEqual(await names(founder), ['general', 'secret', 'show', 'talk'])
  await refuses(names(await person('Stranger')), 'not_member')
})
