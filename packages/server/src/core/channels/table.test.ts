/** Every word about a channel × everybody who may say it × every kind of channel. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { ChannelKind, MyChannel, Person, Visibility } from '@madang/protocol'
import { type Ground, outcomeOf, startGround, yard } from '../ground.case.ts'

const COLUMNS = ['public text', 'private text', 'public live', 'private live', 'direct'] as const
type Column = (typeof COLUMNS)[number]

const WHO = [
  'stranger',
  'outcast',
  'neighbour',
  'guest',
  'warden',
  'banned',
  'member',
  'moderator',
  'owner',
] as const
type Who = (typeof WHO)[number]

interface Scene extends Ground {
  readonly column: Column
  readonly me: Person
  readonly channel: MyChannel
  /** A message by somebody else, and a question (where there are questions). */
  readonly theirs: number
  readonly question: number
  /** Members that something is done to; in a direct channel all of them are the other one. */
  readonly victims: readonly Person[]
  /** Banned from the channel; in a direct channel the other one. */
  readonly prisoner: Person
  /** In the community, and not in the channel. */
  readonly newcomer: Person
}

type Word = (scene: Scene) => Promise<unknown>

/** In this order: what changes the speaker's own place comes last. */
const WORDS: Readonly<Record<string, Word>> = {
  history: ({ core, me, channel }) => core.reading.history(me, { channelId: channel.id }),
  events: ({ core, me, channel }) => core.reading.events(me, { channelId: channel.id, after: 0 }),
  readable: ({ core, me, channel }) => core.reading.readable(me, channel.id),
  read: ({ core, me, channel }) => core.reading.read(me, { channelId: channel.id, cursor: 1 }),
  get: ({ core, me, channel }) => core.channels.get(me, channel.id),
  members: ({ core, me, channel }) => core.channels.members(me, channel.id, { limit: 10 }),
  standing: ({ core, me, channel, victims }) =>
    core.channels.standing(me, { channelId: channel.id, personId: victims[0]?.id ?? '' }),
  chat: ({ core, me, channel }) => send(core, me, channel, 'chat'),
  ask: ({ core, me, channel }) => send(core, me, channel, 'question'),
  announce: ({ core, me, channel }) => send(core, me, channel, 'notice'),
  'edit theirs': ({ core, me, channel, theirs }) =>
    core.messages.edit(me, { channelId: channel.id, target: theirs, text: `by ${me.name}` }),
  'pick a question': ({ core, me, channel, question }) =>
    core.messages.question(me, { channelId: channel.id, target: question, state: 'picked' }),
  'delete theirs': ({ core, me, channel, theirs }) =>
    core.messages.delete(me, { channelId: channel.id, target: theirs }),
  rename: ({ core, me, channel }) =>
    core.channels.rename(me, { channelId: channel.id, topic: 'new' }),
  invite: ({ core, me, channel, newcomer }) =>
    core.channels.invite(me, { channelId: channel.id, personId: newcomer.id }),
  'make moderator': (scene) => setRole(scene, 'moderator'),
  'make member': (scene) => setRole(scene, 'member'),
  'make owner': (scene) => setRole(scene, 'owner'),
  kick: ({ core, me, channel, victims }) =>
    core.channels.kick(me, { channelId: channel.id, personId: victims[1]?.id ?? '' }),
  ban: ({ core, me, channel, victims }) =>
    core.channels.ban(me, { channelId: channel.id, personId: victims[2]?.id ?? '' }),
  'list the banned': ({ core, me, channel }) => core.channels.bans(me, channel.id, { limit: 10 }),
  unban: ({ core, me, channel, prisoner }) =>
    core.channels.unban(me, { channelId: channel.id, personId: prisoner.id }),
  'kick oneself': ({ core, me, channel }) =>
    core.channels.kick(me, { channelId: channel.id, personId: me.id }),
  join: ({ core, me, channel }) => core.channels.join(me, channel.id),
  leave: ({ core, me, channel }) => core.channels.leave(me, channel.id),
}

function send(
  core: Ground['core'],
  me: Person,
  channel: MyChannel,
  lane: 'chat' | 'question' | 'notice',
) {
  const message = { channelId: channel.id, clientId: `${lane}-${me.id}`, text: 'hi', lane }
  return core.messages.send(me, message)
}

function setRole({ core, me, channel, victims }: Scene, role: 'owner' | 'moderator' | 'member') {
  return core.channels.setRole(me, { channelId: channel.id, personId: victims[0]?.id ?? '', role })
}

const CODES: Readonly<Record<string, string>> = {
  '+': '+',
  nf: 'not_found',
  nm: 'not_member',
  bn: 'banned',
  fb: 'forbidden',
  iv: 'invalid',
  lr: 'limit_reached',
}

/** Word → what becomes of it in a public text, private text, public live, private live and direct channel. */
type Table = Readonly<Record<string, string>>

const rows = (words: readonly string[], row: string): Table =>
  Object.fromEntries(words.map((word) => [word, row]))

const READING = ['history', 'events', 'readable', 'read', 'members', 'standing']
const LEADING = [
  'announce',
  'edit theirs',
  'pick a question',
  'delete theirs',
  'rename',
  'make moderator',
  'make member',
  'make owner',
  'kick',
  'ban',
  'list the banned',
  'unban',
]
const ALL = Object.keys(WORDS)

const neighbour: Table = {
  ...rows(READING, 'nm nf + nf nf'),
  get: '+ nf + nf nf',
  chat: 'nm nf + nf nf',
  ask: 'nm nf + nf nf',
  ...rows(LEADING, 'nm nf nm nf nf'),
  announce: 'nm nf fb nf nf',
  'edit theirs': 'nm nf fb nf nf',
  'pick a question': 'nm nf fb nf nf',
  'delete theirs': 'nm nf fb nf nf',
  invite: 'nm nf nm nf nf',
  'kick oneself': 'fb nf fb nf nf',
  // Joining succeeds, and so does leaving after it.
  join: '+ nf + nf nf',
  leave: '+ nf + nf nf',
}
const member: Table = {
  ...rows(READING, '+ + + + +'),
  get: '+ + + + +',
  chat: '+ + + + +',
  ask: 'iv iv + + iv',
  ...rows(LEADING, 'fb fb fb fb fb'),
  announce: 'iv iv fb fb iv',
  invite: '+ fb + fb fb',
  'kick oneself': 'fb fb fb fb fb',
  join: '+ + + + +',
  leave: '+ + + + fb',
}
const moderator: Table = {
  ...member,
  announce: 'iv iv + + iv',
  'edit theirs': '+ + + + fb',
  'pick a question': 'nf nf + + fb',
  'delete theirs': '+ + + + fb',
  rename: '+ + + + fb',
  invite: '+ + + + fb',
  'make moderator': '+ + + + fb',
  'make member': '+ + + + fb',
  kick: '+ + + + fb',
  ban: '+ + + + fb',
  'list the banned': '+ + + + fb',
  unban: '+ + + + fb',
}

const TABLES: Readonly<Record<Who, Table>> = {
  stranger: rows(ALL, 'nf nf nf nf nf'),
  outcast: rows(ALL, 'bn nf bn nf nf'),
  neighbour,
  guest: neighbour,
  // Leads the community, and was never in the channel.
  warden: {
    ...neighbour,
    announce: 'nm nf + nf nf',
    'edit theirs': '+ nf + nf nf',
    'pick a question': 'nf nf + nf nf',
    'delete theirs': '+ nf + nf nf',
    rename: '+ nf + nf nf',
    invite: '+ nf + nf nf',
    'make moderator': '+ nf + nf nf',
    'make member': '+ nf + nf nf',
    kick: '+ nf + nf nf',
    ban: '+ nf + nf nf',
    'list the banned': '+ nf + nf nf',
    unban: '+ nf + nf nf',
  },
  banned: rows(ALL, 'bn bn bn bn nf'),
  member,
  moderator,
  owner: { ...moderator, 'make owner': '+ + + + fb', leave: '+ + + + fb' },
}

async function scene(t: TestContext, who: Who, column: Column): Promise<Scene> {
  const ground = await startGround(t)
  const { core } = ground
  const { founder, community } = await yard(ground)
  const me = await ground.person('Me', who === 'guest' ? 'guest' : 'account')
  const names = ['Author', 'Victim one', 'Victim two', 'Victim three', 'Prisoner', 'Newcomer']
  const people = await Promise.all(names.map((name) => ground.person(name)))
  const [author, ...others] = people
  const [newcomer, prisoner] = [others.at(-1), others.at(-2)]
  assert.ok(author && newcomer && prisoner)
  await ground.settle(community, who === 'stranger' ? people : [...people, me])
  if (who === 'warden') await ground.settle(community, [me], 'moderator')
  const inside = ['member', 'moderator', 'owner'].includes(who)
  const channel = await open(ground, { founder, author, me, inside }, column)
  const channelId = channel.id
  if (column !== 'direct') {
    const invited = [author, ...others.slice(0, 3), ...(inside ? [me] : [])]
    for (const { id } of invited) await core.channels.invite(founder, { channelId, personId: id })
    await core.channels.ban(founder, { channelId, personId: prisoner.id })
    if (who === 'banned') await core.channels.ban(founder, { channelId, personId: me.id })
    if (who === 'moderator' || who === 'owner') {
      await core.channels.setRole(founder, { channelId, personId: me.id, role: who })
    }
  }
  if (who === 'outcast') {
    await core.communities.ban(founder, { communityId: community.id, personId: me.id })
  }
  const lane = column.endsWith('live') ? 'question' : 'chat'
  const theirs = await core.messages.send(author, { channelId, clientId: 'm', text: 'hi' })
  const question = await core.messages.send(author, { channelId, clientId: 'q', text: '?', lane })
  const alone = column === 'direct'
  return {
    ...ground,
    column,
    me,
    channel,
    theirs: theirs.seq,
    question: question.seq,
    victims: alone ? [author, author, author] : others.slice(0, 3),
    prisoner: alone ? author : prisoner,
    newcomer,
  }
}

interface Cast {
  readonly founder: Person
  readonly author: Person
  readonly me: Person
  readonly inside: boolean
}

async function open(ground: Ground, cast: Cast, column: Column): Promise<MyChannel> {
  const { founder, author, me, inside } = cast
  const { core } = ground
  const [mine] = await core.communities.list(founder)
  assert.ok(mine)
  const communityId = mine.id
  if (column === 'direct') {
    return core.channels.direct(author, { communityId, personId: (inside ? me : founder).id })
  }
  const [visibility, kind] = column.split(' ') as [Visibility, Exclude<ChannelKind, 'direct'>]
  return core.channels.create(founder, { communityId, kind, visibility, name: 'talk' })
}

for (const who of WHO) {
  COLUMNS.forEach((column, index) => {
    test(`what a ${who} may do in a ${column} channel is as written`, async (t) => {
      const the = await scene(t, who, column)
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
