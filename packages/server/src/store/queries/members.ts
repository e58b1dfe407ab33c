/** Pages of members, and of those who are kept out: of a community or of a channel. */
import type { Id, Role } from '@madang/protocol'
import type { Kysely } from 'kysely'
import type { BansPage, MembersPage, MembersRequest } from '../places.ts'
import { StoreError } from '../store.ts'
import type { PersonRow, Tables } from './tables.ts'

interface MemberRow extends Pick<PersonRow, 'id' | 'name' | 'kind'> {
  readonly role: Role | null
  readonly joined_at: number
}

/** One more row than a page has says that there is another page. */
function cut(rows: readonly MemberRow[], limit: number) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, end: rows.length > limit && last ? { next: last.id } : {} }
}

function toMembers(rows: readonly MemberRow[], limit: number): MembersPage {
  const { page, end } = cut(rows, limit)
  const members = page.map(({ id, name, kind, role, joined_at }) => {
    if (role === null) throw new Error('a member has no role')
    return { person: { id, name, kind }, role, joinedAt: joined_at }
  })
  return { members, ...end }
}

function toBans(rows: readonly MemberRow[], limit: number): BansPage {
  const { page, end } = cut(rows, limit)
  return { banned: page.map(({ id, name, kind }) => ({ id, name, kind })), ...end }
}

/** A row without a role is left of a membership that has ended, or of a ban. */
type Which = 'members' | 'banned'

/** A page goes on after a person; the row is there even when the membership has ended meanwhile. */
function found(row: { name: string } | undefined): string {
  if (row) return row.name
  throw new StoreError('invalid', 'No page of members ends there.')
}

async function communityRows(
  db: Kysely<Tables>,
  communityId: Id,
  { after, limit }: MembersRequest,
  which: Which,
): Promise<readonly MemberRow[]> {
  let query = db
    .selectFrom('community_members as member')
    .innerJoin('persons', 'persons.id', 'member.person_id')
    .select(['persons.id', 'member.name', 'persons.kind', 'member.role', 'member.joined_at'])
    .where('member.community_id', '=', communityId)
    .where(({ eb }) =>
      which === 'banned' ? eb('member.banned', '=', 1) : eb('member.role', 'is not', null),
    )
  if (after !== undefined) {
    const place = await db
      .selectFrom('community_members')
      .select('name')
      .where('community_id', '=', communityId)
      .where('person_id', '=', after)
      .executeTakeFirst()
    const name = found(place)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('member.name', 'member.person_id'), '>', tuple(name, after)),
    )
  }
  return query
    .orderBy('member.name')
    .orderBy('member.person_id')
    .limit(limit + 1)
    .execute()
}

async function channelRows(
  db: Kysely<Tables>,
  channelId: Id,
  { after, limit }: MembersRequest,
  which: Which,
): Promise<readonly MemberRow[]> {
  let query = db
    .selectFrom('channel_members as member')
    .innerJoin('persons', 'persons.id', 'member.person_id')
    .select(['persons.id', 'member.name', 'persons.kind', 'member.role', 'member.joined_at'])
    .where('member.channel_id', '=', channelId)
    .where(({ eb }) =>
      which === 'banned' ? eb('member.banned', '=', 1) : eb('member.role', 'is not', null),
    )
  if (after !== undefined) {
    const place = await db
      .selectFrom('channel_members')
      .select('name')
      .where('channel_id', '=', channelId)
      .where('person_id', '=', after)
      .executeTakeFirst()
    const name = found(place)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('member.name', 'member.person_id'), '>', tuple(name, after)),
    )
  }
  return query
    .orderBy('member.name')
    .orderBy('member.person_id')
    .limit(limit + 1)
    .execute()
}

export const communityMembers = async (
  db: Kysely<Tables>,
  communityId: Id,
  page: MembersRequest,
): Promise<MembersPage> =>
  toMembers(await communityRows(db, communityId, page, 'members'), page.limit)

export const communityBans = async (
  db: Kysely<Tables>,
  communityId: Id,
  page: MembersRequest,
): Promise<BansPage> => toBans(await communityRows(db, communityId, page, 'banned'), page.limit)

export const channelMembers = async (
  db: Kysely<Tables>,
  channelId: Id,
  page: MembersRequest,
): Promise<MembersPage> => toMembers(await channelRows(db, channelId, page, 'members'), page.limit)

export const channelBans = async (
  db: Kysely<Tables>,
  channelId: Id,
  page: MembersRequest,
): Promise<BansPage> => toBans(await channelRows(db, channelId, page, 'banned'), page.limit)
