/** Commits the entries of many callers together: one commit costs about the same for one entry as for hundreds. */
import { StoreError } from './store.ts'

export interface GroupCommitOptions<E, R> {
  /** Commits all of the entries or none; results in their order. One call at a time. */
  commit(entries: readonly E[]): Promise<readonly R[]>
  /** Entries in one commit at most; a call is never split. */
  readonly batchMax: number
  /** Waiting entries at most, those in work not counted. */
  readonly queueMax: number
  /** Runs the function when the callers of this moment have had their turn. */
  defer(run: () => void): void
}

interface Call<E, R> {
  readonly entries: readonly E[]
  resolve(results: R[]): void
  reject(error: unknown): void
}

/** The calls that fit into one batch, from the front of the queue. */
function fitting<E, R>(queue: readonly Call<E, R>[], batchMax: number): Call<E, R>[] {
  let entries = 0
  const end = queue.findIndex((call) => {
    entries += call.entries.length
    return entries > batchMax
  })
  return queue.slice(0, end === -1 ? queue.length : end)
}

export class GroupCommit<E, R> {
  readonly #options: GroupCommitOptions<E, R>
  #queue: Call<E, R>[] = []
  #waiting = 0
  #running = false
  #idle: (() => void)[] = []

  constructor(options: GroupCommitOptions<E, R>) {
    this.#options = options
  }

  /** Entries that wait for their commit. */
  get waiting(): number {
    return this.#waiting
  }

  /** Resolves when the entries are committed. Rejects with `too_large` past `batchMax`, `busy` past `queueMax`, or the error of the commit. */
  submit(entries: readonly E[]): Promise<R[]> {
    const { batchMax, queueMax } = this.#options
    if (entries.length === 0) return Promise.resolve([])
    if (entries.length > batchMax) {
      const text = `${entries.length} entries are more than one commit takes (${batchMax}).`
      return Promise.reject(new StoreError('too_large', text))
    }
    if (this.#waiting + entries.length > queueMax) {
      return Promise.reject(new StoreError('busy', `${queueMax} entries wait already.`))
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ entries, resolve, reject })
      this.#waiting += entries.length
      this.#wake()
    })
  }

  /** Resolves when nothing waits and nothing is in work. */
  drain(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #wake(): void {
    if (this.#running) return
    this.#running = true
    this.#options.defer(() => void this.#next())
  }

  /** Never rejects, as the error of a commit is its callers'. Between two batches the event loop has a turn. */
  async #next(): Promise<void> {
    await this.#commitBatch()
    if (this.#queue.length > 0) this.#options.defer(() => void this.#next())
    else this.#rest()
  }

  #rest(): void {
    this.#running = false
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  async #commitBatch(): Promise<void> {
    const calls = fitting(this.#queue, this.#options.batchMax)
    this.#queue = this.#queue.slice(calls.length)
    const entries = calls.flatMap((call) => call.entries)
    this.#waiting -= entries.length
    try {
      const results = await this.#options.commit(entries)
      let start = 0
      for (const call of calls) {
        call.resolve(results.slice(start, start + call.entries.length))
        start += call.entries.length
      }
    } catch (error) {
      for (const call of calls) call.reject(error)
    }
  }
}
