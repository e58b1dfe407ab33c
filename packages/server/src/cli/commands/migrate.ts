/** `madang migrate`: brings the database to the schema of this version. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { placeOf } from '../../config/store.ts'
import { MIGRATIONS } from '../../store/migrations/migrate.ts'
import { createPostgresStore } from '../../store/postgres.ts'
import { createSqliteStore } from '../../store/sqlite.ts'
import { type Command, EXITS, Failure } from '../command.ts'
import { failureOf } from '../open-store.ts'
import { configOf } from '../settings.ts'

export const migrate: Command = {
  name: 'migrate',
  summary: 'Brings the database to the schema of this version, and makes it where it is not there.',
  usage: '',
  details: [
    'The server does the same when it starts. Running it twice is running it once; a database of a newer version is refused.',
  ],
  flags: {},
  words: { min: 0, max: 0 },
  async run(_, around) {
    const config = configOf(around)
    if (config.store.kind === 'remote') {
      throw new Failure('API_URL is set: this process owns no database. Run it where the API is.')
    }
    const isFile = config.store.kind === 'sqlite'
    const file = join(config.dataDir, 'madang.db')
    const store =
      config.store.kind === 'sqlite'
        ? createSqliteStore({ file })
        : createPostgresStore({ url: config.store.url })
    try {
      if (isFile) await mkdir(config.dataDir, { recursive: true })
      await store.start()
    } catch (error) {
      throw failureOf(error, config)
    } finally {
      await store.stop()
    }
    const where = config.store.kind === 'sqlite' ? file : placeOf(config.store.url)
    around.out(`${where} has the schema ${Object.keys(MIGRATIONS).at(-1)}.\n`)
    return EXITS.done.code
  },
}
