/** Connections to PostgreSQL: a bounded pool of them, each checked and set when it is opened, and thrown away when it may be broken. */
import { type CustomTypesConfig, Pool, type PoolClient, types } from 'pg'
import { StoreError } from '../store.ts'
import { isFatal } from './failure.ts'
import { type SessionRules, Sessions } from './session.ts'

export interface ConnectionsOptions {
  readonly url: string
  readonly connectionsMax: number
  readonly rules: SessionRules
  /** For an answer of the database, in ms; after it the connection counts as dead. */
  readonly answerMsMax: number
}

export interface Connection {
  /** Queries of one connection may be under way together; they are answered in their order. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Once, and nothing afterwards. `isBroken`: not for others to use. */
  release(isBroken?: boolean): void
}

/** For connecting, or for a connection that somebody else gives back, in ms. */
const CONNECT_MS_MAX = 5_000
/** Callers that wait for a connection. */
const WAITING_MAX = 1_000
const IDLE_MS_MAX = 30_000

/** OIDs of PostgreSQL's catalogue. Counts and seqs stay below 2^53. */
const BIGINT = 20
const toNumber = (text: string): number => Number(text)

/** Of our own connections only: others in this process may want their integers as they come. */
const ourTypes: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === BIGINT ? toNumber : types.getTypeParser(oid, format as 'text')) as never,
}

export class Connections {
  readonly #pool: Pool

  constructor({ url, connectionsMax, rules, answerMsMax }: ConnectionsOptions) {
    const sessions = new Sessions(rules)
    this.#pool = new Pool({
      connectionString: url,
      max: connectionsMax,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      idleTimeoutMillis: IDLE_MS_MAX,
      query_timeout: answerMsMax,
      application_name: 'madang',
      keepAlive: true,
      pipeline: true,
      types: ourTypes,
      onConnect: (client) => sessions.open(client),
    })
    // A connection that dies while nobody uses it is replaced at the next call, which is where a lasting failure shows.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  async acquire(): Promise<Connection> {
    if (this.#pool.waitingCount >= WAITING_MAX) {
      throw new StoreError('busy', `${WAITING_MAX} calls wait for a connection already.`)
    }
    return new PooledConnection(await this.#pool.connect())
  }

  /** Waits for those who have a connection. */
  close(): Promise<void> {
    return this.#pool.end()
  }
}

class PooledConnection implements Connection {
  readonly #client: PoolClient
  #isBroken = false

  constructor(client: PoolClient) {
    this.#client = client
  }

  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    try {
      const { rows } = await this.#client.query<R>(text, [...values])
      return rows
    } catch (error) {
      if (isFatal(error)) this.#isBroken = true
      throw error
    }
  }

  release(isBroken = false): void {
    this.#client.release(isBroken || this.#isBroken)
  }
}
