/** The directory of nodes. */
import type { Kysely } from 'kysely'
import type { NodeRecord } from '../nodes.ts'
import type { NodeRow, Tables } from './tables.ts'

const toNode = ({ id, address, secret, seen_at }: NodeRow): NodeRecord => ({
  id,
  address,
  secret,
  seenAt: seen_at,
})

/** Two statements and no transaction: each of them is right without the other. */
export async function announceNode(
  db: Kysely<Tables>,
  { id, address, secret, seenAt }: NodeRecord,
  forgetBefore: number,
): Promise<void> {
  const row = { address, secret, seen_at: seenAt }
  await db
    .insertInto('nodes')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  const silent = await db
    .selectFrom('nodes')
    .select('id')
    .where('seen_at', '<', forgetBefore)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst()
  // A delete that finds nothing would still wait for the database's other writers.
  if (silent === undefined) return
  await db.deleteFrom('nodes').where('seen_at', '<', forgetBefore).where('id', '!=', id).execute()
}

export async function nodes(db: Kysely<Tables>): Promise<NodeRecord[]> {
  const rows = await db.selectFrom('nodes').selectAll().orderBy('id').execute()
  return rows.map(toNode)
}

export async function forgetNode(db: Kysely<Tables>, id: string, secret: string): Promise<void> {
  await db.deleteFrom('nodes').where('id', '=', id).where('secret', '=', secret).execute()
}
