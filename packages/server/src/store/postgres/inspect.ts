/** Looks at a PostgreSQL server without changing anything: for whoever checks an installation. */
import { Client } from 'pg'

/** For connecting and for each answer, in ms. */
const answerMsMax = 4_000

export interface PostgresFacts {
  /** Such as 16. */
  readonly version: number
  readonly encoding: string
  readonly fsync: string
  readonly fullPageWrites: string
  readonly synchronousCommit: string
  readonly isStandby: boolean
  readonly connectionsMax: number
  /** Whether this user may make tables. */
  readonly mayCreate: boolean
  /** By how much the database's clock is ahead of `now`, in ms; exact within half of the round trip. */
  readonly clockAheadMs: number
}

interface Row {
  readonly version: number
  readonly encoding: string
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
  readonly is_standby: boolean
  readonly connections: number
  readonly may_create: boolean
}

const ASK = `select current_setting('server_version_num')::int / 10000 as version, current_setting('server_encoding') as encoding,
  current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
  current_setting('synchronous_commit') as synchronous_commit, pg_is_in_recovery() as is_standby,
  current_setting('max_connections')::int as connections, has_schema_privilege(current_schema(), 'create') as may_create`

/** Rejects with the driver's error where it cannot be reached. */
export async function inspectPostgres(url: string, now: () => number): Promise<PostgresFacts> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: answerMsMax,
    query_timeout: answerMsMax,
    application_name: 'madang doctor',
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<Row>(ASK)
    const [row] = rows
    if (row === undefined) throw new Error('The database does not tell its settings.')
    return { ...factsOf(row), clockAheadMs: await aheadOf(client, now) }
  } finally {
    await client.end().catch(() => {})
  }
}

function factsOf(row: Row): Omit<PostgresFacts, 'clockAheadMs'> {
  return {
    version: row.version,
    encoding: row.encoding,
    fsync: row.fsync,
    fullPageWrites: row.full_page_writes,
    synchronousCommit: row.synchronous_commit,
    isStandby: row.is_standby,
    connectionsMax: row.connections,
    mayCreate: row.may_create,
  }
}

async function aheadOf(client: Client, now: () => number): Promise<number> {
  const beganAt = now()
  const { rows } = await client.query<{ readonly ms: string }>(
    'select (extract(epoch from clock_timestamp()) * 1000)::text as ms',
  )
  return Number(rows[0]?.ms) - (beganAt + now()) / 2
}
