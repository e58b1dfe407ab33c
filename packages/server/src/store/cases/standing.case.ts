/** What every store checks inside the commit: who may append, and what becomes of memberships. */
import assert from 'node:assert/strict'
import type { Author, Id } from '@madang/protocol'
import type { Entry, Standing } from '../log.ts'
import { type Cases, Ground, outcomeOf } from '../testing/ground.ts'

/** One person of each standing, in one community with one channel. */
async function yard(ground: Ground) {
  const names = [
    'owner',
    'moderator',
    'member',
    'outsider',
    'stranger',
    'banned',
    'barred',
    'leader',
  ] as const
  const people = {} as Record<(typeof names)[number], Author>
  for (const name of names) people[name] = await ground.person(name)
  const { owner, moderator, member, outsider, banned, barred, leader } = people
  const communityId = await ground.community(owner, moderator, member, outsider, banned, barred)
  await ground.enroll(communityId, leader, 'moderator')
  const inside = async (what: { kind?: 'text' | 'live' }) => {
    const { id } = await ground.channel(
      communityId,
      [owner, moderator, member, banned, barred],
      what,
    )
    await ground.append(
      id,
      owner,
      { kind: 'role', subject: moderator, role: 'moderator' },
      'nothing',
    )
    await ground.append(id, owner, { kind: 'banned', subject: banned }, 'nothing')
    return id
  }
  const text = await inside({})
  const live = await inside({ kind: 'live' })
  await ground.enroll(communityId, barred, null, true)
  return { people, communityId, text, live }
}

type Who = keyof Awaited<ReturnType<typeof yard>>['people']
type Row = Readonly<Record<Who, string>>

/** Standing → who → outcome, in a text channel. What an author may do depends on the target, and has a case of its own. */
const IN_TEXT: Readonly<Record<Exclude<Standing, 'author'>, Row>> = {
  nothing: row(
    'appended',
    'appended',
    'appended',
    'appended',
    'appended',
    'appended',
    'appended',
    'appended',
  ),
  community: row(
    'appended',
    'appended',
    'appended',
    'appended',
    'not_member',
    'banned',
    'banned',
    'appended',
  ),
  member: row(
    'appended',
    'appended',
    'appended',
    'not_member',
    'not_member',
    'banned',
    'banned',
    'not_member',
  ),
  writer: row(
    'appended',
    'appended',
    'appended',
    'not_member',
    'not_member',
    'banned',
    'banned',
    'not_member',
  ),
  moderator: row(
    'appended',
    'appended',
    'forbidden',
    'not_member',
    'not_member',
    'banned',
    'banned',
    'appended',
  ),
}

function row(
  ...outcomes: readonly [string, string, string, string, string, string, string, string]
): Row {
  const [owner, moderator, member, outsider, stranger, banned, barred, leader] = outcomes
  return { owner, moderator, member, outsider, stranger, banned, barred, leader }
}

async function outcomes(
  ground: Ground,
  channelId: Id,
  people: Record<Who, Author>,
  needs: Standing,
) {
  const found: Partial<Record<Who, string>> = {}
  for (const [who, person] of Object.entries(people) as [Who, Author][]) {
    const entry: Entry = { kind: 'created', clientId: ground.ids.next(), lane: 'chat', text: 'x' }
    found[who] = outcomeOf(await ground.append(channelId, person, entry, needs))
  }
  return found
}

export const standingCases: Cases = {
  async 'each standing lets in exactly those who have it'(ground) {
    const { people, text } = await yard(ground)
    for (const [needs, expected] of Object.entries(IN_TEXT) as [Standing, Row][]) {
      assert.deepEqual(
        { needs, ...(await outcomes(ground, text, people, needs)) },
        { needs, ...expected },
      )
    }
  },

  async 'in a live channel the community may write'(ground) {
    const { people, live } = await yard(ground)
    assert.deepEqual(await outcomes(ground, live, people, 'writer'), IN_TEXT.community)
  },

  async "authors change their own messages, and moderators everybody's"(ground) {
    const { people, text } = await yard(ground)
    const target = await ground.say(text, people.member, 'mine')
    const edit = (words: string): Entry => ({ kind: 'edited', target, text: words })
    assert.equal(
      outcomeOf(await ground.append(text, people.member, edit('a'), 'author')),
      'appended',
    )
    assert.equal(
      outcomeOf(await ground.append(text, people.moderator, edit('b'), 'author')),
      'appended',
    )
    await ground.append(
      text,
      people.outsider,
      { kind: 'joined', subject: people.outsider, role: 'member' },
      'community',
    )
    assert.equal(
      outcomeOf(await ground.append(text, people.outsider, edit('c'), 'author')),
      'forbidden',
    )
    await ground.append(text, people.owner, { kind: 'kicked', subject: people.member }, 'moderator')
    assert.equal(
      outcomeOf(await ground.append(text, people.member, edit('d'), 'author')),
      'not_member',
    )
  },

  async 'memberships begin and end by events, and what changes nothing is repeated'(ground) {
    const { people, text } = await yard(ground)
    const { owner, outsider: eve, stranger } = people
    const by = async (author: Author, entry: Entry, needs: Standing) =>
      outcomeOf(await ground.append(text, author, entry, needs))
    const join = { kind: 'joined', subject: eve, role: 'member' } as const
    const standing = async () => (await ground.store.channelStanding(text, eve.id))?.channelRole
    assert.equal(await by(eve, { kind: 'left', subject: eve }, 'community'), 'repeated')
    assert.equal(await by(eve, join, 'community'), 'appended')
    assert.equal(await standing(), 'member')
    assert.equal(await by(eve, join, 'community'), 'repeated')
    assert.equal(
      await by(owner, { kind: 'role', subject: eve, role: 'moderator' }, 'moderator'),
      'appended',
    )
    assert.equal(await standing(), 'moderator')
    assert.equal(await by(eve, { kind: 'left', subject: eve }, 'member'), 'appended')
    assert.equal(await standing(), null)
    assert.equal(await by(owner, { kind: 'kicked', subject: eve }, 'moderator'), 'repeated')
    assert.equal(
      await by(owner, { kind: 'invited', subject: eve, role: 'member' }, 'member'),
      'appended',
    )
    assert.equal(
      await by(owner, { kind: 'kicked', subject: eve, reason: 'noise' }, 'moderator'),
      'appended',
    )
    assert.equal(
      await by(owner, { kind: 'role', subject: eve, role: 'owner' }, 'moderator'),
      'not_found',
    )
    assert.equal(
      await by(owner, { kind: 'invited', subject: stranger, role: 'member' }, 'member'),
      'not_member',
    )
    assert.equal((await ground.log(text)).at(-1)?.kind, 'kicked')
  },

  async 'a ban keeps out until it is lifted, also who never was in'(ground) {
    const { people, text } = await yard(ground)
    const { owner, outsider: eve } = people
    const by = async (author: Author, entry: Entry, needs: Standing) =>
      outcomeOf(await ground.append(text, author, entry, needs))
    const join = { kind: 'joined', subject: eve, role: 'member' } as const
    assert.equal(await by(owner, { kind: 'banned', subject: eve }, 'moderator'), 'appended')
    assert.equal(await by(owner, { kind: 'banned', subject: eve }, 'moderator'), 'repeated')
    assert.equal(await by(eve, join, 'community'), 'banned')
    assert.equal(
      await by(owner, { kind: 'invited', subject: eve, role: 'member' }, 'member'),
      'banned',
    )
    assert.equal((await ground.store.channelStanding(text, eve.id))?.channelBanned, true)
    assert.equal(await by(owner, { kind: 'unbanned', subject: eve }, 'moderator'), 'appended')
    assert.equal(await by(owner, { kind: 'unbanned', subject: eve }, 'moderator'), 'repeated')
    assert.equal(await by(eve, join, 'community'), 'appended')
  },

  async 'a kick that was committed before keeps a message of the same moment out'(ground) {
    for (let round = 0; round < 20; round += 1) {
      const each = new Ground(ground.store)
      for (let used = 0; used < (round + 1) * 1_000; used += 1) each.ids.next()
      const { people, text } = await yard(each)
      const kick = each.append(
        text,
        people.owner,
        { kind: 'kicked', subject: people.member },
        'moderator',
      )
      const sends = Array.from({ length: 5 }, () =>
        each.store.append([each.message(text, people.member, 'racing')]),
      )
      await Promise.all([kick, ...sends])
      const log = await each.log(text)
      const kicked = log.findIndex(({ kind }) => kind === 'kicked')
      assert.ok(kicked > 0)
      assert.ok(log.slice(kicked).every((event) => event.author.id !== people.member.id))
    }
  },
}
