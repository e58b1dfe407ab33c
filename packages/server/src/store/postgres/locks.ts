/** Locks of a transaction at PostgreSQL, by name (advisory): no row is written for them. */
import { type Kysely, sql } from 'kysely'
import type { Locks } from '../queries/locks.ts'
import type { Tables } from '../queries/tables.ts'

/** The first of the two numbers of an advisory lock; the second is the hash of an id. Two ids with one hash wait for each other, and no more. */
export const COMMUNITIES = 1_835_099_137
export const PEOPLE = 1_835_099_138

/** By their hashes, in order; those of `exclusive` alone, the others together with others. */
export const LOCK_PEOPLE = `select case
    when is_exclusive then pg_advisory_xact_lock(${PEOPLE}, key)::text
    else pg_advisory_xact_lock_shared(${PEOPLE}, key)::text end
  from (select hashtext(id) as key, bool_or(is_exclusive) as is_exclusive
    from unnest($1::text[], $2::bool[]) as person(id, is_exclusive) group by 1 order by 1) as person`

export const postgresLocks: Locks = {
  async community(db, id) {
    await sql`select pg_advisory_xact_lock(${sql.lit(COMMUNITIES)}, hashtext(${id}))::text`.execute(
      db,
    )
  },
  async people(db, ids) {
    await lockPeople(db, [...ids])
  },
}

async function lockPeople(db: Kysely<Tables>, ids: string[]): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(PEOPLE)}, key)::text
    from (select distinct hashtext(id) as key from unnest(${ids}::text[]) as id order by 1) as person`.execute(
    db,
  )
}
