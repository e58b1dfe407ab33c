/** Tells what an error of SQLite means to a caller of the store. */
import { StoreError } from '../store.ts'

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that are not the caller's or our fault. */
const MEANINGS: ReadonlyMap<number, readonly ['busy' | 'unavailable', string]> = new Map([
  [5, ['busy', 'Another process is writing to the database.']],
  [6, ['busy', 'The database is locked.']],
  [8, ['unavailable', 'The database cannot be written to.']],
  [10, ['unavailable', 'The disk failed.']],
  [11, ['unavailable', 'The database file is damaged.']],
  [13, ['unavailable', 'The disk is full.']],
  [14, ['unavailable', 'The database file cannot be opened.']],
  [26, ['unavailable', 'The file is not a database.']],
] as const)

const SQLITE_CONSTRAINT = 19

/** SQLite's extended result code, where the error is SQLite's. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const code = resultCode(error)
  const primary = code === undefined ? -1 : code & 0xff
  const meaning = MEANINGS.get(primary)
  if (meaning) return new StoreError(meaning[0], meaning[1], { cause: error })
  if (primary === SQLITE_CONSTRAINT) {
    return new StoreError('conflict', 'A row with this key is there already.', { cause: error })
  }
  return new StoreError('internal', 'The store failed.', { cause: error })
}
