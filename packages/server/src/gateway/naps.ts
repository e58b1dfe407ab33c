/** Waits that end when the gateway stops. */
import type { Clock, Timer } from '../clock.ts'

export class Naps {
  readonly #clock: Clock
  readonly #sleeping = new Map<Timer, () => void>()
  #stopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** From then on naps take no time: whoever tries again after each has to stop as well. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Resolves after so long, or as soon as the naps are stopped. */
  nap(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, () => {
        this.#sleeping.delete(timer)
        resolve()
      })
      this.#sleeping.set(timer, resolve)
    })
  }

  stop(): void {
    this.#stopped = true
    for (const [timer, resolve] of this.#sleeping) {
      timer.cancel()
      resolve()
    }
    this.#sleeping.clear()
  }
}
