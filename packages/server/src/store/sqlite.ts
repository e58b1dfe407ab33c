/** The embedded store: one SQLite file, durable at every acknowledgement. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Kysely } from 'kysely'
import { migrate } from './migrations/migrate.ts'
import { noLocks } from './queries/locks.ts'
import type { Tables } from './queries/tables.ts'
import {
  type Commit,
  type SqlEngine,
  SqlStore,
  type SqlStoreOptions,
  type StoreLimits,
} from './sql-store.ts'
import { Appender } from './sqlite/appender.ts'
import { type Database, openDatabase } from './sqlite/database.ts'
import { sqliteDialect } from './sqlite/dialect.ts'
import { toStoreError } from './sqlite/failure.ts'
import { applySettings } from './sqlite/settings.ts'
import { type Store, StoreError } from './store.ts'

export interface SqliteOptions extends SqlStoreOptions {
  /** The database file, made with its folder where it is not there; `:memory:` is for tests, and keeps nothing. */
  readonly file: string
  /** How long a commit may wait for another process's, in ms; the event loop goes on meanwhile. */
  readonly busyTimeoutMs?: number
  /** The largest size of the file, in pages of 4,096 bytes; past it the disk counts as full. */
  readonly pagesMax?: number
}

const IN_MEMORY = ':memory:'
const BUSY_TIMEOUT_MS = 2_000

/** Not a path to SQLite, but an address with settings of its own that would override ours. */
function checkFile(file: string): void {
  if (file !== '' && !file.startsWith('file:')) return
  throw new StoreError('unavailable', `"${file}" is not the path of a database file.`)
}

class SqliteEngine implements SqlEngine {
  readonly name = 'sqlite'
  // A transaction takes the one write lock when it begins.
  readonly locks = noLocks
  readonly #file: string
  readonly #busyTimeoutMs: number
  readonly #pagesMax: number | undefined
  #database: Database | null = null

  constructor({ file, busyTimeoutMs = BUSY_TIMEOUT_MS, pagesMax }: SqliteOptions) {
    this.#pagesMax = pagesMax
    this.#file = file
    this.#busyTimeoutMs = busyTimeoutMs
  }

  async open(): Promise<Kysely<Tables>> {
    checkFile(this.#file)
    try {
      if (this.#file !== IN_MEMORY) mkdirSync(dirname(resolve(this.#file)), { recursive: true })
      this.#database = openDatabase(this.#file, this.#busyTimeoutMs)
      applySettings(this.#database, this.#file === IN_MEMORY, this.#pagesMax)
      // From now on whoever is refused asks again, instead of holding up the whole process.
      this.#database.exec('pragma busy_timeout = 0')
    } catch (error) {
      throw this.#named(error)
    }
    return new Kysely({ dialect: sqliteDialect(this.#database, this.#busyTimeoutMs) })
  }

  migrate(db: Kysely<Tables>): Promise<void> {
    return migrate(db)
  }

  appender(db: Kysely<Tables>, limits: StoreLimits): Commit {
    const appender = new Appender(this.#connected(), limits, this.#busyTimeoutMs)
    // Kysely hands the one connection to one caller after the other, so that no transaction of its own is open here.
    return (entries) => db.connection().execute(() => appender.append(entries))
  }

  /** Who comes second waits, and is never told to begin anew. */
  isTransient(): boolean {
    return false
  }

  toStoreError(error: unknown): StoreError {
    return toStoreError(error)
  }

  async close(): Promise<void> {
    this.#database?.close()
    this.#database = null
  }

  #connected(): Database {
    if (this.#database) return this.#database
    throw new StoreError('unavailable', 'The database is not open.')
  }

  #named(error: unknown): StoreError {
    const { code, message } = toStoreError(error)
    return new StoreError(code, `${this.#file}: ${message}`, { cause: error })
  }
}

export function createSqliteStore(options: SqliteOptions): Store {
  return new SqlStore(new SqliteEngine(options), options)
}
