/** A world whose time passes when a test says so. */
import type { Clock } from '../clock.ts'
import type { Environment } from '../environment.ts'

interface Pending {
  readonly at: number
  readonly run: () => void
}

export class FakeClock implements Clock {
  #now = 1_000_000
  #pending: Pending[] = []

  now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): { cancel(): void } {
    const pending = { at: this.#now + delayMs, run }
    this.#pending.push(pending)
    return {
      cancel: () => {
        this.#pending = this.#pending.filter((one) => one !== pending)
      },
    }
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#pending.length
  }

  /** Lets time pass; what is due runs in order, with the promises that it settles. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms
    await settled()
    for (let next = this.#due(until); next; next = this.#due(until)) {
      this.#now = Math.max(this.#now, next.at)
      const due = next
      this.#pending = this.#pending.filter((one) => one !== due)
      due.run()
      await settled()
    }
    this.#now = until
  }

  /** The machine sleeps: time passes and no timer runs; what was due runs at the end. */
  async sleep(ms: number): Promise<void> {
    this.#now += ms
    await this.pass(0)
  }

  #due(until: number): Pending | undefined {
    return this.#pending.filter((one) => one.at <= until).sort((one, two) => one.at - two.at)[0]
  }
}

export interface FakeEnvironment extends Environment {
  readonly clock: FakeClock
  /** What the browser says of itself. */
  setOnline(online: boolean): void
}

export function fakeEnvironment(): FakeEnvironment {
  const listeners = new Set<(online: boolean) => void>()
  let ids = 0
  return {
    clock: new FakeClock(),
    dice: () => 0.5,
    newId: () => {
      ids += 1
      return `id${ids}`
    },
    network: {
      subscribe(changed) {
        listeners.add(changed)
        return () => listeners.delete(changed)
      },
    },
    setOnline: (online) => {
      for (const changed of listeners) changed(online)
    },
  }
}

/** Resolves when the promises that can settle now have. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
