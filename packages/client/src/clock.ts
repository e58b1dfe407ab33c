/** The door to time and chance: whatever needs them is handed them, so that tests can hand in their own. */

export interface Timer {
  /** Stops the timer; a second call, or one after it fired, does nothing. */
  cancel(): void
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  after(delayMs: number, run: () => void): Timer
}

/** In [0, 1). */
export type Dice = () => number

/** Past this `setTimeout` fires at once. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1

/**
 * A clock that is never set back: people and time servers set a machine's clock back by hours, and whatever is to be tried again "after"
 * would wait for as long. What it has lost once it stays ahead; asleep it goes on, as the machine's does, and so tells that it has slept.
 */
export function steady(read: () => number): () => number {
  let ahead = 0
  let last = 0
  return () => {
    const now = read()
    ahead += Math.max(0, last - now)
    last = now
    return now + ahead
  }
}

export const systemClock: Clock = {
  now: steady(Date.now),
  after(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, TIMEOUT_MS_MAX))
    return { cancel: () => clearTimeout(handle) }
  },
}

export const systemDice: Dice = () => Math.random()
