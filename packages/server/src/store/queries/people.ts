/** Persons, credentials and sessions. */
import type { Id, Person } from '@madang/protocol'
import type { Kysely, Transaction } from 'kysely'
import type { Credentials, NewPerson, Session } from '../people.ts'
import { StoreError } from '../store.ts'
import { inChunks } from './chunks.ts'
import type { Locks } from './locks.ts'
import type { PersonRow, SessionRow, Tables } from './tables.ts'

/** Sessions in one query: a list of values, which is not nested as an OR is. */
const SESSIONS_MAX = 1_000

const toPerson = ({ id, name, kind }: Pick<PersonRow, 'id' | 'name' | 'kind'>): Person => ({
  id,
  name,
  kind,
})

const toPersonRow = (person: NewPerson): Omit<PersonRow, 'operator' | 'disabled'> => ({
  id: person.id,
  name: person.name,
  kind: person.kind,
  created_at: person.createdAt,
  login: person.login ?? null,
  password_hash: person.passwordHash ?? null,
  external_id: person.externalId ?? null,
})

export async function createPerson(db: Kysely<Tables>, person: NewPerson): Promise<boolean> {
  const made = await db
    .insertInto('persons')
    .values(toPersonRow(person))
    .onConflict((conflict) => conflict.column('login').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function person(db: Kysely<Tables>, id: Id): Promise<Person | null> {
  const row = await db
    .selectFrom('persons')
    .select(['id', 'name', 'kind'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toPerson(row) : null
}

/** For lists of members, which are in the order of names. */
export async function rename(db: Transaction<Tables>, personId: Id, name: string): Promise<void> {
  await db
    .updateTable('community_members')
    .set({ name })
    .where('person_id', '=', personId)
    .execute()
  await db.updateTable('channel_members').set({ name }).where('person_id', '=', personId).execute()
}

export async function adoptPerson(
  db: Kysely<Tables>,
  person: NewPerson & { readonly externalId: string },
  locks: Locks,
): Promise<Person> {
  const known = await db
    .selectFrom('persons')
    .select(['id', 'name', 'kind', 'disabled'])
    .where('external_id', '=', person.externalId)
    .executeTakeFirst()
  if (known?.disabled === 1) throw keptOut()
  if (known?.name === person.name) return toPerson(known)
  return db.transaction().execute(async (transaction) => {
    const row = await transaction
      .insertInto('persons')
      .values(toPersonRow(person))
      .onConflict((conflict) => conflict.column('external_id').doUpdateSet({ name: person.name }))
      .returning(['id', 'name', 'kind'])
      .executeTakeFirstOrThrow()
    // Whoever joins somewhere meanwhile does so under the old name, which is there by then, or under the new one.
    await locks.people(transaction, [row.id])
    await rename(transaction, row.id, row.name)
    return toPerson(row)
  })
}

export async function credentials(db: Kysely<Tables>, login: string): Promise<Credentials | null> {
  const row = await db
    .selectFrom('persons')
    .select(['id', 'name', 'kind', 'password_hash'])
    .where('login', '=', login)
    .executeTakeFirst()
  if (!row || row.password_hash === null) return null
  return { person: toPerson(row), passwordHash: row.password_hash }
}

/** Those of the people who are kept out. */
export async function disabledOf(db: Kysely<Tables>, ids: readonly Id[]): Promise<Set<Id>> {
  const rows = await inChunks(ids, (part) =>
    db
      .selectFrom('persons')
      .select('id')
      .where('id', 'in', part)
      .where('disabled', '=', 1)
      .execute(),
  )
  return new Set(rows.map(({ id }) => id))
}

const keptOut = () => new StoreError('banned', 'The person is disabled.')

const toSession = (row: SessionRow): Session => ({
  id: row.id,
  personId: row.person_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

/** Whoever comes in takes out those whose time is over, so that the table does not grow for ever. */
export async function createSession(db: Kysely<Tables>, session: Session): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { personId } = session
    if ((await disabledOf(transaction, [personId])).has(personId)) throw keptOut()
    await transaction.deleteFrom('sessions').where('expires_at', '<=', session.createdAt).execute()
    await transaction
      .insertInto('sessions')
      .values({
        id: session.id,
        person_id: session.personId,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
      })
      .execute()
  })
}

export async function session(
  db: Kysely<Tables>,
  id: string,
  now: number,
): Promise<{ session: Session; person: Person } | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('persons', 'persons.id', 'sessions.person_id')
    .select(['sessions.id', 'person_id', 'sessions.created_at', 'expires_at', 'name', 'kind'])
    .where('sessions.id', '=', id)
    .where('expires_at', '>', now)
    .where('disabled', '=', 0)
    .executeTakeFirst()
  if (!row) return null
  return { session: toSession(row), person: toPerson({ ...row, id: row.person_id }) }
}

export async function missingSessions(
  db: Kysely<Tables>,
  ids: readonly string[],
  now: number,
): Promise<string[]> {
  const rows = await inChunks(
    ids,
    (part) =>
      db
        .selectFrom('sessions')
        .innerJoin('persons', 'persons.id', 'sessions.person_id')
        .select('sessions.id')
        .where('sessions.id', 'in', part)
        .where('expires_at', '>', now)
        .where('disabled', '=', 0)
        .execute(),
    SESSIONS_MAX,
  )
  const present = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => !present.has(id))
}

export async function deleteSession(db: Kysely<Tables>, id: string): Promise<boolean> {
  const gone = await db
    .deleteFrom('sessions')
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return gone !== undefined
}
