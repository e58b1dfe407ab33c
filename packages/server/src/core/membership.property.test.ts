/** Whatever five people do, alone or at the same time: nobody writes outside their membership, and the log says who is there. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Id, LogEvent, MyChannel, MyCommunity, Person, Role } from '@madang/protocol'
import fc from 'fast-check'
import type { Core } from './core.ts'
import { type Ground, logOf, outcomeOf, startGround, yard } from './ground.case.ts'

const WORDS = [
  'send',
  'send',
  'edit',
  'join',
  'leave',
  'kick',
  'ban',
  'unban',
  'invite',
  'make member',
  'make moderator',
  'make owner',
  'leave community',
  'join community',
  'remove from community',
] as const
type Word = (typeof WORDS)[number]

interface Step {
  readonly word: Word
  readonly by: number
  readonly to: number
}

const step: fc.Arbitrary<Step> = fc.record({
  word: fc.constantFrom(...WORDS),
  by: fc.nat({ max: 4 }),
  to: fc.nat({ max: 4 }),
})

interface World {
  readonly founder: Person
  readonly people: readonly Person[]
  readonly community: MyCommunity
  readonly channel: MyChannel
}

/** What the five are in the channel at first; all are members of its community. */
const ROLES: readonly (Role | null)[] = ['owner', 'owner', 'moderator', 'member', null]

async function begin(ground: Ground): Promise<World> {
  const { founder, community } = await yard(ground)
  const names = ['P0', 'P1', 'P2', 'P3', 'P4']
  const people = await Promise.all(names.map((name) => ground.person(name)))
  await ground.settle(community, people)
  const [first] = people
  assert.ok(first)
  const what = { communityId: community.id, kind: 'text', name: 'talk' } as const
  const channel = await ground.core.channels.create(first, what)
  for (const [index, person] of people.entries()) {
    const role = ROLES[index] ?? null
    if (index === 0 || role === null) continue
    await ground.core.channels.join(person, channel.id)
    const promotion = { channelId: channel.id, personId: person.id, role }
    await ground.core.channels.setRole(first, promotion)
  }
  return { founder, people, community, channel }
}

let clientIds = 0

function act(core: Core, world: World, { word, by: from, to }: Step): Promise<unknown> {
  const { founder, people, community, channel } = world
  const [by, subject] = [people[from], people[to]]
  assert.ok(by && subject)
  const communityId = community.id
  const channelId = channel.id
  const personId = subject.id
  switch (word) {
    case 'send':
      return core.messages.send(by, { channelId, clientId: `c${clientIds++}`, text: 'hi' })
    case 'edit':
      return core.messages.edit(by, { channelId, target: to + 2, text: `by ${by.name}` })
    case 'join':
      return core.channels.join(by, channelId)
    case 'leave':
      return core.channels.leave(by, channelId)
    case 'kick':
    case 'ban':
    case 'unban':
    case 'invite':
      return core.channels[word](by, { channelId, personId })
    case 'make member':
      return core.channels.setRole(by, { channelId, personId, role: 'member' })
    case 'make moderator':
      return core.channels.setRole(by, { channelId, personId, role: 'moderator' })
    case 'make owner':
      return core.channels.setRole(by, { channelId, personId, role: 'owner' })
    case 'leave community':
      return core.communities.remove(by, { communityId, personId: by.id })
    case 'join community':
      return core.communities.join(by, communityId)
    case 'remove from community':
      return core.communities.remove(founder, { communityId, personId })
  }
}

const leads = (role: Role | undefined): boolean => role === 'owner' || role === 'moderator'

/** Reads a log from its beginning, and fails at the first event that its author or subject had no place for. */
class Reader {
  readonly members = new Map<Id, Role>()
  readonly #banned = new Set<Id>()
  readonly #founder: Id

  constructor(founder: Id) {
    this.#founder = founder
  }

  read(event: LogEvent): void {
    const { author } = event
    switch (event.kind) {
      case 'joined':
        this.#require(author.id === event.subject.id || event.seq === 1, event)
        this.#enter(event.subject.id, event.role, event)
        break
      case 'invited':
        this.#require(this.members.has(author.id), event)
        this.#enter(event.subject.id, event.role, event)
        break
      case 'left':
        this.#require(author.id === event.subject.id, event)
        this.#require(this.members.delete(event.subject.id), event)
        break
      case 'kicked':
        this.#lead(event)
        this.#require(this.members.delete(event.subject.id), event)
        break
      case 'banned':
        this.#lead(event)
        this.members.delete(event.subject.id)
        this.#banned.add(event.subject.id)
        break
      case 'unbanned':
        this.#lead(event)
        this.#require(this.#banned.delete(event.subject.id), event)
        break
      case 'role':
        this.#lead(event)
        this.#require(this.members.has(event.subject.id), event)
        this.members.set(event.subject.id, event.role)
        break
      default:
        this.#require(this.members.has(author.id), event)
    }
  }

  #enter(person: Id, role: Role, event: LogEvent): void {
    this.#require(!this.members.has(person) && !this.#banned.has(person), event)
    this.members.set(person, role)
  }

  #lead(event: LogEvent): void {
    const { id } = event.author
    this.#require(id === this.#founder || leads(this.members.get(id)), event)
  }

  #require(held: boolean, event: LogEvent): void {
    assert.ok(held, `seq ${event.seq}, ${event.kind} by ${event.author.name}`)
  }
}

async function check(ground: Ground, world: World, told: readonly LogEvent[]): Promise<void> {
  const { store } = ground
  const log = await logOf(store, world.channel.id)
  const reader = new Reader(world.founder.id)
  for (const event of log) reader.read(event)
  const { members } = await store.channelMembers(world.channel.id, { limit: 100 })
  assert.deepEqual(
    new Map(members.map(({ person, role }) => [person.id, role])),
    reader.members,
    'the members are what the log says',
  )
  const seqs = told
    .filter(({ channelId }) => channelId === world.channel.id)
    .map(({ seq }) => seq)
    .sort((a, b) => a - b)
  assert.deepEqual(
    seqs,
    log.map(({ seq }) => seq),
    'each event is told once',
  )
}

/** What a person is, as the model has it. */
interface Placed {
  inside: boolean
  role: Role | null
  banned: boolean
  /** Whether the last that happened to their membership is that they left: leaving again is the same. */
  left: boolean
}

const rank = (role: Role | null): number => (role ? { member: 1, moderator: 2, owner: 3 }[role] : 0)

/** Predicts, from the rules as they are written in the contract, whether a step is refused; and takes it where it is not. */
class Model {
  readonly #people: Placed[] = ROLES.map((role) => ({
    inside: true,
    role,
    banned: false,
    left: false,
  }))

  /** Null: not predicted (edits, of which the model keeps no messages). */
  take({ word, by, to }: Step): boolean | null {
    const [me, you] = [this.#people[by], this.#people[to]]
    assert.ok(me && you)
    const self = by === to
    const leading = me.inside && !me.banned && rank(me.role) >= 2
    const above = rank(me.role) === 3 || rank(you.role) < 2
    switch (word) {
      case 'send':
        return me.role !== null
      case 'edit':
        return null
      case 'join':
        return me.inside && !me.banned && this.#enter(me)
      case 'leave':
        if (me.role === null) return me.inside && !me.banned && me.left
        return !this.#lastOwner(me, true) && this.#end(me, true)
      case 'invite':
        if (self) return me.inside && !me.banned && this.#enter(me)
        return me.role !== null && you.inside && !you.banned && this.#enter(you)
      case 'kick':
        return leading && !self && you.role !== null && above && this.#end(you, false)
      case 'ban':
        if (!leading || self || !above) return false
        if (!you.banned) this.#end(you, false)
        you.banned = true
        return true
      case 'unban':
        if (!leading || !you.banned) return false
        you.banned = false
        return true
      case 'make member':
      case 'make moderator':
      case 'make owner':
        return leading && this.#promote(me, you, word.slice(5) as Role)
      case 'leave community':
        return me.inside && this.#leaveCommunity(me, true)
      case 'join community':
        me.inside = true
        return true
      case 'remove from community':
        return you.inside && this.#leaveCommunity(you, false)
    }
  }

  #enter(person: Placed): boolean {
    if (person.role === null) person.left = false
    person.role ??= 'member'
    return true
  }

  #end(person: Placed, left: boolean): boolean {
    person.role = null
    person.left = left
    return true
  }

  #promote(me: Placed, you: Placed, role: Role): boolean {
    if (you.role === null) return false
    if (rank(me.role) < 3 && (role === 'owner' || you.role === 'owner')) return false
    if (role !== 'owner' && this.#lastOwner(you, false)) return false
    you.role = role
    return true
  }

  #leaveCommunity(person: Placed, left: boolean): boolean {
    person.inside = false
    return person.role === null || this.#end(person, left)
  }

  #lastOwner(person: Placed, aloneMayGo: boolean): boolean {
    if (person.role !== 'owner') return false
    const others = this.#people.filter((other) => other !== person && other.role !== null)
    if (others.some(({ role }) => role === 'owner')) return false
    return others.length > 0 || !aloneMayGo
  }
}

const report = { verbose: 1 } as const

async function sequential(t: TestContext, steps: readonly Step[]): Promise<void> {
  const ground = await startGround(t)
  const world = await begin(ground)
  const model = new Model()
  for (const [index, one] of steps.entries()) {
    const predicted = model.take(one)
    const outcome = await outcomeOf(act(ground.core, world, one))
    if (predicted !== null) {
      assert.equal(outcome === '+', predicted, `step ${index}: ${JSON.stringify(one)}: ${outcome}`)
    }
  }
  await check(ground, world, ground.outlet.events)
}

test('one after another, every step ends as the rules say', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), (steps) => sequential(t, steps)),
    { ...report, numRuns: 100 },
  )
})

test('at the same time and on two nodes, nobody writes outside their membership', async (t) => {
  const groups = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(groups, async (plan) => {
      const ground = await startGround(t)
      const world = await begin(ground)
      const other = ground.otherNode()
      const nodes = [ground.core, other.core]
      for (const group of plan) {
        await Promise.all(
          group.map((one, index) => outcomeOf(act(nodes[index % 2] ?? ground.core, world, one))),
        )
      }
      await check(ground, world, [...ground.outlet.events, ...other.outlet.events])
    }),
    { ...report, numRuns: 100 },
  )
})
