/** The shared store: one PostgreSQL database, for any number of nodes; durable at every acknowledgement. */
import { Kysely } from 'kysely'
import { Appender } from './postgres/appender.ts'
import { Connections } from './postgres/connections.ts'
import { postgresDialect } from './postgres/dialect.ts'
import { isTransient, toStoreError } from './postgres/failure.ts'
import { postgresLocks } from './postgres/locks.ts'
import { migrateAlone } from './postgres/migrating.ts'
import type { Tables } from './queries/tables.ts'
import {
  type Commit,
  type SqlEngine,
  SqlStore,
  type SqlStoreOptions,
  type StoreLimits,
} from './sql-store.ts'
import { type Store, StoreError } from './store.ts'

export interface PostgresOptions extends SqlStoreOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string
  /** Connections of this process at most. */
  readonly connectionsMax?: number
  /** How long one statement may take, in ms; half of it for a lock that another session holds. */
  readonly statementMsMax?: number
}

const CONNECTIONS_MAX = 10
const STATEMENT_MS_MAX = 10_000
/** The database gives up first, so that a connection that says nothing is a dead one, in ms. */
const GRACE_MS = 5_000

class PostgresEngine implements SqlEngine {
  readonly name = 'postgres'
  readonly locks = postgresLocks
  readonly #options: Required<Pick<PostgresOptions, 'url' | 'connectionsMax' | 'statementMsMax'>>
  #connections: Connections | null = null

  constructor({ url, connectionsMax, statementMsMax }: PostgresOptions) {
    this.#options = {
      url,
      connectionsMax: connectionsMax ?? CONNECTIONS_MAX,
      statementMsMax: statementMsMax ?? STATEMENT_MS_MAX,
    }
  }

  async open(): Promise<Kysely<Tables>> {
    const { url, connectionsMax, statementMsMax } = this.#options
    this.#connections = new Connections({
      ...{ url, connectionsMax },
      rules: { statementMsMax },
      answerMsMax: statementMsMax + GRACE_MS,
    })
    const connections = this.#connections
    const first = await connections.acquire()
    first.release()
    return new Kysely({ dialect: postgresDialect(connections) })
  }

  migrate(): Promise<void> {
    return migrateAlone(this.#options.url)
  }

  appender(_: Kysely<Tables>, limits: StoreLimits): Commit {
    const appender = new Appender(this.#connected(), limits)
    return (entries) => appender.append(entries)
  }

  isTransient(error: unknown): boolean {
    return isTransient(error)
  }

  toStoreError(error: unknown): StoreError {
    return toStoreError(error)
  }

  async close(): Promise<void> {
    const connections = this.#connections
    this.#connections = null
    await connections?.close()
  }

  #connected(): Connections {
    if (this.#connections) return this.#connections
    throw new StoreError('unavailable', 'The database is not open.')
  }
}

export function createPostgresStore(options: PostgresOptions): Store {
  return new SqlStore(new PostgresEngine(options), options)
}
