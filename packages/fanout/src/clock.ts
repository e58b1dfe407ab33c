/** The door to time: whatever in this package waits is handed a clock, so that tests can hand in their own. */

export interface Timer {
  /** Stops the timer; a second call, or one after it fired, does nothing. */
  cancel(): void
}

export interface Clock {
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonic(): number
  after(delayMs: number, run: () => void): Timer
}

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs)
    return { cancel: () => clearTimeout(handle) }
  },
}
