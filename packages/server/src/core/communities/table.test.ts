/** Every word about a community × everybody who may say it × both visibilities. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { MyCommunity, Person, Role, Visibility } from '@madang/protocol'
import { type Ground, outcomeOf, startGround } from '../ground.case.ts'

const COLUMNS: readonly Visibility[] = ['public', 'private']
const WHO = ['stranger', 'banned', 'member', 'guest', 'moderator', 'owner'] as const
type Who = (typeof WHO)[number]

interface Scene extends Ground {
  readonly me: Person
  readonly community: MyCommunity
  readonly founder: Person
  /** Members that something is done to. */
  readonly victims: readonly Person[]
  readonly prisoner: Person
  /** In no community. */
  readonly newcomer: Person
}

type Word = (scene: Scene) => Promise<unknown>

const setRole =
  (role: Role, whom: (scene: Scene) => Person | undefined): Word =>
  (scene) => {
    const { core, me, community } = scene
    const personId = whom(scene)?.id ?? ''
    return core.communities.setRole(me, { communityId: community.id, personId, role })
  }

const onPerson =
  (word: 'invite' | 'remove' | 'ban' | 'unban', whom: (scene: Scene) => Person | undefined): Word =>
  (scene) => {
    const { core, me, community } = scene
    const personId = whom(scene)?.id ?? ''
    return core.communities[word](me, { communityId: community.id, personId })
  }

/** In this order: what changes the speaker's own place comes last. */
const WORDS: Readonly<Record<string, Word>> = {
  'list its members': ({ core, me, community }) =>
    core.communities.members(me, community.id, { limit: 10 }),
  'list its banned': ({ core, me, community }) =>
    core.communities.bans(me, community.id, { limit: 10 }),
  'list its channels': ({ core, me, community }) => core.channels.list(me, community.id),
  'make a channel': ({ core, me, community }) =>
    core.channels.create(me, { communityId: community.id, kind: 'text', name: 'mine' }),
  'write to a member': ({ core, me, community, victims }) =>
    core.channels.direct(me, { communityId: community.id, personId: victims[0]?.id ?? '' }),
  invite: onPerson('invite', ({ newcomer }) => newcomer),
  'invite the banned': onPerson('invite', ({ prisoner }) => prisoner),
  'invite nobody': onPerson('invite', () => undefined),
  'make a moderator': setRole('moderator', ({ victims }) => victims[0]),
  'unmake a moderator': setRole('member', ({ victims }) => victims[3]),
  'make an owner': setRole('owner', ({ victims }) => victims[1]),
  'unmake the owner': setRole('member', ({ founder }) => founder),
  'set the role of a stranger': setRole('member', ({ prisoner }) => prisoner),
  'remove a member': onPerson('remove', ({ victims }) => victims[2]),
  'remove a moderator': onPerson('remove', ({ victims }) => victims[4]),
  'remove the owner': onPerson('remove', ({ founder }) => founder),
  'ban a member': onPerson('ban', ({ victims }) => victims[5]),
  'ban oneself': onPerson('ban', ({ me }) => me),
  unban: onPerson('unban', ({ prisoner }) => prisoner),
  join: ({ core, me, community }) => core.communities.join(me, community.id),
  leave: onPerson('remove', ({ me }) => me),
}

const CODES: Readonly<Record<string, string>> = {
  '+': '+',
  nf: 'not_found',
  nm: 'not_member',
  bn: 'banned',
  fb: 'forbidden',
  lr: 'limit_reached',
}

/** Word → what becomes of it in a public and in a private community. */
type Table = Readonly<Record<string, string>>

const ALL = Object.keys(WORDS)
const rows = (words: readonly string[], row: string): Table =>
  Object.fromEntries(words.map((word) => [word, row]))

const member: Table = {
  ...rows(ALL, 'fb fb'),
  ...rows(['list its members', 'list its channels', 'make a channel', 'write to a member'], '+ +'),
  invite: '+ fb',
  'invite nobody': 'nf fb',
  'set the role of a stranger': 'nf nf',
  join: '+ +',
  leave: '+ +',
}
const moderator: Table = {
  ...member,
  invite: '+ +',
  'invite nobody': 'nf nf',
  'make a moderator': '+ +',
  'unmake a moderator': '+ +',
  'remove a member': '+ +',
  'ban a member': '+ +',
  'list its banned': '+ +',
  unban: '+ +',
}
const TABLES: Readonly<Record<Who, Table>> = {
  // Joins a public one in the end, and so may leave it.
  stranger: { ...rows(ALL, 'nm nf'), 'ban oneself': 'nm nf', join: '+ nf', leave: '+ nf' },
  banned: rows(ALL, 'bn bn'),
  member,
  guest: member,
  moderator,
  owner: {
    ...moderator,
    'make an owner': '+ +',
    // Another owner is there by then: the one that was just made, and the speaker.
    'unmake the owner': '+ +',
    'remove a moderator': '+ +',
    'remove the owner': '+ +',
  },
}

async function scene(t: TestContext, who: Who, visibility: Visibility): Promise<Scene> {
  const ground = await startGround(t)
  const founder = await ground.person('Founder')
  const { community } = await ground.core.communities.create(founder, { name: 'Yard', visibility })
  const me = await ground.person('Me', who === 'guest' ? 'guest' : 'account')
  const [prisoner, newcomer] = [await ground.person('Prisoner'), await ground.person('Newcomer')]
  const victims: Person[] = []
  for (let index = 0; index < 6; index += 1) victims.push(await ground.person(`Victim ${index}`))
  await ground.settle(community, victims)
  await ground.settle(
    community,
    [victims[3], victims[4]].filter((one) => one !== undefined),
    'moderator',
  )
  const banned = who === 'banned' ? [prisoner, me] : [prisoner]
  for (const { id } of banned) {
    await ground.core.communities.ban(founder, { communityId: community.id, personId: id })
  }
  if (who === 'guest') await ground.settle(community, [me])
  else if (who !== 'stranger' && who !== 'banned') await ground.settle(community, [me], who)
  return { ...ground, me, community, founder, victims, prisoner, newcomer }
}

for (const who of WHO) {
  COLUMNS.forEach((visibility, index) => {
    test(`what a ${who} may do in a ${visibility} community is as written`, async (t) => {
      const the = await scene(t, who, visibility)
      const actual: Record<string, string> = {}
      const expected: Record<string, string> = {}
      for (const [word, say] of Object.entries(WORDS)) {
        actual[word] = await outcomeOf(say(the))
        expected[word] = CODES[TABLES[who][word]?.split(' ')[index] ?? ''] ?? 'not written'
      }
      assert.deepEqual(actual, expected)
    })
  })
}
