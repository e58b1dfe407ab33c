/** Lets calls of the same moment share one call of something costly. */
import { Refusal } from './refusal.ts'

export interface BatcherOptions<Key, Value> {
  /** Answers many keys at once, in their order. */
  readonly run: (keys: readonly Key[]) => Promise<readonly Value[]>
  /** Keys in one run. */
  readonly keysMax: number
  /** Runs at the same time. */
  readonly runningMax: number
  /** Calls that wait; past it they are refused as busy. */
  readonly waitingMax: number
}

interface Call<Key, Value> {
  readonly key: Key
  resolve(value: Value): void
  reject(error: unknown): void
}

/**
 * Calls are answered in the order they came, each by a run that began after it was made. A run begins in the turn of the event loop of the first call that waits, after
 * the code that is running now, and while `runningMax` runs are under way the calls gather: the slower the store, the larger the batch.
 */
export class Batcher<Key, Value> {
  readonly #options: BatcherOptions<Key, Value>
  #waiting: Call<Key, Value>[] = []
  #running = 0
  #scheduled = false

  constructor(options: BatcherOptions<Key, Value>) {
    this.#options = options
  }

  /** Rejects with what its run rejected with, or with `busy`. */
  get(key: Key): Promise<Value> {
    if (this.#waiting.length >= this.#options.waitingMax) {
      return Promise.reject(new Refusal('busy', { limit: 'batchCallsWaitingMax' }))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return
    if (this.#running >= this.#options.runningMax) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#begin()
    })
  }

  #begin(): void {
    while (this.#waiting.length > 0 && this.#running < this.#options.runningMax) {
      const calls = this.#waiting.slice(0, this.#options.keysMax)
      this.#waiting = this.#waiting.slice(calls.length)
      this.#running += 1
      void this.#run(calls).finally(() => {
        this.#running -= 1
        this.#schedule()
      })
    }
  }

  async #run(calls: readonly Call<Key, Value>[]): Promise<void> {
    try {
      const values = await this.#options.run(calls.map(({ key }) => key))
      if (values.length !== calls.length) throw new Error('a batch answered fewer or more keys')
      values.forEach((value, index) => {
        calls[index]?.resolve(value)
      })
    } catch (error) {
      for (const call of calls) call.reject(error)
    }
  }
}
