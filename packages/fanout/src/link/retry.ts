/** How long to wait before the next attempt to reach a server. */

export interface RetryLimits {
  /** The shortest wait, and the bound of the first one's dice. */
  readonly retryMsMin: number
  readonly retryMsMax: number
}

/**
 * Full jitter: anything between the shortest wait and a bound that doubles with each failed attempt, so that the nodes that one outage threw out do not
 * come back in step. `failures` counts from 1; `dice` is from 0 up to 1.
 */
export function retryDelayMs(
  failures: number,
  dice: number,
  { retryMsMin, retryMsMax }: RetryLimits,
): number {
  const boundMs = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(failures, 30))
  return Math.round(retryMsMin + dice * Math.max(0, boundMs - retryMsMin))
}
