/** Brings the database that the settings name to the schema of this version. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { placeOf } from '../config/store.ts'
import { MIGRATIONS } from '../store/migrations/migrate.ts'
import { createPostgresStore } from '../store/postgres.ts'
import { createSqliteStore } from '../store/sqlite.ts'
import { Failure, type Surroundings } from './command.ts'
import { configOf, failureOf } from './open-store.ts'

/** Resolves to what is so now. Rejects with `Failure`. */
export async function migrateStore(around: Surroundings): Promise<string> {
  const config = configOf(around)
  if (config.store.kind === 'remote') {
    throw new Failure('API_URL is set: this process owns no database. Run it where the API is.')
  }
  const { store: place, dataDir } = config
  const file = join(dataDir, 'madang.db')
  const isFile = place.kind === 'sqlite'
  const store = isFile ? createSqliteStore({ file }) : createPostgresStore({ url: place.url })
  try {
    if (isFile) await mkdir(dataDir, { recursive: true })
    await store.start()
  } catch (error) {
    throw failureOf(error, config)
  } finally {
    await store.stop()
  }
  const where = isFile ? file : placeOf(place.url)
  return `${where} has the schema ${Object.keys(MIGRATIONS).at(-1)}.\n`
}
