/** One node's clock: with the node end its timers, and none is ever set again. */
import type { Clock, Timer } from '../../clock.ts'

export class MortalClock implements Clock {
  readonly #clock: Clock
  readonly #timers = new Set<Timer>()
  #dead = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#clock.now()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#set((fired) =>
      this.#clock.after(delayMs, () => {
        fired()
        run()
      }),
    )
  }

  every(intervalMs: number, run: () => void): Timer {
    return this.#set(() => this.#clock.every(intervalMs, run))
  }

  die(): void {
    this.#dead = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  #set(begin: (fired: () => void) => Timer): Timer {
    if (this.#dead) return { cancel() {} }
    const cancel = () => {
      this.#timers.delete(mine)
      timer.cancel()
    }
    const mine: Timer = { cancel }
    const timer = begin(() => void this.#timers.delete(mine))
    this.#timers.add(mine)
    return mine
  }
}
