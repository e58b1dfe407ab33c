/** What a device keeps from one page to the next; it may take its time, and a page that is gone writes nothing any more. */
import type { ClientStorage } from '@madang/client'
import type { FakeClock } from '@madang/fanout/testing'

export class Storage {
  readonly #values = new Map<string, string>()
  readonly #clock: FakeClock
  readonly #random: () => number
  readonly #delayMsMax: number

  constructor(clock: FakeClock, random: () => number, delayMsMax: number) {
    this.#clock = clock
    this.#random = random
    this.#delayMsMax = delayMsMax
  }

  /** Whether this text is in any value. */
  holds(text: string): boolean {
    return [...this.#values.values()].some((value) => value.includes(`"${text}"`))
  }

  page(isAlive: () => boolean): ClientStorage {
    const put = (key: string, value: string | undefined) => {
      if (value === undefined) this.#values.delete(key)
      else this.#values.set(key, value)
    }
    const act = async <T>(run: () => T): Promise<T> => {
      await this.#pass()
      if (!isAlive()) return new Promise<T>(() => {})
      return run()
    }
    return {
      get: (key) => act(() => this.#values.get(key)),
      set: (key, value) => act(() => put(key, value)),
      remove: (key) => act(() => put(key, undefined)),
      update: (key, change) => act(() => put(key, change(this.#values.get(key)))),
    }
  }

  #pass(): Promise<void> | undefined {
    if (this.#delayMsMax === 0) return undefined
    const delayMs = Math.floor(this.#random() * this.#delayMsMax)
    return new Promise((resolve) => void this.#clock.after(delayMs, resolve))
  }
}
