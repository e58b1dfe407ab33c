import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { LIMITS, type MyChannel, type MyCommunity, type Person } from '@madang/protocol'
import { type Ground, logOf, outcomeOf, refuses, startGround, yard } from '../ground.case.ts'

interface World extends Ground {
  readonly founder: Person
  readonly ann: Person
  readonly bob: Person
  readonly community: MyCommunity
  readonly general: MyChannel
}

async function world(t: TestContext): Promise<World> {
  const ground = await startGround(t)
  const { founder, community, general } = await yard(ground)
  const [ann, bob] = [await ground.person('Ann'), await ground.person('Bob')]
  ground.outlet.notices.length = 0
  ground.outlet.calls.length = 0
  ground.outlet.events.length = 0
  return { ...ground, founder, ann, bob, community, general }
}

test('whoever makes a community owns it and its general channel', async (t) => {
  const { core, outlet, ann } = await world(t)
  const { community, channels } = await core.communities.create(ann, { name: 'Cafe\u0301' })
  assert.deepEqual(
    [community.name, community.visibility, community.role],
    ['Café', 'public', 'owner'],
  )
  assert.deepEqual(
    channels.map(({ name, kind, visibility, role }) => [name, kind, visibility, role]),
    [['general', 'text', 'public', 'owner']],
  )
  assert.deepEqual(
    outlet.take(ann).map(({ kind }) => kind),
    ['community', 'channel'],
  )
  assert.deepEqual(
    outlet.events.map(({ kind }) => kind),
    ['joined'],
  )
})

test('joining brings one into general, and tells both', async (t) => {
  const { core, outlet, ann, community, general } = await world(t)
  const mine = await core.communities.join(ann, community.id)
  assert.deepEqual([mine.id, mine.role], [community.id, 'member'])
  assert.equal((await core.channels.get(ann, general.id)).role, 'member')
  assert.deepEqual(outlet.take(ann), [
    { kind: 'community', communityId: community.id },
    { kind: 'channel', channelId: general.id },
  ])
  assert.deepEqual(await core.communities.join(ann, community.id), mine)
  assert.deepEqual([outlet.notices.length, outlet.calls.length], [0, 1])
})

test('an invitation brings somebody into general too, and the log says by whom', async (t) => {
  const { core, outlet, store, founder, ann, community, general } = await world(t)
  const what = { communityId: community.id, personId: ann.id }
  assert.equal((await core.communities.invite(founder, what)).role, 'owner')
  assert.deepEqual(
    outlet.take(ann).map(({ kind }) => kind),
    ['community', 'channel'],
  )
  const event = (await logOf(store, general.id)).at(-1)
  assert.equal(event?.kind === 'invited' && event.subject.id, ann.id)
  await core.communities.invite(founder, what)
  assert.equal(outlet.notices.length, 0)
})

test('who is banned from general comes into the community all the same', async (t) => {
  const { core, founder, ann, community, general } = await world(t)
  await core.channels.ban(founder, { channelId: general.id, personId: ann.id })
  assert.equal((await core.communities.join(ann, community.id)).role, 'member')
  await refuses(core.channels.get(ann, general.id), 'banned')
})

test('the list holds one’s own communities and the public ones', async (t) => {
  const { core, founder, ann } = await world(t)
  await core.communities.create(founder, { name: 'Secret', visibility: 'private' })
  await core.communities.create(ann, { name: 'Hers', visibility: 'private' })
  assert.deepEqual(
    (await core.communities.list(ann)).map(({ name, role }) => [name, role]),
    [
      ['Hers', 'owner'],
      ['Yard', null],
    ],
  )
})

test('the bound of somebody’s communities is told by its name', async (t) => {
  const { core, store, founder, ann, community, clock } = await world(t)
  for (let made = 0; made < LIMITS.communitiesPerPersonMax; made += 1) {
    const id = `00000000-0000-7000-8000-${made.toString().padStart(12, '0')}`
    const owner = { id: ann.id, name: ann.name }
    const common = { name: 'x', visibility: 'private', createdAt: clock.now() } as const
    await store.createCommunity({ ...common, id, owner })
  }
  const { id: communityId } = community
  await refuses(core.communities.join(ann, communityId), 'limit_reached')
  await refuses(core.communities.create(ann, { name: 'More' }), 'limit_reached')
  await refuses(
    core.communities.invite(founder, { communityId, personId: ann.id }),
    'limit_reached',
  )
})

/** Everybody in general, in a channel of their own, and Ann and Bob in a direct one. */
async function crowded(the: World): Promise<{ own: MyChannel; direct: MyChannel }> {
  const { core, outlet, ann, bob, community } = the
  const communityId = community.id
  for (const person of [ann, bob]) await core.communities.join(person, communityId)
  const what = { communityId, kind: 'text', visibility: 'private', name: 'own' } as const
  const own = await core.channels.create(ann, what)
  await core.channels.invite(ann, { channelId: own.id, personId: bob.id })
  const direct = await core.channels.direct(ann, { communityId, personId: bob.id })
  outlet.notices.length = 0
  outlet.calls.length = 0
  return { own, direct }
}

for (const [what, kind, act] of [
  [
    'leaves',
    'left',
    ({ core, ann, community }: World) =>
      core.communities.remove(ann, { communityId: community.id, personId: ann.id }),
  ],
  [
    'is removed',
    'kicked',
    ({ core, founder, ann, community }: World) =>
      core.communities.remove(founder, { communityId: community.id, personId: ann.id }),
  ],
  [
    'is banned',
    'kicked',
    ({ core, founder, ann, community }: World) =>
      core.communities.ban(founder, {
        communityId: community.id,
        personId: ann.id,
        reason: 'noise',
      }),
  ],
] as const) {
  test(`who ${what} is out of all channels, and reads and writes nothing later`, async (t) => {
    const the = await world(t)
    const { core, outlet, store, ann, general } = the
    const { own, direct } = await crowded(the)
    await act(the)
    for (const { id: channelId } of [general, own, direct]) {
      const last = (await logOf(store, channelId)).at(-1)
      assert.equal(last?.kind === kind && last.subject.id, ann.id)
      const code = what === 'is banned' && channelId === general.id ? 'banned' : 'not_found'
      await refuses(core.reading.events(ann, { channelId, after: 0 }), code)
      await refuses(core.messages.send(ann, { channelId, clientId: 'x', text: 'x' }), code)
    }
    assert.equal(outlet.calls.length, 1)
    assert.equal(outlet.calls[0]?.length, 3)
    const notices = outlet.take(ann)
    assert.equal(notices[0]?.kind, 'community')
    assert.deepEqual(
      notices.slice(1).map((notice) => notice.kind === 'gone' && notice.reason),
      [kind, kind, kind],
    )
    const { communities, channels } = await core.reading.belongings(ann.id)
    assert.deepEqual([communities, channels], [[], []])
  })
}

test('a ban keeps the person out of everything until it is lifted', async (t) => {
  const the = await world(t)
  const { core, founder, ann, bob, community, general } = the
  const { own } = await crowded(the)
  const what = { communityId: community.id, personId: ann.id }
  await core.communities.ban(founder, what)
  await refuses(core.communities.join(ann, community.id), 'banned')
  await refuses(core.communities.invite(founder, what), 'forbidden')
  await refuses(core.channels.join(ann, general.id), 'banned')
  await core.communities.unban(founder, what)
  await refuses(core.communities.unban(founder, what), 'not_found')
  await core.communities.join(ann, community.id)
  assert.equal((await core.channels.get(ann, general.id)).role, 'member')
  await core.channels.invite(founder, { channelId: general.id, personId: bob.id })
  await refuses(core.channels.get(ann, own.id), 'not_found')
})

test('a watcher of a live channel who is removed from the community watches no more', async (t) => {
  const the = await world(t)
  const { core, outlet, founder, ann, community } = the
  const communityId = community.id
  await core.communities.join(ann, communityId)
  const live = await core.channels.create(founder, { communityId, kind: 'live', name: 'show' })
  await core.reading.read(ann, { channelId: live.id, cursor: 1 })
  outlet.notices.length = 0
  await core.communities.remove(founder, { communityId, personId: ann.id })
  assert.equal(outlet.take(ann)[0]?.kind, 'community')
  await refuses(core.reading.readable(ann, live.id), 'not_found')
  assert.deepEqual((await core.reading.belongings(ann.id)).channels, [])
})

test('the last owner stays while others are there, and may go when alone', async (t) => {
  const { core, founder, ann, community } = await world(t)
  const { id: communityId } = community
  const leave = (by: Person) => core.communities.remove(by, { communityId, personId: by.id })
  await core.communities.join(ann, communityId)
  await refuses(leave(founder), 'limit_reached')
  await refuses(
    core.communities.setRole(founder, { communityId, personId: founder.id, role: 'member' }),
    'limit_reached',
  )
  await core.communities.setRole(founder, { communityId, personId: ann.id, role: 'owner' })
  await leave(founder)
  await refuses(leave(founder), 'not_member')
  await leave(ann)
})

test('owners who go, step down or put each other out at the same time leave one behind', async (t) => {
  const { core, store, founder, ann, bob, community } = await world(t)
  const { id: communityId } = community
  for (const person of [ann, bob]) {
    await core.communities.join(person, communityId)
    await core.communities.setRole(founder, { communityId, personId: person.id, role: 'owner' })
  }
  await Promise.allSettled([
    core.communities.remove(founder, { communityId, personId: ann.id }),
    core.communities.remove(ann, { communityId, personId: founder.id }),
    core.communities.remove(bob, { communityId, personId: bob.id }),
    core.communities.setRole(bob, { communityId, personId: bob.id, role: 'member' }),
    core.communities.ban(bob, { communityId, personId: founder.id }),
  ])
  const { members } = await store.communityMembers(communityId, { limit: 10 })
  assert.equal(
    members.some(({ role }) => role === 'owner'),
    true,
  )
})

test('joining while being banned ends banned', async (t) => {
  const { core, store, founder, ann, community } = await world(t)
  const { id: communityId } = community
  const ban = { communityId, personId: ann.id }
  await Promise.allSettled([
    core.communities.join(ann, communityId),
    core.communities.ban(founder, ban),
    core.communities.join(ann, communityId),
  ])
  const standing = await store.communityStanding(communityId, ann.id)
  assert.deepEqual([standing?.role, standing?.banned], [null, true])
  const { channels } = await core.reading.belongings(ann.id)
  assert.deepEqual(channels, [])
})

test('a removal that was broken off in the middle is finished by asking again', async (t) => {
  const the = await world(t)
  const { founder, ann, bob, community, general, store } = the
  await crowded(the)
  const what = (personId: string) => ({ communityId: community.id, personId })
  for (const [by, whom] of [
    [founder, ann],
    [bob, bob],
  ] as const) {
    let failures = 1
    const { core } = the.otherNode({
      store: {
        append: (entries) =>
          failures-- > 0 ? Promise.reject(new Error('broken off')) : store.append(entries),
      },
    })
    await assert.rejects(core.communities.remove(by, what(whom.id)), /broken off/)
    await refuses(
      core.messages.send(whom, { channelId: general.id, clientId: 'x', text: 'x' }),
      'not_found',
    )
    await core.communities.remove(by, what(whom.id))
    const last = (await logOf(store, general.id)).at(-1)
    assert.equal(last?.kind === (by === whom ? 'left' : 'kicked') && last.subject.id, whom.id)
  }
})

test('what somebody makes while they are removed is not theirs', async (t) => {
  const the = await world(t)
  const { core, founder, ann, community, store } = the
  const communityId = community.id
  await core.communities.join(ann, communityId)
  let made = ''
  const slow = the.otherNode({
    store: {
      async createChannel(wanted) {
        await core.communities.remove(founder, { communityId, personId: ann.id })
        made = wanted.id
        return store.createChannel(wanted)
      },
    },
  }).core
  const what = { communityId, kind: 'text', visibility: 'private', name: 'mine' } as const
  // A store that looks for itself says it in its own words.
  const outcome = await outcomeOf(slow.channels.create(ann, what))
  assert.match(outcome, /^(not_found|store: not_member)$/)
  assert.deepEqual((await store.channelMembers(made, { limit: 10 })).members, [])
})
