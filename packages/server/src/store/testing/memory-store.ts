/**
 * A store that keeps nothing: for runs of many thousand stores, each of which lives for a moment. What becomes of an entry is decided by the code of the
 * other stores, and it passes their suite; what it cannot show is a database. A call takes no turn of the event loop, only of its promises.
 */
import { LIMITS } from '@madang/protocol'
import { assertKeepable, keepableOf } from '../append/keepable.ts'
import { GroupCommit } from '../group-commit.ts'
import type { StoreLimits } from '../sql-store.ts'
import { type Append, type AppendResult, type Store, StoreError } from '../store.ts'
import { append } from './memory/appending.ts'
import * as counts from './memory/counts.ts'
import * as making from './memory/making.ts'
import * as people from './memory/people.ts'
import * as places from './memory/places.ts'
import { Rows } from './memory/rows.ts'

const closed = () => new StoreError('unavailable', 'The store is not open.')
const UNKEEPABLE: AppendResult = { outcome: 'refused', code: 'invalid' }

/** `rows`: what is in it, to begin with. */
export function createMemoryStore(rows: Rows = new Rows(), limits: StoreLimits = LIMITS): Store {
  const life = new Life()
  const call = <T>(run: () => T | Promise<T>): Promise<T> => life.call(run)
  return {
    name: 'memory',
    start: () => life.start(),
    stop: () => life.stop(),
    ping: () => call(() => {}),
    ...logOf(rows, limits, call),
    ...placesOf(rows, limits, call),
    ...peopleOf(rows, call),
    ...nodesOf(rows, call),
    writeStats: (written, forgetBefore) =>
      call(() => counts.writeStats(rows, written, forgetBefore)),
    stats: (request) => call(() => counts.stats(rows, request)),
  }
}

type Call = <T>(run: () => T | Promise<T>) => Promise<T>

class Life {
  readonly #calls = new Set<Promise<unknown>>()
  #state: 'new' | 'open' | 'closed' = 'new'

  async start(): Promise<void> {
    if (this.#state !== 'new') throw closed()
    this.#state = 'open'
  }

  async stop(): Promise<void> {
    this.#state = 'closed'
    await Promise.allSettled(this.#calls)
  }

  async call<T>(run: () => T | Promise<T>): Promise<T> {
    if (this.#state !== 'open') throw closed()
    const made = run()
    if (!(made instanceof Promise)) return made
    this.#calls.add(made)
    try {
      return await made
    } finally {
      this.#calls.delete(made)
    }
  }
}

function logOf(rows: Rows, limits: StoreLimits, call: Call) {
  const commits = new GroupCommit<Append, AppendResult>({
    commit: async (entries) => append(rows, entries, limits),
    batchMax: limits.appendBatchMax,
    queueMax: limits.appendQueueMax,
    defer: queueMicrotask,
  })
  return {
    append: (entries) =>
      call(async () => {
        const { kept, indexes } = keepableOf(entries)
        const results = await commits.submit(kept)
        if (kept.length === entries.length) return results
        const byIndex = new Map(results.map((result, at) => [indexes[at], result]))
        return entries.map((_, index) => byIndex.get(index) ?? UNKEEPABLE)
      }),
    eventsAfter: (requests) =>
      call(() =>
        requests.map(({ channelId, after, limit }) => ({
          channelId,
          events: places.eventsAfter(rows, channelId, after, limit),
          head: rows.logs.get(channelId)?.length ?? 0,
        })),
      ),
    history: (request) => call(() => places.history(rows, request)),
    heads: (channelIds) =>
      call(() => {
        const known = channelIds.filter((id) => rows.channels.has(id))
        return new Map(known.map((id) => [id, rows.channels.get(id)?.head ?? 0]))
      }),
  } satisfies Partial<Store>
}

function placesOf(rows: Rows, limits: StoreLimits, call: Call) {
  return {
    createCommunity: (community) =>
      call(() => {
        assertKeepable(community)
        making.createCommunity(rows, community, limits)
      }),
    communityStanding: (id, personId) => call(() => places.communityStanding(rows, id, personId)),
    communities: (personId, limit) => call(() => places.communities(rows, personId, limit)),
    setCommunityMember: (change) => call(() => making.setCommunityMember(rows, change, limits)),
    communityMembers: (id, page) =>
      call(() => places.membersPage(rows, rows.communityMembers.of(id), page)),
    communityBans: (id, page) =>
      call(() => places.bansPage(rows, rows.communityMembers.of(id), page)),
    createChannel: (channel) =>
      call(() => {
        assertKeepable(channel)
        return making.createChannel(rows, channel, limits)
      }),
    channel: (id) => call(() => places.channelOf(rows, id)),
    channelByKey: (id, key) => call(() => places.channelByKey(rows, id, key)),
    channelStanding: (id, personId) => call(() => places.channelStanding(rows, id, personId)),
    myChannel: (id, personId) => call(() => places.myChannel(rows, id, personId)),
    channels: (id, personId) => call(() => places.channels(rows, id, personId)),
    channelMembers: (id, page) => call(() => places.membersPage(rows, rows.members.of(id), page)),
    channelBans: (id, page) => call(() => places.bansPage(rows, rows.members.of(id), page)),
    belongings: (ids) => call(() => ids.map((id) => places.belongings(rows, id))),
    placeVersions: (ids) =>
      call(() => new Map(ids.map((id) => [id, places.placeVersion(rows, id)] as const))),
    moveCursors: (moves) => call(() => moves.map((move) => places.moveCursor(rows, move))),
  } satisfies Partial<Store>
}

function peopleOf(rows: Rows, call: Call) {
  return {
    createPerson: (person) =>
      call(() => {
        assertKeepable(person)
        return people.createPerson(rows, person)
      }),
    adoptPerson: (person) =>
      call(() => {
        assertKeepable(person)
        return people.adoptPerson(rows, person)
      }),
    person: (id) => call(() => people.personOf(rows, id)),
    changePerson: (id, change) => call(() => people.changePerson(rows, id, change)),
    isOperator: (id) =>
      call(() => rows.persons.get(id)?.operator === 1 && !people.isDisabled(rows, id)),
    persons: (request) => call(() => people.persons(rows, request)),
    credentials: (login) => call(() => people.credentials(rows, login)),
    createSession: (session) => call(() => people.createSession(rows, session)),
    session: (id, now) => call(() => people.session(rows, id, now)),
    missingSessions: (ids, now) => call(() => people.missingSessions(rows, ids, now)),
    deleteSession: (id) => call(() => rows.sessions.delete(id)),
  } satisfies Partial<Store>
}

function nodesOf(rows: Rows, call: Call) {
  return {
    announceNode: ({ id, address, secret, seenAt }, forgetBefore) =>
      call(() => {
        rows.nodes.set(id, { id, address, secret, seen_at: seenAt })
        for (const [key, { seen_at }] of rows.nodes) {
          if (key !== id && seen_at < forgetBefore) rows.nodes.delete(key)
        }
      }),
    nodes: () =>
      call(() =>
        [...rows.nodes.values()]
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .map(({ id, address, secret, seen_at: seenAt }) => ({ id, address, secret, seenAt })),
      ),
    forgetNode: (id, secret) =>
      call(() => {
        if (rows.nodes.get(id)?.secret === secret) rows.nodes.delete(id)
      }),
  } satisfies Partial<Store>
}
