/** Pages of members, of a community or of a channel. */
import type { Id, Role } from '@madang/protocol'
import type { Kysely } from 'kysely'
import type { MembersPage, MembersRequest } from '../places.ts'
import { StoreError } from '../store.ts'
import type { PersonRow, Tables } from './tables.ts'

interface MemberRow extends Pick<PersonRow, 'id' | 'name' | 'kind'> {
  readonly role: Role | null
  readonly joined_at: number
}

function toPage(rows: readonly MemberRow[], limit: number): MembersPage {
  const members = rows.slice(0, limit).map(({ id, name, kind, role, joined_at }) => {
    if (role === null) throw new Error('a member has no role')
    return { person: { id, name, kind }, role, joinedAt: joined_at }
  })
  const last = members.at(-1)
  return rows.length > limit && last ? { members, next: last.person.id } : { members }
}

/** A page goes on after a person; the row is there even when the membership has ended meanwhile. */
function found(row: { name: string } | undefined): string {
  if (row) return row.name
  throw new StoreError('invalid', 'No page of members ends there.')
}

export async function communityMembers(
  db: Kysely<Tables>,
  communityId: Id,
  { after, limit }: MembersRequest,
): Promise<MembersPage> {
  let query = db
    .selectFrom('community_members as member')
    .innerJoin('persons', 'persons.id', 'member.person_id')
    .select(['persons.id', 'member.name', 'persons.kind', 'member.role', 'member.joined_at'])
    .where('member.community_id', '=', communityId)
    .where('member.role', 'is not', null)
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
  const rows = await query
    .orderBy('member.name')
    .orderBy('member.person_id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit)
}

export async function channelMembers(
  db: Kysely<Tables>,
  channelId: Id,
  { after, limit }: MembersRequest,
): Promise<MembersPage> {
  let query = db
    .selectFrom('channel_members as member')
    .innerJoin('persons', 'persons.id', 'member.person_id')
    .select(['persons.id', 'member.name', 'persons.kind', 'member.role', 'member.joined_at'])
    .where('member.channel_id', '=', channelId)
    .where('member.role', 'is not', null)
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
  const rows = await query
    .orderBy('member.name')
    .orderBy('member.person_id')
    .limit(limit + 1)
    .execute()
  return toPage(rows, limit)
}
