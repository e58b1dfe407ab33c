/** What happened when. */
import { type Kysely, sql } from 'kysely'
import type { StatRow, StatsRequest } from '../stats.ts'
import { inChunks } from './chunks.ts'
import type { Tables } from './tables.ts'

export async function writeStats(
  db: Kysely<Tables>,
  rows: readonly StatRow[],
  forgetBefore: number,
): Promise<void> {
  await inChunks(rows, async (part) => {
    await db
      .insertInto('stats')
      .values(part.map((row) => ({ ...row })))
      .onConflict((conflict) =>
        conflict
          .columns(['at', 'node', 'name'])
          .doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      )
      .execute()
    return []
  })
  const old = await db
    .selectFrom('stats')
    .select('at')
    .where('at', '<', forgetBefore)
    .limit(1)
    .execute()
  // A delete that finds nothing would still wait for the database's other writers.
  if (old.length > 0) await db.deleteFrom('stats').where('at', '<', forgetBefore).execute()
}

export async function stats(
  db: Kysely<Tables>,
  { from, to, stepMs, as, names, limit }: StatsRequest,
): Promise<StatRow[]> {
  const step = Math.max(1, Math.trunc(stepMs))
  // Whole numbers in both databases: what is left of a division is taken away.
  const at = sql<number>`stats.at - stats.at % ${sql.lit(step)}`
  const node = as === 'sum' ? sql<string>`''` : sql<string>`node`
  const value = as === 'sum' ? sql<number>`sum(value)` : sql<number>`avg(value)`
  const rows = await db
    .selectFrom('stats')
    .select(['name', at.as('at'), node.as('node'), value.as('value')])
    .where('at', '>=', from)
    .where('at', '<', to)
    .where((eb) => eb.or(names.map((name) => eb('name', 'like', `${name}%`))))
    .groupBy(as === 'sum' ? [at, 'name'] : [at, 'node', 'name'])
    .orderBy(at, 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, at: Number(row.at), value: Number(row.value) })).sort(inOrder)
}

export function inOrder(a: StatRow, b: StatRow): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.node !== b.node) return a.node < b.node ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
