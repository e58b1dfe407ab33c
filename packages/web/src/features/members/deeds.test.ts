import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MyChannel, MyCommunity, Role } from '@madang/client'
import { deeds, deedsInChannel, roleIn } from './deeds.ts'

const channel = (over: Partial<MyChannel>): MyChannel => ({
  id: 'x',
  communityId: 'c',
  kind: 'text',
  visibility: 'public',
  name: 'x',
  topic: '',
  createdAt: 0,
  epoch: 'e',
  head: 0,
  messages: 0,
  role: 'member',
  cursor: 0,
  unread: 0,
  ...over,
})
const community = (role: Role | null): MyCommunity => ({
  id: 'c',
  name: 'c',
  visibility: 'public',
  createdAt: 0,
  role,
})

test('a member may do nothing to anybody', () => {
  for (const theirs of ['owner', 'moderator', 'member'] as const) {
    assert.deepEqual(deeds('member', theirs), [])
    assert.deepEqual(deeds(null, theirs), [])
  }
})

test('a moderator lifts and removes members, and touches no owner', () => {
  assert.deepEqual(deeds('moderator', 'member'), ['makeModerator', 'remove', 'ban'])
  assert.deepEqual(deeds('moderator', 'moderator'), ['makeMember'])
  assert.deepEqual(deeds('moderator', 'owner'), [])
})

test('an owner may do everything that changes something', () => {
  assert.deepEqual(deeds('owner', 'member'), ['makeOwner', 'makeModerator', 'remove', 'ban'])
  assert.deepEqual(deeds('owner', 'moderator'), ['makeOwner', 'makeMember', 'remove', 'ban'])
  assert.deepEqual(deeds('owner', 'owner'), ['makeModerator', 'makeMember', 'remove', 'ban'])
})

test('who leads the community leads in its channels, too', () => {
  assert.equal(roleIn(channel({}), community('owner')), 'owner')
  assert.equal(roleIn(channel({ role: null, kind: 'live' }), community('moderator')), 'moderator')
  assert.equal(roleIn(channel({ role: 'owner' }), community('moderator')), 'owner')
  assert.equal(roleIn(channel({}), community('member')), 'member')
  assert.equal(roleIn(channel({}), undefined), 'member')
})

test('nobody leads from outside in a private channel, or at all in a direct one', () => {
  assert.equal(roleIn(channel({ role: null, visibility: 'private' }), community('owner')), null)
  assert.equal(roleIn(channel({ kind: 'direct' }), community('owner')), 'member')
})

test('whoever left can only be kept out, and whoever is banned only let in again', () => {
  const standing = { role: null, communityRole: 'member', banned: false } as const
  const own = channel({ role: 'moderator' })
  assert.deepEqual(deedsInChannel(own, community('member'), standing), ['ban'])
  assert.deepEqual(deedsInChannel(own, community('member'), { ...standing, banned: true }), [
    'unban',
  ])
  assert.deepEqual(deedsInChannel(channel({}), community('member'), standing), [])
})

test('whoever leads the community is touched in its channels only by an owner, and not made what they are', () => {
  const standing = { role: 'member', communityRole: 'owner', banned: false } as const
  const asModerator = channel({ role: 'moderator' })
  assert.deepEqual(deedsInChannel(asModerator, community('member'), standing), [])
  const asOwner = channel({ role: 'owner' })
  assert.deepEqual(deedsInChannel(asOwner, community('member'), standing), [
    'makeModerator',
    'remove',
    'ban',
  ])
  const direct = channel({ kind: 'direct', role: 'owner' })
  assert.deepEqual(deedsInChannel(direct, community('owner'), standing), [])
})
