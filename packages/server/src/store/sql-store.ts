/** A store over a SQL database: everything that its siblings share, over an engine that knows the one database. */
import type { Id } from '@madang/protocol'
import { LIMITS } from '@madang/protocol'
import type { Kysely } from 'kysely'
import { assertKeepable, keepableOf } from './append/keepable.ts'
import { GroupCommit } from './group-commit.ts'
import { belongings } from './queries/belongings.ts'
import * as channels from './queries/channels.ts'
import type { PlaceRules } from './queries/communities.ts'
import * as communities from './queries/communities.ts'
import { createChannel } from './queries/create-channel.ts'
import { moveCursors, type Reading } from './queries/cursors.ts'
import type { Locks } from './queries/locks.ts'
import * as log from './queries/log.ts'
import * as members from './queries/members.ts'
import { channelsOf, myChannel } from './queries/my-channels.ts'
import * as nodes from './queries/nodes.ts'
import * as people from './queries/people.ts'
import * as roster from './queries/roster.ts'
import * as stats from './queries/stats.ts'
import type { Tables } from './queries/tables.ts'
import { placeVersions } from './queries/versions.ts'
import {
  type Append,
  type AppendResult,
  type CursorMove,
  type EventsRequest,
  type HistoryRequest,
  type MembersRequest,
  type NewChannel,
  type NewCommunity,
  type NewPerson,
  type NodeRecord,
  type PersonChange,
  type PersonsRequest,
  type PlaceStore,
  type Session,
  type StatRow,
  type StatsRequest,
  type Store,
  StoreError,
} from './store.ts'

/** The bounds that a store itself holds, by their names in `LIMITS`. */
export type StoreLimits = Pick<
  Record<keyof typeof LIMITS, number>,
  | 'appendQueueMax'
  | 'appendBatchMax'
  | 'channelsPerPersonMax'
  | 'communitiesPerPersonMax'
  | 'channelsPerCommunityMax'
>

/** Commits a batch of appends in one transaction; results in order. */
export type Commit = (entries: readonly Append[]) => Promise<readonly AppendResult[]>

/** What a store over SQL can be told beyond its database. */
export interface SqlStoreOptions {
  /** In place of the product's own, by name. */
  readonly limits?: Partial<StoreLimits>
  /** Told of each commit of appends: how many entries it held and how long it took, in ms. Must not throw. */
  onCommit?(entries: number, durationMs: number): void
}

export interface SqlEngine {
  readonly name: string
  /** Opens the database, and rejects where its settings do not give durability. */
  open(): Promise<Kysely<Tables>>
  /** Brings the schema up to date, also where several processes begin at once. */
  migrate(db: Kysely<Tables>): Promise<void>
  /** What transactions of the queries hold. */
  readonly locks: Locks
  /** Called when the schema is there. */
  appender(db: Kysely<Tables>, limits: StoreLimits): Commit
  /** Whether nothing was stored, and the same may succeed at once. */
  isTransient(error: unknown): boolean
  toStoreError(error: unknown): StoreError
  close(): Promise<void>
}

interface Opened {
  readonly db: Kysely<Tables>
  readonly appends: GroupCommit<Append, AppendResult>
  readonly moves: GroupCommit<CursorMove, Reading>
}

const UNKEEPABLE: AppendResult = { outcome: 'refused', code: 'invalid' }

/** Tries of what others got in the way of. */
const TRIES_MAX = 5

const closed = () => new StoreError('unavailable', 'The store is not open.')

export class SqlStore implements Store {
  readonly name: string
  readonly #engine: SqlEngine
  readonly #limits: StoreLimits
  readonly #rules: PlaceRules
  readonly #onCommit: (entries: number, durationMs: number) => void
  readonly #calls = new Set<Promise<unknown>>()
  #opened: Opened | null = null
  #stopped: Promise<void> | null = null

  constructor(engine: SqlEngine, options: SqlStoreOptions = {}) {
    this.name = engine.name
    this.#engine = engine
    this.#limits = { ...LIMITS, ...options.limits }
    this.#rules = { limits: this.#limits, locks: engine.locks }
    this.#onCommit = (entries, durationMs) => options.onCommit?.(entries, durationMs)
  }

  async start(): Promise<void> {
    if (this.#stopped || this.#opened) throw closed()
    try {
      const db = await this.#engine.open()
      await this.#engine.migrate(db)
      this.#opened = this.#open(db)
    } catch (error) {
      await this.#engine.close()
      throw this.#engine.toStoreError(error)
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#close()
    return this.#stopped
  }

  async #close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    if (!opened) return
    // Calls that came before go on until they are answered; their groups commit by themselves.
    await Promise.allSettled(this.#calls)
    await this.#engine.close()
  }

  #open(db: Kysely<Tables>): Opened {
    const { appendBatchMax: batchMax, appendQueueMax: queueMax } = this.#limits
    const bounds = { batchMax, queueMax, defer: (run: () => void) => void setImmediate(run) }
    const commit = this.#engine.appender(db, this.#limits)
    const append: Commit = async (entries) => {
      const startedAt = performance.now()
      const results = await this.#again(() => commit(entries))
      this.#onCommit(entries.length, performance.now() - startedAt)
      return results
    }
    const move = (moves: readonly CursorMove[]) =>
      this.#again(() => db.transaction().execute((transaction) => moveCursors(transaction, moves)))
    return {
      db,
      appends: new GroupCommit({ ...bounds, commit: append }),
      moves: new GroupCommit({ ...bounds, commit: move }),
    }
  }

  /** Repeats what did not come to pass because of others; tells errors in the store's words. */
  async #again<T>(run: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await run()
      } catch (error) {
        if (tries < TRIES_MAX && this.#engine.isTransient(error)) continue
        throw this.#engine.toStoreError(error)
      }
    }
  }

  /** Refuses when the store is not open, and lets `stop` wait for the call. */
  async #call<T>(run: (opened: Opened) => Promise<T>): Promise<T> {
    const opened = this.#opened
    if (!opened) throw closed()
    const call = this.#again(() => run(opened))
    this.#calls.add(call)
    try {
      return await call
    } finally {
      this.#calls.delete(call)
    }
  }

  async ping(): Promise<void> {
    await this.#call(({ db }) => db.selectFrom('channels').select('id').limit(1).execute())
  }

  append(entries: readonly Append[]): Promise<AppendResult[]> {
    return this.#call(async ({ appends }) => {
      const { kept, indexes } = keepableOf(entries)
      const results = await appends.submit(kept)
      if (kept.length === entries.length) return results
      const byIndex = new Map(results.map((result, at) => [indexes[at], result]))
      return entries.map((_, index) => byIndex.get(index) ?? UNKEEPABLE)
    })
  }

  eventsAfter(requests: readonly EventsRequest[]) {
    return this.#call(({ db }) => log.eventsAfter(db, requests))
  }

  history(request: HistoryRequest) {
    return this.#call(({ db }) => log.history(db, request))
  }

  heads(channelIds: readonly Id[]) {
    return this.#call(({ db }) => log.heads(db, channelIds))
  }

  createCommunity(community: NewCommunity) {
    return this.#call(async ({ db }) => {
      assertKeepable(community)
      return communities.createCommunity(db, community, this.#rules)
    })
  }

  communityStanding(communityId: Id, personId: Id) {
    return this.#call(({ db }) => communities.communityStanding(db, communityId, personId))
  }

  communities(personId: Id, limit: number) {
    return this.#call(({ db }) => communities.communities(db, personId, limit))
  }

  setCommunityMember(change: Parameters<PlaceStore['setCommunityMember']>[0]) {
    return this.#call(({ db }) => communities.setCommunityMember(db, change, this.#rules))
  }

  communityMembers(communityId: Id, page: MembersRequest) {
    return this.#call(({ db }) => members.communityMembers(db, communityId, page))
  }

  communityBans(communityId: Id, page: MembersRequest) {
    return this.#call(({ db }) => members.communityBans(db, communityId, page))
  }

  channelBans(channelId: Id, page: MembersRequest) {
    return this.#call(({ db }) => members.channelBans(db, channelId, page))
  }

  createChannel(channel: NewChannel) {
    return this.#call(async ({ db }) => {
      assertKeepable(channel)
      return createChannel(db, channel, this.#rules)
    })
  }

  channel(channelId: Id) {
    return this.#call(({ db }) => channels.channel(db, channelId))
  }

  channelByKey(communityId: Id, key: string) {
    return this.#call(({ db }) => channels.channelByKey(db, communityId, key))
  }

  channelStanding(channelId: Id, personId: Id) {
    return this.#call(({ db }) => channels.channelStanding(db, channelId, personId))
  }

  myChannel(channelId: Id, personId: Id) {
    return this.#call(({ db }) => myChannel(db, channelId, personId))
  }

  channels(communityId: Id, personId: Id) {
    return this.#call(({ db }) => channelsOf(db, communityId, personId))
  }

  channelMembers(channelId: Id, page: MembersRequest) {
    return this.#call(({ db }) => members.channelMembers(db, channelId, page))
  }

  belongings(personIds: readonly Id[]) {
    return this.#call(({ db }) => belongings(db, personIds))
  }

  placeVersions(personIds: readonly Id[]) {
    return this.#call(({ db }) => placeVersions(db, personIds))
  }

  moveCursors(moves: readonly CursorMove[]) {
    return this.#call(({ moves: group }) => group.submit(moves))
  }

  createPerson(person: NewPerson) {
    return this.#call(async ({ db }) => {
      assertKeepable(person)
      return people.createPerson(db, person)
    })
  }

  adoptPerson(person: NewPerson & { readonly externalId: string }) {
    return this.#call(async ({ db }) => {
      assertKeepable(person)
      return people.adoptPerson(db, person, this.#engine.locks)
    })
  }

  person(id: Id) {
    return this.#call(({ db }) => people.person(db, id))
  }

  changePerson(id: Id, change: PersonChange) {
    return this.#call(async ({ db }) => {
      assertKeepable(change)
      return roster.changePerson(db, id, change, this.#engine.locks)
    })
  }

  isOperator(id: Id) {
    return this.#call(({ db }) => roster.isOperator(db, id))
  }

  persons(request: PersonsRequest) {
    return this.#call(({ db }) => roster.persons(db, request))
  }

  credentials(login: string) {
    return this.#call(({ db }) => people.credentials(db, login))
  }

  createSession(session: Session) {
    return this.#call(({ db }) => people.createSession(db, session))
  }

  session(id: string, now: number) {
    return this.#call(({ db }) => people.session(db, id, now))
  }

  missingSessions(ids: readonly string[], now: number) {
    return this.#call(({ db }) => people.missingSessions(db, ids, now))
  }

  deleteSession(id: string) {
    return this.#call(({ db }) => people.deleteSession(db, id))
  }

  announceNode(node: NodeRecord, forgetBefore: number) {
    return this.#call(({ db }) => nodes.announceNode(db, node, forgetBefore))
  }

  nodes() {
    return this.#call(({ db }) => nodes.nodes(db))
  }

  forgetNode(id: string, secret: string) {
    return this.#call(({ db }) => nodes.forgetNode(db, id, secret))
  }

  writeStats(rows: readonly StatRow[], forgetBefore: number) {
    return this.#call(({ db }) => stats.writeStats(db, rows, forgetBefore))
  }

  stats(request: StatsRequest) {
    return this.#call(({ db }) => stats.stats(db, request))
  }
}
