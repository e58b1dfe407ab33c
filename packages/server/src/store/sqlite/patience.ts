/** Waits for another process's commit without holding up the event loop, as SQLite's own waiting would. */
import { resultCode } from './failure.ts'

/** SQLite's primary result code for a database that another connection is writing to. */
const SQLITE_BUSY = 5
/** Between two attempts, in ms, jittered: a commit takes a few of them, and who asks often finds the gap between two. */
const RETRY_MS = { min: 1, max: 3 } as const

/**
 * Runs what fails at once, with nothing done, while another process writes: a `begin immediate`, or a statement outside of a transaction. Throws SQLite's error
 * where it is still so after `limitMs`.
 */
export async function patiently<T>(limitMs: number, run: () => T | Promise<T>): Promise<T> {
  const untilMs = performance.now() + limitMs
  for (;;) {
    try {
      return await run()
    } catch (error) {
      const isBusy = ((resultCode(error) ?? 0) & 0xff) === SQLITE_BUSY
      if (!isBusy || performance.now() >= untilMs) throw error
    }
    const waitMs = RETRY_MS.min + Math.random() * (RETRY_MS.max - RETRY_MS.min)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
