/** How often the places of people have changed, from indexes alone: what a node asks of everybody who is connected to it. */
import type { Id } from '@madang/protocol'
import type { Kysely } from 'kysely'
import { inChunks } from './chunks.ts'
import type { Tables } from './tables.ts'

/** People in one query: a list of values, which is not nested as an OR is. */
const PEOPLE_MAX = 1_000

/**
 * Rows of memberships are never deleted, and each change of one makes its number greater: so every change makes the person's sum greater, and no two states of
 * a person's places have the same sums.
 */
export async function placeVersions(
  db: Kysely<Tables>,
  personIds: readonly Id[],
): Promise<Map<Id, string>> {
  const ids = [...new Set(personIds)]
  const communities = await sums(ids, (part) =>
    db
      .selectFrom('community_members')
      .select(({ fn }) => ['person_id', fn.sum<number | string>('rev').as('sum')])
      .where('person_id', 'in', part)
      .groupBy('person_id')
      .execute(),
  )
  const channels = await sums(ids, (part) =>
    db
      .selectFrom('channel_members')
      .select(({ fn }) => ['person_id', fn.sum<number | string>('last_seq').as('sum')])
      .where('person_id', 'in', part)
      .groupBy('person_id')
      .execute(),
  )
  return new Map(
    ids.map((id) => [id, `${communities.get(id) ?? 0}.${channels.get(id) ?? 0}`] as const),
  )
}

async function sums(
  ids: readonly Id[],
  query: (
    part: readonly Id[],
  ) => Promise<readonly { readonly person_id: Id; readonly sum: number | string }[]>,
): Promise<ReadonlyMap<Id, number | string>> {
  const rows = await inChunks(ids, query, PEOPLE_MAX)
  return new Map(rows.map(({ person_id, sum }) => [person_id, sum]))
}
