/** Bounds how much costly work is done at once, and how much waits for it. */
import { Refusal } from '../refusal.ts'

export interface GateLimits {
  readonly runningMax: number
  readonly waitingMax: number
  /** What a refusal advises, in ms. */
  readonly retryAfterMs: number
  /** The name of the limit that a refusal tells. */
  readonly limit: string
}

export class Gate {
  readonly #limits: GateLimits
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limits: GateLimits) {
    this.#limits = limits
  }

  /** Runs the work when its turn has come, first come, first served; rejects with `busy` where too much waits already. */
  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #enter(): Promise<void> {
    if (this.#running < this.#limits.runningMax) {
      this.#running += 1
      return Promise.resolve()
    }
    const { waitingMax, retryAfterMs, limit } = this.#limits
    if (this.#waiting.length >= waitingMax) {
      return Promise.reject(new Refusal('busy', { retryAfterMs, limit }))
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  /** Whoever waits takes over the place, so that nobody who comes now overtakes them. */
  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#running -= 1
  }
}
