/** Loads the rows that a batch of appends needs into its working set, locked, in one round trip. */
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
import { LOCK_PEOPLE } from './locks.ts'
import { type Queries, together } from './together.ts'

const LOCK_CHANNELS =
  'select * from channels where id = any($1::text[]) order by id for no key update'
const ONCE = `select events.* from unnest($1::text[], $2::text[]) as wanted(author_id, client_id)
  join events on events.client_id = wanted.client_id and events.author_id = wanted.author_id`
const EVENTS = `select events.* from unnest($1::text[], $2::bigint[]) as wanted(channel_id, seq)
  join events on events.channel_id = wanted.channel_id and events.seq = wanted.seq`
const MEMBERS = `select member.* from unnest($1::text[], $2::text[]) as wanted(channel_id, person_id)
  join channel_members as member
    on member.channel_id = wanted.channel_id and member.person_id = wanted.person_id`
const PLACES = `select distinct place.* from unnest($1::text[], $2::text[]) as wanted(channel_id, person_id)
  join channels on channels.id = wanted.channel_id
  join community_members as place
    on place.community_id = channels.community_id and place.person_id = wanted.person_id`
const SUBJECTS = 'select id, name from persons where id = any($1::text[])'
const MEMBERSHIPS = `select person_id, count(*) as count from channel_members
  where person_id = any($1::text[]) and role is not null group by person_id`

/** Two columns of a list of pairs, each pair once. */
class Pairs<B extends string | number> {
  readonly #pairs = new Map<string, readonly [string, B]>()

  add(first: string, second: B): void {
    this.#pairs.set(pair(first, second), [first, second])
  }

  get columns(): [string[], B[]] {
    const pairs = [...this.#pairs.values()]
    return [pairs.map(([first]) => first), pairs.map(([, second]) => second)]
  }
}

/** What a batch is about. */
class Wanted {
  readonly channels = new Set<Id>()
  readonly once = new Pairs<string>()
  readonly targets = new Pairs<number>()
  readonly places = new Pairs<string>()
  readonly subjects = new Set<Id>()
  /** Person → whether something is decided on them. */
  readonly people = new Map<Id, boolean>()

  constructor(appends: readonly Append[]) {
    for (const append of appends) this.#add(append)
  }

  #add({ channelId, author, needs, entry }: Append): void {
    this.channels.add(channelId)
    const clientId = clientIdOf(entry)
    if (clientId !== undefined) this.once.add(author.id, clientId)
    if (needs !== 'nothing') {
      this.places.add(channelId, author.id)
      if (!this.people.has(author.id)) this.people.set(author.id, false)
    }
    if ('target' in entry) this.targets.add(channelId, entry.target)
    if ('subject' in entry) {
      this.places.add(channelId, entry.subject.id)
      this.subjects.add(entry.subject.id)
      this.people.set(entry.subject.id, true)
    }
  }
}

/** Within a transaction, as its first statements. */
export async function load(
  queries: Queries,
  set: WorkingSet,
  appends: readonly Append[],
): Promise<void> {
  const wanted = new Wanted(appends)
  const subjects = [...wanted.subjects]
  const people = [...wanted.people]
  const [, channels, , once, events, members, places, persons, counts] = await together([
    queries.query('begin'),
    queries.query<ChannelRow>(LOCK_CHANNELS, [[...wanted.channels]]),
    queries.query(LOCK_PEOPLE, [
      people.map(([id]) => id),
      people.map(([, exclusive]) => exclusive),
    ]),
    queries.query<EventRow>(ONCE, wanted.once.columns),
    queries.query<EventRow>(EVENTS, wanted.targets.columns),
    queries.query<ChannelMemberRow>(MEMBERS, wanted.places.columns),
    queries.query<CommunityMemberRow>(PLACES, wanted.places.columns),
    queries.query<Subject>(SUBJECTS, [subjects]),
    queries.query<{ person_id: Id; count: number }>(MEMBERSHIPS, [subjects]),
  ])
  for (const row of channels) set.channels.set(row.id, row)
  for (const row of once) set.once.set(pair(row.author_id, row.client_id ?? ''), row)
  putEvents(set, events)
  for (const row of members) set.members.set(pair(row.channel_id, row.person_id), row)
  for (const row of places) set.communityMembers.set(pair(row.community_id, row.person_id), row)
  for (const row of persons) set.subjects.set(row.id, row)
  for (const id of subjects) set.memberships.set(id, 0)
  for (const { person_id, count } of counts) set.memberships.set(person_id, count)
}

/** Events that turn out to be wanted later: those that stand for repeated entries. */
export async function loadEvents(
  queries: Queries,
  set: WorkingSet,
  places: readonly EventPlace[],
): Promise<void> {
  const missing = new Pairs<number>()
  for (const { channelId, seq } of places) {
    if (!set.events.has(pair(channelId, seq))) missing.add(channelId, seq)
  }
  const columns = missing.columns
  if (columns[0].length > 0) putEvents(set, await queries.query<EventRow>(EVENTS, columns))
}

function putEvents(set: WorkingSet, rows: readonly EventRow[]): void {
  for (const row of rows) set.events.set(pair(row.channel_id, row.seq), row)
}
