/** People as operators see and change them. */
import type { Id, Person } from '@madang/protocol'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { PersonChange, PersonRecord, PersonsRequest } from '../people.ts'
import type { Locks } from './locks.ts'
import { rename } from './people.ts'
import type { Tables } from './tables.ts'

export async function changePerson(
  db: Kysely<Tables>,
  id: Id,
  { name, operator, disabled }: PersonChange,
  locks: Locks,
): Promise<Person | null> {
  const values = {
    ...(name !== undefined && { name }),
    ...(operator !== undefined && { operator: operator ? 1 : 0 }),
    ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
  }
  return db.transaction().execute(async (transaction) => {
    // Setting the id to itself makes a statement of a change of nothing.
    const row = await transaction
      .updateTable('persons')
      .set({ id, ...values })
      .where('id', '=', id)
      .returning(['id', 'name', 'kind'])
      .executeTakeFirst()
    if (row === undefined) return null
    if (name !== undefined) await renamed(transaction, id, name, locks)
    if (disabled !== undefined) await placesChanged(transaction, id, locks)
    return { id: row.id, name: row.name, kind: row.kind }
  })
}

/** Whoever joins somewhere meanwhile does so under the old name, which is there by then, or under the new one. */
async function renamed(
  transaction: Transaction<Tables>,
  id: Id,
  name: string,
  locks: Locks,
): Promise<void> {
  await locks.people(transaction, [id])
  await rename(transaction, id, name)
}

/** So that every node that compares the versions of its people finds out. */
async function placesChanged(
  transaction: Transaction<Tables>,
  id: Id,
  locks: Locks,
): Promise<void> {
  await locks.people(transaction, [id])
  await transaction
    .updateTable('community_members')
    .set(({ eb }) => ({ rev: eb('rev', '+', 1) }))
    .where('person_id', '=', id)
    .execute()
}

export async function isOperator(db: Kysely<Tables>, id: Id): Promise<boolean> {
  const row = await db
    .selectFrom('persons')
    .select(['operator', 'disabled'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.operator === 1 && row.disabled === 0
}

export async function persons(
  db: Kysely<Tables>,
  { text, operators, after, limit }: PersonsRequest,
): Promise<PersonRecord[]> {
  let query = db
    .selectFrom('persons')
    .select(['id', 'name', 'kind', 'login', 'operator', 'disabled', 'created_at'])
  if (text !== undefined) {
    const part = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    const inName = sql<boolean>`lower(name) like ${part} escape '\\'`
    query = query.where((eb) => eb.or([eb('id', '=', text), eb('login', '=', text), inName]))
  }
  if (operators === true) query = query.where('operator', '=', 1)
  if (after !== undefined) query = query.where('id', '>', after)
  const rows = await query.orderBy('id').limit(limit).execute()
  return rows.map(({ id, name, kind, login, operator, disabled, created_at }) => ({
    person: { id, name, kind },
    login,
    operator: operator === 1,
    disabled: disabled === 1,
    createdAt: created_at,
  }))
}
