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
 * `attempt` counts from 0; `random` is in [0, 1). Where the server asked for a wait (`retryAfterMs`) it is that one, and a little
 * jitter on top, so that all who were told the same do not come at once.
 */
export function backoffMs(
  attempt: number,
  { baseMs, maxMs }: BackoffBounds,
  random: number,
  retryAfterMs?: number,
): number {
  const cap =
    retryAfterMs === undefined
      ? Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30))
      : Math.min(baseMs, retryAfterMs)
  return (retryAfterMs ?? 0) + Math.floor(random * cap)
}
