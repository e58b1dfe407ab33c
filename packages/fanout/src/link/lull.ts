/** Waits for the moment at which nothing is left to do, for a bounded time. */
import type { Clock } from '../clock.ts'

export class Lull {
  readonly #clock: Clock
  readonly #isReached: () => boolean
  #reached: (() => void) | undefined

  constructor(clock: Clock, isReached: () => boolean) {
    this.#clock = clock
    this.#isReached = isReached
  }

  /** To be called whenever it may have been reached. */
  look(): void {
    if (this.#reached !== undefined && this.#isReached()) this.#reached()
  }

  /** Resolves when it is reached, or after `msMax`. */
  async wait(msMax: number): Promise<void> {
    if (this.#isReached()) return
    await new Promise<void>((resolve) => {
      const deadline = this.#clock.after(msMax, resolve)
      this.#reached = () => {
        deadline.cancel()
        resolve()
      }
    })
    this.#reached = undefined
  }
}
