import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChannelKind, Role, Visibility } from '@madang/protocol'
import type { ChannelStanding } from '../store/store.ts'
import {
  type Action,
  channelSight,
  communitySight,
  conceal,
  invites,
  makes,
  permits,
  readRefusal,
  roleIn,
  type Sight,
} from './access.ts'

const ROLES: readonly (Role | null)[] = ['owner', 'moderator', 'member', null]

/** Action → one line per actor (owner, moderator, member, nobody), one mark per subject (owner, moderator, member, nobody). */
const LADDER: Readonly<Record<Action, readonly string[]>> = {
  invite_public: ['yyyy', 'yyyy', 'yyyy', 'nnnn'],
  invite_private: ['yyyy', 'yyyy', 'nnnn', 'nnnn'],
  rename: ['yyyy', 'yyyy', 'nnnn', 'nnnn'],
  unban: ['yyyy', 'yyyy', 'nnnn', 'nnnn'],
  kick: ['yyyy', 'nnyy', 'nnnn', 'nnnn'],
  ban: ['yyyy', 'nnyy', 'nnnn', 'nnnn'],
  make_member: ['yyyy', 'nyyy', 'nnnn', 'nnnn'],
  make_moderator: ['yyyy', 'nyyy', 'nnnn', 'nnnn'],
  make_owner: ['yyyy', 'nnnn', 'nnnn', 'nnnn'],
}
for (const [action, lines] of Object.entries(LADDER) as [Action, readonly string[]][]) {
  test(`the ladder for ${action} is as written`, () => {
    const actual = ROLES.map((actor) =>
      ROLES.map((subject) => (permits(action, actor, subject) ? 'y' : 'n')).join(''),
    )
    assert.deepEqual(actual, lines)
  })
}

test('the actions that a role and a visibility stand for are told apart', () => {
  assert.deepEqual((['owner', 'moderator', 'member'] as const).map(makes), [
    'make_owner',
    'make_moderator',
    'make_member',
  ])
  assert.deepEqual((['public', 'private'] as const).map(invites), [
    'invite_public',
    'invite_private',
  ])
})

interface Given {
  readonly kind?: ChannelKind
  readonly visibility?: Visibility
  /** In the community. */
  readonly role?: Role | null
  readonly banned?: boolean
  readonly channelRole?: Role | null
  readonly channelBanned?: boolean
}

const id = '00000000-0000-7000-8000-0000000000aa'

function place(given: Given): ChannelStanding {
  const { kind = 'text', visibility = 'public', role = 'member', banned = false } = given
  const { channelRole = null, channelBanned = false } = given
  const numbers = { createdAt: 0, epoch: 'a', head: 0, messages: 0 }
  return {
    community: { id, name: 'Yard', visibility: 'public', createdAt: 0 },
    role,
    banned,
    channel: { id, communityId: id, kind, visibility, name: 'x', topic: '', ...numbers },
    channelRole,
    channelBanned,
  }
}

/** Who → what they see of a public text, private text, public live, private live and direct channel. */
const SIGHTS: readonly [string, Given, readonly Sight[]][] = [
  ['a stranger', { role: null }, ['hidden', 'hidden', 'hidden', 'hidden', 'hidden']],
  ['a member of the community', {}, ['sees', 'hidden', 'reads', 'hidden', 'hidden']],
  ['an owner of the community', { role: 'owner' }, ['sees', 'hidden', 'reads', 'hidden', 'hidden']],
  ['a member', { channelRole: 'member' }, ['reads', 'reads', 'reads', 'reads', 'reads']],
  [
    'somebody banned from the channel',
    { channelBanned: true },
    ['banned', 'banned', 'banned', 'banned', 'banned'],
  ],
  [
    'somebody banned from the community',
    { role: null, banned: true },
    ['banned', 'hidden', 'banned', 'hidden', 'hidden'],
  ],
  [
    'somebody banned from both',
    { role: null, banned: true, channelBanned: true },
    ['banned', 'banned', 'banned', 'banned', 'banned'],
  ],
  [
    'a member whose community is over',
    { role: null, channelRole: 'member' },
    ['hidden', 'hidden', 'hidden', 'hidden', 'hidden'],
  ],
]
const CHANNELS: readonly Given[] = [
  { kind: 'text', visibility: 'public' },
  { kind: 'text', visibility: 'private' },
  { kind: 'live', visibility: 'public' },
  { kind: 'live', visibility: 'private' },
  { kind: 'direct', visibility: 'private' },
]
for (const [who, given, sights] of SIGHTS) {
  test(`${who} sees ${sights.join(', ')}`, () => {
    assert.deepEqual(
      CHANNELS.map((channel) => channelSight(place({ ...channel, ...given }))),
      sights,
    )
  })
}

test('what is not there is hidden', () => {
  assert.equal(channelSight(null), 'hidden')
  assert.equal(communitySight(null), 'hidden')
})

test('a community is seen by its members, and a public one by everybody', () => {
  const community = (visibility: Visibility, role: Role | null, banned = false): Sight =>
    communitySight({ community: { id, name: 'Yard', visibility, createdAt: 0 }, role, banned })
  assert.deepEqual(
    [community('public', null), community('private', null), community('private', 'member')],
    ['sees', 'hidden', 'reads'],
  )
  assert.deepEqual(
    [community('public', null, true), community('private', null, true)],
    ['banned', 'banned'],
  )
})

test('every sight has its row', () => {
  assert.deepEqual((['reads', 'sees', 'banned', 'hidden'] as const).map(readRefusal), [
    null,
    'not_member',
    'banned',
    'not_found',
  ])
  assert.equal(conceal('forbidden', 'hidden'), 'not_found')
  assert.equal(conceal('forbidden', 'sees'), 'forbidden')
})

/** Role in the community and in the channel → the role that counts in a public, a private and a direct channel. */
const COUNTS: readonly [Role | null, Role | null, readonly (Role | null)[]][] = [
  [null, null, [null, null, null]],
  [null, 'owner', [null, null, null]],
  ['member', null, [null, null, null]],
  ['member', 'member', ['member', 'member', 'member']],
  ['member', 'owner', ['owner', 'owner', 'owner']],
  ['moderator', null, ['moderator', null, null]],
  ['moderator', 'member', ['moderator', 'moderator', 'member']],
  ['moderator', 'owner', ['owner', 'owner', 'owner']],
  ['owner', null, ['owner', null, null]],
  ['owner', 'member', ['owner', 'owner', 'member']],
  ['owner', 'moderator', ['owner', 'owner', 'moderator']],
]
for (const [role, channelRole, counts] of COUNTS) {
  test(`${role} in the community and ${channelRole} in the channel counts as ${counts.join(', ')}`, () => {
    const kinds = [CHANNELS[0], CHANNELS[1], CHANNELS[4]]
    assert.deepEqual(
      kinds.map((channel) => roleIn(place({ ...channel, role, channelRole }))),
      counts,
    )
    assert.equal(roleIn(place({ role, channelRole, banned: true })), null)
  })
}
