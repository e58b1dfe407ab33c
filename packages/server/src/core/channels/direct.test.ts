import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { MyCommunity, Person } from '@madang/protocol'
import { type Ground, logOf, refuses, startGround, yard } from '../ground.case.ts'
import { directKey } from './direct.ts'

interface World extends Ground {
  readonly founder: Person
  readonly ann: Person
  readonly bob: Person
  readonly community: MyCommunity
}

async function world(t: TestContext): Promise<World> {
  const ground = await startGround(t)
  const { founder, community } = await yard(ground)
  const [ann, bob] = [await ground.person('Ann'), await ground.person('Bob')]
  await ground.settle(community, [ann, bob])
  ground.outlet.notices.length = 0
  return { ...ground, founder, ann, bob, community }
}

test('the key of two people is the same from both sides', () => {
  assert.equal(directKey('b', 'a'), directKey('a', 'b'))
})

test('two people have one direct channel, without a name, that each sees the other in', async (t) => {
  const { core, store, outlet, ann, bob, community } = await world(t)
  const communityId = community.id
  const mine = await core.channels.direct(ann, { communityId, personId: bob.id })
  assert.deepEqual(
    [mine.kind, mine.visibility, mine.name, mine.role, mine.peers],
    ['direct', 'private', '', 'member', [{ id: bob.id, name: 'Bob' }]],
  )
  assert.deepEqual(
    outlet.notices.map(({ personId, notice }) => [personId, notice.kind]),
    [
      [ann.id, 'channel'],
      [bob.id, 'channel'],
    ],
  )
  const theirs = await core.channels.direct(bob, { communityId, personId: ann.id })
  assert.deepEqual([theirs.id, theirs.peers], [mine.id, [{ id: ann.id, name: 'Ann' }]])
  assert.deepEqual(
    (await logOf(store, mine.id)).map(({ kind }) => kind),
    ['joined', 'invited'],
  )
  assert.equal(outlet.notices.length, 2)
})

test('opened from both sides and on both nodes at once it is one', async (t) => {
  const { core, otherNode, ann, bob, community } = await world(t)
  const communityId = community.id
  const other = otherNode().core
  const opened = await Promise.all([
    core.channels.direct(ann, { communityId, personId: bob.id }),
    core.channels.direct(bob, { communityId, personId: ann.id }),
    other.channels.direct(ann, { communityId, personId: bob.id }),
    other.channels.direct(bob, { communityId, personId: ann.id }),
  ])
  assert.equal(new Set(opened.map(({ id }) => id)).size, 1)
})

test('it takes two, both of the community', async (t) => {
  const { core, founder, ann, bob, community, person } = await world(t)
  const communityId = community.id
  const open = (by: Person, personId: string) => core.channels.direct(by, { communityId, personId })
  await refuses(open(ann, ann.id), 'invalid')
  const stranger = await person('Stranger')
  await refuses(open(ann, stranger.id), 'not_found')
  await refuses(open(stranger, ann.id), 'not_member')
  await refuses(open(ann, '00000000-0000-7000-8000-00000000dead'), 'not_found')
  await core.communities.ban(founder, { communityId, personId: bob.id })
  await refuses(open(ann, bob.id), 'not_found')
  await refuses(open(bob, ann.id), 'banned')
})

test('nobody comes, goes or is put out, whatever they are in the community', async (t) => {
  const { core, founder, ann, bob, community } = await world(t)
  const { id: channelId } = await core.channels.direct(ann, {
    communityId: community.id,
    personId: founder.id,
  })
  for (const by of [ann, founder]) {
    await refuses(core.channels.leave(by, channelId), 'forbidden')
    await refuses(core.channels.invite(by, { channelId, personId: bob.id }), 'forbidden')
    await refuses(core.channels.rename(by, { channelId, name: 'ours' }), 'forbidden')
  }
  await refuses(core.channels.kick(founder, { channelId, personId: ann.id }), 'forbidden')
  await refuses(core.channels.ban(founder, { channelId, personId: ann.id }), 'forbidden')
  await refuses(
    core.channels.setRole(founder, { channelId, personId: ann.id, role: 'owner' }),
    'forbidden',
  )
  await refuses(core.channels.join(bob, channelId), 'not_found')
})

test('who left the community and came back is back in the channel when it is opened again', async (t) => {
  const { core, store, ann, bob, community } = await world(t)
  const communityId = community.id
  const { id: channelId } = await core.channels.direct(ann, { communityId, personId: bob.id })
  await core.communities.remove(bob, { communityId, personId: bob.id })
  await refuses(core.reading.readable(bob, channelId), 'not_found')
  await core.communities.join(bob, communityId)
  const again = await core.channels.direct(ann, { communityId, personId: bob.id })
  assert.equal(again.id, channelId)
  assert.deepEqual(
    (await logOf(store, channelId)).map(({ kind }) => kind),
    ['joined', 'invited', 'left', 'invited'],
  )
  await core.reading.readable(bob, channelId)
})
