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

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, TIMEOUT_MS_MAX))
    return { cancel: () => clearTimeout(handle) }
  },
}

export const systemDice: Dice = () => Math.random()
