/** The tables of a store in memory: the same rows as in a database, by their keys. */
import type { Id } from '@madang/protocol'
import type { Selectable } from 'kysely'
import { pair } from '../../append/working-set.ts'
import type {
  ChannelMemberRow,
  ChannelRow,
  CommunityMemberRow,
  CommunityRow,
  EventRow,
  NodeRow,
  PersonRow,
  SessionRow,
} from '../../queries/tables.ts'
import type { StatRow } from '../../stats.ts'

/** Rows with two keys: by both, and all of one of the two. */
export class Pairs<Row extends object> {
  readonly #rows = new Map<string, Row>()
  readonly #byFirst = new Map<Id, Row[]>()
  readonly #bySecond = new Map<Id, Row[]>()

  get(first: Id, second: Id): Row | undefined {
    return this.#rows.get(pair(first, second))
  }

  of(first: Id): readonly Row[] {
    return this.#byFirst.get(first) ?? []
  }

  in(second: Id): readonly Row[] {
    return this.#bySecond.get(second) ?? []
  }

  copy(keysOf: (row: Row) => readonly [Id, Id]): Pairs<Row> {
    const copy = new Pairs<Row>()
    for (const row of this.#rows.values()) copy.add(...keysOf(row), { ...row })
    return copy
  }

  /** Rows are changed in place afterwards. */
  add(first: Id, second: Id, row: Row): void {
    this.#rows.set(pair(first, second), row)
    put(this.#byFirst, first, row)
    put(this.#bySecond, second, row)
  }
}

function copied<Key, Row extends object>(rows: ReadonlyMap<Key, Row> = new Map()): Map<Key, Row> {
  const copy = new Map<Key, Row>()
  for (const [key, row] of rows) copy.set(key, { ...row })
  return copy
}

function put<Row>(lists: Map<Id, Row[]>, key: Id, row: Row): void {
  const list = lists.get(key)
  if (list) list.push(row)
  else lists.set(key, [row])
}

export class Rows {
  readonly persons: Map<Id, Selectable<PersonRow>>
  readonly sessions: Map<string, SessionRow>
  readonly communities: Map<Id, CommunityRow>
  /** By community and person. */
  readonly communityMembers: Pairs<CommunityMemberRow>
  readonly channels: Map<Id, ChannelRow>
  /** By channel and person. */
  readonly members: Pairs<ChannelMemberRow>
  /** By person and channel. */
  readonly cursors: Map<string, number>
  /** Channel → its log, the event of seq 1 first. */
  readonly logs = new Map<Id, EventRow[]>()
  /** By author and client id. */
  readonly once = new Map<string, EventRow>()
  readonly nodes = new Map<string, NodeRow>()
  /** By time, node and name. */
  readonly stats = new Map<string, StatRow>()

  /** A copy of what is there by now. */
  constructor(from?: Rows) {
    this.persons = copied(from?.persons)
    this.sessions = copied(from?.sessions)
    this.communities = copied(from?.communities)
    this.communityMembers =
      from?.communityMembers.copy((row) => [row.community_id, row.person_id]) ?? new Pairs()
    this.channels = copied(from?.channels)
    this.members = from?.members.copy((row) => [row.channel_id, row.person_id]) ?? new Pairs()
    this.cursors = new Map(from?.cursors)
    for (const [channelId, log] of from?.logs ?? []) {
      this.logs.set(channelId, [])
      for (const row of log) this.append({ ...row })
    }
  }

  event(channelId: Id, seq: number): EventRow | undefined {
    return this.logs.get(channelId)?.[seq - 1]
  }

  append(row: EventRow): void {
    const log = this.logs.get(row.channel_id)
    if (log) log.push(row)
    else this.logs.set(row.channel_id, [row])
    if (row.client_id !== null) this.once.set(pair(row.author_id, row.client_id), row)
  }

  /** Forward only. */
  moveCursor(personId: Id, channelId: Id, seq: number): void {
    const key = pair(personId, channelId)
    const known = this.cursors.get(key)
    if (known === undefined || seq > known) this.cursors.set(key, seq)
  }

  cursor(personId: Id, channelId: Id): number | undefined {
    return this.cursors.get(pair(personId, channelId))
  }

  /** Messages after the cursor that are not deleted: whatever follows on a cursor is by others. */
  unread(personId: Id, channelId: Id): number {
    const cursor = this.cursor(personId, channelId) ?? 0
    const log = this.logs.get(channelId) ?? []
    let count = 0
    for (let at = cursor; at < log.length; at += 1) {
      const row = log[at]
      if (row?.kind === 'created' && row.deleted_at === null) count += 1
    }
    return count
  }

  channelsOf(personId: Id): number {
    return this.members.in(personId).filter(({ role }) => role !== null).length
  }
}
