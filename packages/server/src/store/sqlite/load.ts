/** Loads the rows that a batch of appends needs into its working set, each once, by primary key or unique index. */
import type { Id } from '@madang/protocol'
import { clientIdOf } from '../append/decision.ts'
import { type EventPlace, pair, type Subject, type WorkingSet } from '../append/working-set.ts'
import type { Append } from '../log.ts'
import type {
  ChannelMemberRow,
  ChannelRow,
  CommunityMemberRow,
  EventRow,
} from '../queries/tables.ts'
import type { Database, Statement, Value } from './database.ts'

/** A statement whose rows are of a known shape: the schema is ours, and the migrations are checked before. */
interface Lookup<R> {
  find(...values: readonly Value[]): R | null
}

function lookup<R>(statement: Statement): Lookup<R> {
  return { find: (...values) => (statement.get(values) as R | undefined) ?? null }
}

export class Loader {
  readonly #channel: Lookup<ChannelRow>
  readonly #member: Lookup<ChannelMemberRow>
  readonly #communityMember: Lookup<CommunityMemberRow>
  readonly #subject: Lookup<Subject>
  readonly #memberships: Lookup<{ count: number }>
  readonly #once: Lookup<EventRow>
  readonly #event: Lookup<EventRow>

  constructor(database: Database) {
    const prepare = <R>(sql: string) => lookup<R>(database.prepare(sql))
    this.#channel = prepare('select * from channels where id = ?')
    this.#member = prepare('select * from channel_members where channel_id = ? and person_id = ?')
    this.#communityMember = prepare(
      'select * from community_members where community_id = ? and person_id = ?',
    )
    this.#subject = prepare('select id, name from persons where id = ?')
    this.#memberships = prepare(
      'select count(*) as count from channel_members where person_id = ? and role is not null',
    )
    this.#once = prepare('select * from events where author_id = ? and client_id = ?')
    this.#event = prepare('select * from events where channel_id = ? and seq = ?')
  }

  load(set: WorkingSet, appends: readonly Append[]): void {
    for (const append of appends) {
      const channel = this.#loadChannel(set, append.channelId)
      if (channel === null) continue
      this.#loadOnce(set, append)
      if (append.needs !== 'nothing') this.#loadPlace(set, channel, append.author.id)
      if ('target' in append.entry) {
        this.loadEvent(set, { channelId: channel.id, seq: append.entry.target })
      }
      if ('subject' in append.entry) this.#loadSubject(set, channel, append.entry.subject.id)
    }
  }

  loadEvent(set: WorkingSet, place: EventPlace): EventRow | null {
    const key = pair(place.channelId, place.seq)
    let row = set.events.get(key)
    if (row === undefined) {
      row = this.#event.find(place.channelId, place.seq)
      set.events.set(key, row)
    }
    return row
  }

  #loadChannel(set: WorkingSet, channelId: Id): ChannelRow | null {
    let row = set.channels.get(channelId)
    if (row === undefined) {
      row = this.#channel.find(channelId)
      set.channels.set(channelId, row)
    }
    return row
  }

  #loadOnce(set: WorkingSet, append: Append): void {
    const clientId = clientIdOf(append.entry)
    if (clientId === undefined) return
    const key = pair(append.author.id, clientId)
    if (!set.once.has(key)) set.once.set(key, this.#once.find(append.author.id, clientId))
  }

  #loadPlace(set: WorkingSet, channel: ChannelRow, personId: Id): void {
    const inChannel = pair(channel.id, personId)
    if (!set.members.has(inChannel)) {
      set.members.set(inChannel, this.#member.find(channel.id, personId))
    }
    const inCommunity = pair(channel.community_id, personId)
    if (!set.communityMembers.has(inCommunity)) {
      const row = this.#communityMember.find(channel.community_id, personId)
      set.communityMembers.set(inCommunity, row)
    }
  }

  #loadSubject(set: WorkingSet, channel: ChannelRow, personId: Id): void {
    this.#loadPlace(set, channel, personId)
    if (set.subjects.has(personId)) return
    set.subjects.set(personId, this.#subject.find(personId))
    set.memberships.set(personId, this.#memberships.find(personId)?.count ?? 0)
  }
}
