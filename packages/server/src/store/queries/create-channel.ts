/** Makes a channel with its first members, in one commit. */
import type { Channel, Id, LogEvent } from '@madang/protocol'
import type { Kysely, Transaction } from 'kysely'
import type { NewChannel } from '../places.ts'
import { StoreError } from '../store.ts'
import { channelByKey } from './channels.ts'
import { inChunks } from './chunks.ts'
import type { PlaceLimits, PlaceRules } from './communities.ts'
import { toEvent } from './event-row.ts'
import { toChannel } from './my-channels.ts'
import type { ChannelMemberRow, ChannelRow, EventRow, Tables } from './tables.ts'

export interface CreatedChannel {
  readonly channel: Channel
  readonly events: readonly LogEvent[]
}

async function checkCommunity(
  db: Transaction<Tables>,
  { communityId, channelsMax = Number.POSITIVE_INFINITY }: NewChannel,
  limits: PlaceLimits,
): Promise<void> {
  const community = await db
    .selectFrom('communities')
    .select('id')
    .where('id', '=', communityId)
    .executeTakeFirst()
  if (!community) throw new StoreError('not_found', 'There is no such community.')
  const { count } = await db
    .selectFrom('channels')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('community_id', '=', communityId)
    // Direct channels are as many as pairs of people talk, and are bounded per person.
    .where('kind', '!=', 'direct')
    .executeTakeFirstOrThrow()
  if (count < Math.min(limits.channelsPerCommunityMax, channelsMax)) return
  throw new StoreError('limit_reached', 'The community has as many channels as it may have.')
}

/** The names of the members, each of whom must be in the community and have room for one more channel. */
async function checkMembers(
  db: Transaction<Tables>,
  { communityId, members }: NewChannel,
  limits: PlaceLimits,
): Promise<Map<Id, string>> {
  const ids = members.map(({ person }) => person.id)
  const places = await inChunks(ids, (part) =>
    db
      .selectFrom('community_members as place')
      .select(['place.person_id', 'place.name', 'place.role', 'place.banned'])
      .select(({ selectFrom }) =>
        selectFrom('channel_members as member')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('member.person_id', '=', 'place.person_id')
          .where('member.role', 'is not', null)
          .as('channels'),
      )
      .where('place.community_id', '=', communityId)
      .where('place.person_id', 'in', part)
      .execute(),
  )
  const byPerson = new Map(places.map((place) => [place.person_id, place]))
  for (const id of ids) {
    const place = byPerson.get(id)
    if (place?.banned === 1) throw new StoreError('banned', 'A member is banned.')
    if (!place || place.role === null) {
      throw new StoreError('not_member', 'A member is not in the community.')
    }
    if ((place.channels ?? 0) >= limits.channelsPerPersonMax) {
      throw new StoreError('limit_reached', 'A member is in channelsPerPersonMax channels.')
    }
  }
  return new Map(places.map(({ person_id, name }) => [person_id, name]))
}

function eventRow(channel: NewChannel, seq: number): EventRow {
  const member = channel.members[seq - 1]
  if (!member) throw new RangeError(`the channel has no member ${seq}`)
  return {
    channel_id: channel.id,
    seq,
    id: member.eventId,
    kind: member.person.id === channel.author.id ? 'joined' : 'invited',
    created_at: channel.createdAt,
    author_id: channel.author.id,
    author_name: channel.author.name,
    client_id: null,
    lane: null,
    text: null,
    target: null,
    subject_id: member.person.id,
    subject_name: member.person.name,
    role: member.role,
    reason: null,
    name: null,
    topic: null,
    question: null,
    edited_at: null,
    deleted_at: null,
    rev: null,
    question_seq: null,
  }
}

function memberRow(
  channel: NewChannel,
  index: number,
  names: ReadonlyMap<Id, string>,
): ChannelMemberRow {
  const member = channel.members[index]
  if (!member) throw new RangeError(`the channel has no member ${index + 1}`)
  return {
    channel_id: channel.id,
    person_id: member.person.id,
    name: names.get(member.person.id) ?? member.person.name,
    role: member.role,
    banned: 0,
    joined_at: channel.createdAt,
    last_seq: index + 1,
  }
}

/** The first members, and their events; the channel's head is counted already. */
async function enter(
  db: Transaction<Tables>,
  channel: NewChannel,
  names: ReadonlyMap<Id, string>,
): Promise<EventRow[]> {
  const events = channel.members.map((_, index) => eventRow(channel, index + 1))
  await inChunks(events, (part) => db.insertInto('events').values(part).execute())
  const members = channel.members.map((_, index) => memberRow(channel, index, names))
  await inChunks(members, (part) => db.insertInto('channel_members').values(part).execute())
  const cursors = members.map(({ person_id, channel_id, last_seq }) => ({
    person_id,
    channel_id,
    seq: last_seq,
  }))
  await inChunks(cursors, (part) => db.insertInto('cursors').values(part).execute())
  return events
}

/** The epoch only has to differ from that of a log which was there before under the same id. */
function channelRow(channel: NewChannel): ChannelRow {
  return {
    id: channel.id,
    community_id: channel.communityId,
    kind: channel.kind,
    visibility: channel.visibility,
    name: channel.name,
    topic: channel.topic,
    created_at: channel.createdAt,
    key: channel.key ?? null,
    epoch: channel.createdAt.toString(36),
    head: channel.members.length,
    messages: 0,
    renamed_seq: null,
  }
}

async function findByKey(
  db: Transaction<Tables>,
  { communityId, key }: NewChannel,
): Promise<Channel | null> {
  return key === undefined ? null : channelByKey(db, communityId, key)
}

export function createChannel(
  db: Kysely<Tables>,
  channel: NewChannel,
  { limits, locks }: PlaceRules,
): Promise<CreatedChannel> {
  return db.transaction().execute(async (transaction) => {
    const before = await findByKey(transaction, channel)
    if (before) return { channel: before, events: [] }
    await locks.community(transaction, channel.communityId)
    const people = channel.members.map(({ person }) => person.id)
    await locks.people(transaction, people)
    // Whoever held them may have made it.
    const known = await findByKey(transaction, channel)
    if (known) return { channel: known, events: [] }
    await checkCommunity(transaction, channel, limits)
    const names = await checkMembers(transaction, channel, limits)
    const row = channelRow(channel)
    const made = await transaction
      .insertInto('channels')
      .values(row)
      .onConflict((conflict) => conflict.columns(['community_id', 'key']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) return await taken(transaction, channel)
    const events = await enter(transaction, channel, names)
    return { channel: toChannel(row), events: events.map(toEvent) }
  })
}

/** Another node made it between our look and our insert. */
async function taken(db: Transaction<Tables>, channel: NewChannel): Promise<CreatedChannel> {
  const known = await channelByKey(db, channel.communityId, channel.key ?? '')
  if (known) return { channel: known, events: [] }
  throw new StoreError('busy', 'Another node is making this channel.')
}
