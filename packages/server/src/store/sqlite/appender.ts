/** Appends a batch in one transaction and, once it has the write lock, in one turn of the event loop: loads, decides, writes, commits. */
import { answer, decide } from '../append/decide.ts'
import type { AppendLimits } from '../append/decision.ts'
import { WorkingSet } from '../append/working-set.ts'
import type { Append, AppendResult } from '../log.ts'
import type { Database } from './database.ts'
import { Loader } from './load.ts'
import { patiently } from './patience.ts'
import { Writer } from './write.ts'

export class Appender {
  readonly #database: Database
  readonly #limits: AppendLimits
  readonly #busyTimeoutMs: number
  readonly #loader: Loader
  readonly #writer: Writer

  /** `busyTimeoutMs`: how long it waits for another process's commit. */
  constructor(database: Database, limits: AppendLimits, busyTimeoutMs: number) {
    this.#database = database
    this.#busyTimeoutMs = busyTimeoutMs
    this.#limits = limits
    this.#loader = new Loader(database)
    this.#writer = new Writer(database)
  }

  /** Results in the order of the entries. Rejects with SQLite's error, with nothing stored. */
  async append(entries: readonly Append[]): Promise<AppendResult[]> {
    await patiently(this.#busyTimeoutMs, () => this.#database.exec('begin immediate'))
    try {
      const results = this.#apply(entries)
      this.#database.exec('commit')
      return results
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.#database.inTransaction) this.#database.exec('rollback')
      throw error
    }
  }

  #apply(entries: readonly Append[]): AppendResult[] {
    const set = new WorkingSet()
    this.#loader.load(set, entries)
    const decisions = entries.map((entry) => decide(set, entry, this.#limits))
    this.#writer.write(set)
    return decisions.map((decision) =>
      answer(decision, (place) => this.#loader.loadEvent(set, place)),
    )
  }
}
