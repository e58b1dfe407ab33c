/** How long to wait before trying again. */

export interface BackoffBounds {
  /** The cap of the first wait, in ms; it doubles with every further one. */
  readonly baseMs: number
  /** The cap of the last wait, in ms. */
  readonly maxMs: number
}

/**
 * Exponential back-off with full jitter (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015):
 * anything between 0 and the cap, so that a crowd that was cut off together does not come back together.
 * `attempt` counts from 0; `random` is in [0, 1).
 */
export function backoffMs(attempt: number, bounds: BackoffBounds, random: number): number {
  const cap = Math.min(bounds.maxMs, bounds.baseMs * 2 ** Math.min(attempt, 30))
  return Math.floor(random * cap)
}

/** The wait that the server asked for, and a little jitter on top so that all who were told the same do not come at once. */
export function toldMs(retryAfterMs: number, bounds: BackoffBounds, random: number): number {
  return retryAfterMs + Math.floor(random * Math.min(bounds.baseMs, retryAfterMs))
}
