/** The door to the SQLite that comes with Node: the only file that imports it, since later Nodes rename its classes. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'

export type Value = null | number | bigint | string | Uint8Array
export type Row = Record<string, unknown>

/** A prepared statement. Parameters are positional. */
export interface Statement {
  /** Whether it answers with rows. */
  readonly reader: boolean
  all(values: readonly Value[]): Row[]
  get(values: readonly Value[]): Row | undefined
  /** Resolves to the number of rows that it changed. */
  run(values: readonly Value[]): number
}

/** One connection to one database file. Every call blocks until it is done. */
export interface Database {
  readonly inTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}

function wrap(statement: StatementSync): Statement {
  return {
    reader: statement.columns().length > 0,
    all: (values) => statement.all(...values),
    get: (values) => statement.get(...values),
    run: (values) => Number(statement.run(...values).changes),
  }
}

/** Opens or makes the file; `busyTimeoutMs` is how long a call may wait for another writer. */
export function openDatabase(file: string, busyTimeoutMs: number): Database {
  const database = new DatabaseSync(file, {
    timeout: busyTimeoutMs,
    enableForeignKeyConstraints: true,
    allowExtension: false,
  })
  return {
    get inTransaction() {
      return database.isTransaction
    },
    exec: (sql) => database.exec(sql),
    prepare: (sql) => wrap(database.prepare(sql)),
    close: () => database.close(),
  }
}
