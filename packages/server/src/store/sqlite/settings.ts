/** Sets what durability and correctness depend on, and reads it back: SQLite ignores a setting that it cannot fulfil. */
import { StoreError } from '../store.ts'
import type { Database } from './database.ts'

/** SQLite's own number for `synchronous=FULL`: each commit waits for the disk. */
const FULL = 2
/** SQLite's page cache, in KiB: enough for the ends of many logs. */
const CACHE_KIB = 65_536

interface Setting {
  readonly pragma: string
  readonly value: string
  /** What reading it back must give; other settings are only for speed. */
  readonly expected?: unknown
}

const settings = (inMemory: boolean): readonly Setting[] => [
  // A database in memory has no log to write ahead; it is for tests, and durable nowhere.
  { pragma: 'journal_mode', value: 'WAL', expected: inMemory ? 'memory' : 'wal' },
  { pragma: 'synchronous', value: 'FULL', expected: FULL },
  { pragma: 'foreign_keys', value: 'ON', expected: 1 },
  // A deleted message's bytes are overwritten, not only unlinked.
  { pragma: 'secure_delete', value: 'ON', expected: 1 },
  { pragma: 'cache_size', value: `-${CACHE_KIB}` },
]

export function readSetting(database: Database, pragma: string): unknown {
  const row = database.prepare(`pragma ${pragma}`).get([])
  return row === undefined ? undefined : Object.values(row)[0]
}

/** Throws `StoreError` (`unavailable`) where a setting does not hold. `pagesMax`: the size at which the disk counts as full. */
export function applySettings(database: Database, inMemory: boolean, pagesMax?: number): void {
  if (pagesMax !== undefined) database.exec(`pragma max_page_count = ${Math.trunc(pagesMax)}`)
  for (const { pragma, value, expected } of settings(inMemory)) {
    database.exec(`pragma ${pragma} = ${value}`)
    if (expected === undefined) continue
    const actual = readSetting(database, pragma)
    if (actual === expected) continue
    throw new StoreError(
      'unavailable',
      `The database does not hold ${pragma}=${value} (it says ${String(actual)}), which durability depends on.`,
    )
  }
}
