/** Communities and who is in them. */
import type { Community, Id, MyCommunity } from '@madang/protocol'
import type { Kysely, Transaction } from 'kysely'
import type { CommunityStanding, NewCommunity, PlaceStore } from '../places.ts'
import { StoreError } from '../store.ts'
import type { Locks } from './locks.ts'
import type { CommunityRow, Tables } from './tables.ts'

/** Bounds that hold inside a commit. */
export interface PlaceLimits {
  readonly communitiesPerPersonMax: number
  readonly channelsPerPersonMax: number
  readonly channelsPerCommunityMax: number
}

export interface PlaceRules {
  readonly limits: PlaceLimits
  readonly locks: Locks
}

type MemberChange = Parameters<PlaceStore['setCommunityMember']>[0]

const toCommunity = (row: CommunityRow): Community => ({
  id: row.id,
  name: row.name,
  visibility: row.visibility,
  createdAt: row.created_at,
})

export const COMMUNITY_COLUMNS = [
  'communities.id',
  'communities.name',
  'communities.visibility',
  'communities.created_at',
] as const

async function nameOf(db: Transaction<Tables>, personId: Id): Promise<string> {
  const row = await db
    .selectFrom('persons')
    .select('name')
    .where('id', '=', personId)
    .executeTakeFirst()
  if (row) return row.name
  throw new StoreError('not_found', 'There is no such person.')
}

async function admit(db: Transaction<Tables>, personId: Id, limits: PlaceLimits): Promise<void> {
  const { count } = await db
    .selectFrom('community_members')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('person_id', '=', personId)
    .where('role', 'is not', null)
    .executeTakeFirstOrThrow()
  if (count < limits.communitiesPerPersonMax) return
  throw new StoreError('limit_reached', 'The person is in communitiesPerPersonMax communities.')
}

export async function createCommunity(
  db: Kysely<Tables>,
  community: NewCommunity,
  { limits, locks }: PlaceRules,
): Promise<void> {
  const { id, name, visibility, createdAt, owner } = community
  await db.transaction().execute(async (transaction) => {
    const made = await transaction
      .insertInto('communities')
      .values({ id, name, visibility, created_at: createdAt })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!made) throw new StoreError('conflict', 'There is a community with this id already.')
    await locks.people(transaction, [owner.id])
    const ownerName = await nameOf(transaction, owner.id)
    await admit(transaction, owner.id, limits)
    await transaction
      .insertInto('community_members')
      .values({
        community_id: id,
        person_id: owner.id,
        name: ownerName,
        role: 'owner',
        banned: 0,
        joined_at: createdAt,
      })
      .execute()
  })
}

export async function communityStanding(
  db: Kysely<Tables>,
  communityId: Id,
  personId: Id,
): Promise<CommunityStanding | null> {
  const row = await db
    .selectFrom('communities')
    .leftJoin('community_members as member', (join) =>
      join
        .onRef('member.community_id', '=', 'communities.id')
        .on('member.person_id', '=', personId),
    )
    .select([...COMMUNITY_COLUMNS, 'member.role', 'member.banned'])
    .where('communities.id', '=', communityId)
    .executeTakeFirst()
  if (!row) return null
  return { community: toCommunity(row), role: row.role, banned: row.banned === 1 }
}

/** The person's own, then the public ones that they are neither in nor banned from; by name. */
export async function communities(
  db: Kysely<Tables>,
  personId: Id,
  limit: number,
): Promise<MyCommunity[]> {
  const mine = await db
    .selectFrom('community_members as member')
    .innerJoin('communities', 'communities.id', 'member.community_id')
    .select([...COMMUNITY_COLUMNS, 'member.role'])
    .where('member.person_id', '=', personId)
    .where('member.role', 'is not', null)
    .execute()
  const open = await db
    .selectFrom('communities')
    .leftJoin('community_members as member', (join) =>
      join
        .onRef('member.community_id', '=', 'communities.id')
        .on('member.person_id', '=', personId),
    )
    .select([...COMMUNITY_COLUMNS, 'member.role'])
    .where('communities.visibility', '=', 'public')
    .where('member.role', 'is', null)
    .where(({ eb, or }) => or([eb('member.banned', 'is', null), eb('member.banned', '=', 0)]))
    .orderBy('communities.name')
    .orderBy('communities.id')
    .limit(limit)
    .execute()
  return [...mine, ...open].map((row) => ({ ...toCommunity(row), role: row.role })).sort(byName)
}

/** By name in code unit order, then by id: the same on every database. */
export function byName(
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

export async function setCommunityMember(
  db: Kysely<Tables>,
  change: MemberChange,
  { limits, locks }: PlaceRules,
): Promise<void> {
  const { communityId, personId, banned, at } = change
  const role = banned ? null : change.role
  await db.transaction().execute(async (transaction) => {
    await locks.people(transaction, [personId])
    const standing = await communityStanding(transaction, communityId, personId)
    if (!standing) throw new StoreError('not_found', 'There is no such community.')
    const name = await nameOf(transaction, personId)
    // Whoever joins and whoever bans may meet: a ban ends only where somebody says so.
    if (standing.banned && role !== null) throw new StoreError('banned', 'The person is banned.')
    const entering = role !== null && standing.role === null
    if (entering) await admit(transaction, personId, limits)
    const row = { name, role, banned: banned ? 1 : 0, ...(entering && { joined_at: at }) }
    await transaction
      .insertInto('community_members')
      .values({ community_id: communityId, person_id: personId, joined_at: at, ...row })
      .onConflict((conflict) => conflict.columns(['community_id', 'person_id']).doUpdateSet(row))
      .execute()
  })
}
