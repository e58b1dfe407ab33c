/** Channels, and what a person is in one. */
import type { Channel, Id } from '@madang/protocol'
import type { Kysely } from 'kysely'
import type { ChannelStanding } from '../places.ts'
import { CHANNEL_COLUMNS, toChannel } from './my-channels.ts'
import type { Tables } from './tables.ts'

export async function channel(db: Kysely<Tables>, channelId: Id): Promise<Channel | null> {
  const row = await db
    .selectFrom('channels as channel')
    .select(CHANNEL_COLUMNS)
    .where('channel.id', '=', channelId)
    .executeTakeFirst()
  return row ? toChannel(row) : null
}

export async function channelByKey(
  db: Kysely<Tables>,
  communityId: Id,
  key: string,
): Promise<Channel | null> {
  const row = await db
    .selectFrom('channels as channel')
    .select(CHANNEL_COLUMNS)
    .where('channel.community_id', '=', communityId)
    .where('channel.key', '=', key)
    .executeTakeFirst()
  return row ? toChannel(row) : null
}

export async function channelStanding(
  db: Kysely<Tables>,
  channelId: Id,
  personId: Id,
): Promise<ChannelStanding | null> {
  const row = await db
    .selectFrom('channels as channel')
    .innerJoin('communities as community', 'community.id', 'channel.community_id')
    .leftJoin('community_members as place', (join) =>
      join.onRef('place.community_id', '=', 'community.id').on('place.person_id', '=', personId),
    )
    .leftJoin('channel_members as member', (join) =>
      join.onRef('member.channel_id', '=', 'channel.id').on('member.person_id', '=', personId),
    )
    .select(CHANNEL_COLUMNS)
    .select([
      'community.name as community_name',
      'community.visibility as community_visibility',
      'community.created_at as community_created_at',
      'place.role as community_role',
      'place.banned as community_banned',
      'member.role as channel_role',
      'member.banned as channel_banned',
    ])
    .where('channel.id', '=', channelId)
    .executeTakeFirst()
  if (!row) return null
  return {
    community: {
      id: row.community_id,
      name: row.community_name,
      visibility: row.community_visibility,
      createdAt: row.community_created_at,
    },
    role: row.community_role,
    banned: row.community_banned === 1,
    channel: toChannel(row),
    channelRole: row.channel_role,
    channelBanned: row.channel_banned === 1,
  }
}
