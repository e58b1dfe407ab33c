/** Brings a database to the schema that this code knows, and refuses one that is ahead of it. */
import type { Kysely } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration'
import type { Tables } from '../queries/tables.ts'
import { StoreError } from '../store.ts'
import { firstSchema } from './0001-first-schema.ts'
import { nodesSchema } from './0002-nodes.ts'
import { placeVersions } from './0003-place-versions.ts'
import { operators } from './0004-operators.ts'
import { stats } from './0005-stats.ts'
import { disabled } from './0006-disabled.ts'

/** Name → migration, in the order of the names. A migration that was released is never changed, only followed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-schema': firstSchema,
  '0002-nodes': nodesSchema,
  '0003-place-versions': placeVersions,
  '0004-operators': operators,
  '0005-stats': stats,
  '0006-disabled': disabled,
}

async function applied(db: Kysely<Tables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return []
  const rows = await db
    .withTables<{ [DEFAULT_MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(DEFAULT_MIGRATION_TABLE)
    .select('name')
    .execute()
  return rows.map(({ name }) => name)
}

/** Rejects with `StoreError` (`unavailable`) where the database was written by a newer version; with the driver's error where a migration fails. */
export async function migrate(db: Kysely<Tables>, migrations = MIGRATIONS): Promise<void> {
  const unknown = (await applied(db)).find((name) => !Object.hasOwn(migrations, name))
  if (unknown !== undefined) {
    throw new StoreError(
      'unavailable',
      `The database has a newer schema (${unknown}) than this version knows; start the newer version.`,
    )
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
