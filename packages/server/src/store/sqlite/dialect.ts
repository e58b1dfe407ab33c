/** Lets Kysely speak to our SQLite connection: transactions that take the write lock at once, statements that are prepared once. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type SqliteStatement,
  type TransactionSettings,
} from 'kysely'
import type { Database, Statement, Value } from './database.ts'
import { patiently } from './patience.ts'

/** Prepared statements kept; the least recently used goes first. Queries over lists have a text per length of the list. */
const STATEMENTS_MAX = 256

const isValue = (value: unknown): value is Value =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'string' ||
  typeof value === 'bigint' ||
  value instanceof Uint8Array

function values(parameters: readonly unknown[]): readonly Value[] {
  if (parameters.every(isValue)) return parameters
  throw new TypeError('a parameter of a query is of a type that SQLite does not store')
}

function toKysely(statement: Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(values(parameters)),
    run: (parameters) => ({ changes: statement.run(values(parameters)), lastInsertRowid: 0 }),
    iterate: (parameters) => statement.all(values(parameters)).values(),
  }
}

function statementCache(database: Database): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = statements.get(sql) ?? toKysely(database.prepare(sql))
      statements.delete(sql)
      statements.set(sql, statement)
      if (statements.size > STATEMENTS_MAX) {
        for (const oldest of statements.keys()) {
          statements.delete(oldest)
          break
        }
      }
      return statement
    },
  }
}

class Driver extends SqliteDriver {
  readonly #database: Database

  readonly #busyTimeoutMs: number
  readonly #patient = new WeakMap<DatabaseConnection, DatabaseConnection>()

  constructor(database: Database, busyTimeoutMs: number) {
    super({ database: statementCache(database) })
    this.#database = database
    this.#busyTimeoutMs = busyTimeoutMs
  }

  /** Kysely has one connection, and gets the same patient one for it each time. */
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection()
    const known = this.#patient.get(connection)
    if (known !== undefined) return known
    const patient: DatabaseConnection = {
      executeQuery: (query) => patiently(this.#busyTimeoutMs, () => connection.executeQuery(query)),
      streamQuery: (query, size) => connection.streamQuery(query, size),
    }
    this.#patient.set(connection, patient)
    return patient
  }

  /** A transaction that begins as a reader and then writes fails at once when another process has written in between. */
  override async beginTransaction(connection: DatabaseConnection, _?: TransactionSettings) {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full disk ends the transaction by itself, and a second end would hide the first error. */
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** SQLite changes schemas inside transactions; Kysely does not rely on it unless it is told. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

export function sqliteDialect(database: Database, busyTimeoutMs: number): Dialect {
  return {
    createDriver: () => new Driver(database, busyTimeoutMs),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new Adapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
