/** The door to time: whatever needs it is handed a clock, so that tests can hand in their own. */

export interface Timer {
  /** Stops the timer; a second call, or one after it fired, does nothing. */
  cancel(): void
}

export interface Clock {
  /** Milliseconds since 1970. For people's eyes, tokens and sessions. */
  now(): number
  /** Milliseconds since an arbitrary moment; never goes back. For timeouts, rates and durations. */
  monotonic(): number
  after(delayMs: number, run: () => void): Timer
  every(intervalMs: number, run: () => void): Timer
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs)
    return { cancel: () => clearTimeout(handle) }
  },
  every(intervalMs, run) {
    const handle = setInterval(run, intervalMs)
    return { cancel: () => clearInterval(handle) }
  },
}
