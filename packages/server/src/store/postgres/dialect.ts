/** Lets Kysely speak over our connections, and makes text sort as it does on every database. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DataTypeNode,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import { StoreError } from '../store.ts'
import type { Connection } from './connections.ts'

/** Where connections come from. */
export interface ConnectionSource {
  acquire(): Promise<Connection>
}

/** Text is in the order of code points, as in SQLite, whatever the language of the database is. */
class Compiler extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    super.visitDataType(node)
    const isColumn = this.parentNode?.kind === 'ColumnDefinitionNode'
    if (isColumn && node.dataType === 'text') this.append(' collate "C"')
  }
}

class KyselyConnection implements DatabaseConnection {
  readonly connection: Connection
  isBroken = false

  constructor(connection: Connection) {
    this.connection = connection
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const rows = await this.connection.query<object>(sql, parameters)
    return { rows: rows as R[] }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for a generator, and nothing of ours streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new StoreError('internal', 'The store does not stream.')
  }
}

class PooledDriver implements Driver {
  readonly #source: ConnectionSource

  constructor(source: ConnectionSource) {
    this.#source = source
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<KyselyConnection> {
    return new KyselyConnection(await this.#source.acquire())
  }

  async beginTransaction({ connection }: KyselyConnection): Promise<void> {
    await connection.query('begin')
  }

  async commitTransaction({ connection }: KyselyConnection): Promise<void> {
    await connection.query('commit')
  }

  /** Where the end of a transaction fails, so has the connection; the error that led here says more. */
  async rollbackTransaction(connection: KyselyConnection): Promise<void> {
    try {
      await connection.connection.query('rollback')
    } catch {
      connection.isBroken = true
    }
  }

  async releaseConnection({ connection, isBroken }: KyselyConnection): Promise<void> {
    connection.release(isBroken)
  }

  async destroy(): Promise<void> {}
}

export function postgresDialect(source: ConnectionSource): Dialect {
  return {
    createDriver: () => new PooledDriver(source),
    createQueryCompiler: () => new Compiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}
