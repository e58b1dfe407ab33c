/** Brings the schema up to date where several nodes start at once: one after the other, on a connection of its own. */
import { Kysely } from 'kysely'
import { Client } from 'pg'
import { migrate } from '../migrations/migrate.ts'
import type { Tables } from '../queries/tables.ts'
import type { Connection } from './connections.ts'
import { postgresDialect } from './dialect.ts'
import { MAKE_FUNCTION } from './message-function.ts'

/** The session's advisory lock of whoever migrates. */
const MIGRATION = 1_835_099_136
const CONNECT_MS_MAX = 5_000

/** A migration of a large table may take long, and so may the wait for another node's. */
const SETTINGS = `select set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false),
  set_config('idle_in_transaction_session_timeout', '0', false), set_config('client_min_messages', 'warning', false)`

export async function migrateAlone(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'madang-migration',
    keepAlive: true,
  })
  // A connection that breaks fails the query that is under way.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(SETTINGS)
    await client.query(`select pg_advisory_lock(${MIGRATION})`)
    await migrate(
      new Kysely<Tables>({ dialect: postgresDialect({ acquire: async () => only(client) }) }),
    )
    await client.query(MAKE_FUNCTION)
  } finally {
    // The lock goes with the session.
    await client.end()
  }
}

/** Kysely asks for one connection at a time here. */
function only(client: Client): Connection {
  return {
    async query<R extends object>(text: string, values: readonly unknown[] = []) {
      const { rows } = await client.query<R>(text, [...values])
      return rows
    },
    release() {},
  }
}
