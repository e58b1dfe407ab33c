/** Channels with a person's place in them: role, cursor, exact unread count, and who else is in a direct channel. */
import type { Author, Channel, Id, MyChannel, Role } from '@madang/protocol'
import { type Kysely, sql } from 'kysely'
import { inChunks } from './chunks.ts'
import { byName } from './communities.ts'
import type { ChannelRow, Tables } from './tables.ts'

type ListedChannel = Omit<ChannelRow, 'key' | 'renamed_seq'>

/** For queries that call the channels `channel`. */
export const CHANNEL_COLUMNS = [
  'channel.id',
  'channel.community_id',
  'channel.kind',
  'channel.visibility',
  'channel.name',
  'channel.topic',
  'channel.created_at',
  'channel.epoch',
  'channel.head',
  'channel.messages',
] as const

export function toChannel(row: ListedChannel): Channel {
  return {
    id: row.id,
    communityId: row.community_id,
    kind: row.kind,
    visibility: row.visibility,
    name: row.name,
    topic: row.topic,
    createdAt: row.created_at,
    epoch: row.epoch,
    head: row.head,
    messages: row.messages,
  }
}

/**
 * Messages after the cursor, by others, not deleted, for queries that call the channels `channel` and the cursors `reading`. Exact without
 * counting whole logs: a message moves its author's cursor to itself, so that everything after a cursor is by others, and whoever has
 * no cursor has written nothing.
 */
export const UNREAD = sql<number>`case
  when reading.seq is null or reading.seq = 0 then channel.messages
  else (select count(*) from events where events.channel_id = channel.id and events.seq > reading.seq
    and events.kind = 'created' and events.deleted_at is null) end`.as('unread')

/** For queries that also call the memberships `member`. */
const PLACE_COLUMNS = [
  ...CHANNEL_COLUMNS,
  'member.role as role',
  'reading.seq as cursor',
  UNREAD,
] as const

interface PlaceRow extends ListedChannel {
  readonly role: Role | null
  readonly cursor: number | null
  readonly unread: number
}

/** The people in direct channels, by channel. */
export type Peers = ReadonlyMap<Id, readonly Author[]>

export function toMyChannel(row: PlaceRow, personId: Id, peers: Peers): MyChannel {
  const place = {
    ...toChannel(row),
    role: row.role,
    cursor: row.cursor ?? 0,
    unread: row.unread,
  }
  if (row.kind !== 'direct') return place
  return { ...place, peers: (peers.get(row.id) ?? []).filter(({ id }) => id !== personId) }
}

export async function readPeers(
  db: Kysely<Tables>,
  rows: readonly Pick<ChannelRow, 'id' | 'kind'>[],
): Promise<Peers> {
  const direct = new Set(rows.filter(({ kind }) => kind === 'direct').map(({ id }) => id))
  const members = await inChunks([...direct], (ids) =>
    db
      .selectFrom('channel_members')
      .select(['channel_id', 'person_id as id', 'name'])
      .where('channel_id', 'in', ids)
      .where('role', 'is not', null)
      .orderBy('name')
      .orderBy('person_id')
      .execute(),
  )
  const peers = new Map<Id, Author[]>()
  for (const { channel_id, id, name } of members) {
    const known = peers.get(channel_id)
    if (known) known.push({ id, name })
    else peers.set(channel_id, [{ id, name }])
  }
  return peers
}

function placesOf(db: Kysely<Tables>, personId: Id) {
  return db
    .selectFrom('channels as channel')
    .leftJoin('channel_members as member', (join) =>
      join.onRef('member.channel_id', '=', 'channel.id').on('member.person_id', '=', personId),
    )
    .leftJoin('cursors as reading', (join) =>
      join.onRef('reading.channel_id', '=', 'channel.id').on('reading.person_id', '=', personId),
    )
    .select(PLACE_COLUMNS)
}

export async function myChannel(
  db: Kysely<Tables>,
  channelId: Id,
  personId: Id,
): Promise<MyChannel | null> {
  const row = await placesOf(db, personId).where('channel.id', '=', channelId).executeTakeFirst()
  if (!row) return null
  return toMyChannel(row, personId, await readPeers(db, [row]))
}

export async function channelsOf(
  db: Kysely<Tables>,
  communityId: Id,
  personId: Id,
): Promise<MyChannel[]> {
  const rows = await placesOf(db, personId)
    .where('channel.community_id', '=', communityId)
    .where(({ eb, or, and }) =>
      or([
        eb('member.role', 'is not', null),
        and([eb('channel.visibility', '=', 'public'), eb('channel.kind', '!=', 'direct')]),
      ]),
    )
    .execute()
  const peers = await readPeers(db, rows)
  return rows.map((row) => toMyChannel(row, personId, peers)).sort(byName)
}

type OwnedRow = PlaceRow & { readonly person_id: Id }

/** The channels that people are members of, in communities that they are members of. */
export function readMemberships(db: Kysely<Tables>, personIds: readonly Id[]): Promise<OwnedRow[]> {
  return inChunks(personIds, (ids) =>
    db
      .selectFrom('channel_members as member')
      .innerJoin('channels as channel', 'channel.id', 'member.channel_id')
      .innerJoin('community_members as place', (join) =>
        join
          .onRef('place.community_id', '=', 'channel.community_id')
          .onRef('place.person_id', '=', 'member.person_id'),
      )
      .leftJoin('cursors as reading', (join) =>
        join
          .onRef('reading.channel_id', '=', 'channel.id')
          .onRef('reading.person_id', '=', 'member.person_id'),
      )
      .select(PLACE_COLUMNS)
      .select('member.person_id')
      .where('member.person_id', 'in', ids)
      .where('member.role', 'is not', null)
      .where('place.role', 'is not', null)
      .execute(),
  )
}

/** The public live channels of people's communities that they are neither members of nor banned from. */
export function readWatchable(db: Kysely<Tables>, personIds: readonly Id[]): Promise<OwnedRow[]> {
  return inChunks(personIds, (ids) =>
    db
      .selectFrom('community_members as place')
      .innerJoin('channels as channel', 'channel.community_id', 'place.community_id')
      .leftJoin('channel_members as member', (join) =>
        join
          .onRef('member.channel_id', '=', 'channel.id')
          .onRef('member.person_id', '=', 'place.person_id'),
      )
      .leftJoin('cursors as reading', (join) =>
        join
          .onRef('reading.channel_id', '=', 'channel.id')
          .onRef('reading.person_id', '=', 'place.person_id'),
      )
      .select(PLACE_COLUMNS)
      .select('place.person_id')
      .where('place.person_id', 'in', ids)
      .where('place.role', 'is not', null)
      .where('channel.kind', '=', 'live')
      .where('channel.visibility', '=', 'public')
      .where('member.role', 'is', null)
      .where(({ eb, or }) => or([eb('member.banned', 'is', null), eb('member.banned', '=', 0)]))
      .execute(),
  )
}
