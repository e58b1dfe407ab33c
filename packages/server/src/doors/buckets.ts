/** Token buckets: how often something may be done. */

export interface Rate {
  /** Tokens that a full bucket holds. */
  readonly burst: number
  readonly perSecond: number
}

/** When a bucket is full again, in ms of a clock that never goes back; undefined for one that was never used. */
export type FullAt = number | undefined

export interface Taken {
  readonly fullAt: FullAt
  /** 0: the token was there and was taken. Else nothing was taken, and it is there after so many ms. */
  readonly waitMs: number
}

/** Sums of intervals are not exact; a wait under a nanosecond is none. */
const ROUNDING_MS = 1e-6

/** Takes one token. The generic cell rate algorithm: a bucket is one number, and refusing changes nothing. */
export function take(fullAt: FullAt, rate: Rate, now: number): Taken {
  const intervalMs = 1_000 / rate.perSecond
  const next = Math.max(fullAt ?? now, now) + intervalMs
  const waitMs = next - now - rate.burst * intervalMs
  return waitMs <= ROUNDING_MS
    ? { fullAt: next, waitMs: 0 }
    : { fullAt, waitMs: Math.ceil(waitMs - ROUNDING_MS) }
}

/** How many of the oldest keys one use looks at. */
const SWEEP_KEYS = 64

/** One bucket per key, of at most `keysMax` keys at a time; past it the one that was used longest ago is forgotten. */
export class Buckets {
  readonly #rate: Rate
  readonly #keysMax: number
  /** In the order of their last use. */
  readonly #fullAt = new Map<string, FullAt>()

  constructor(rate: Rate, keysMax: number) {
    this.#rate = rate
    this.#keysMax = keysMax
  }

  get size(): number {
    return this.#fullAt.size
  }

  /** 0 where the key may go on; else how long it has to wait, in ms. */
  take(key: string, now: number): number {
    const { fullAt, waitMs } = take(this.#fullAt.get(key), this.#rate, now)
    this.#fullAt.delete(key)
    this.#fullAt.set(key, fullAt)
    this.#forget(now)
    return waitMs
  }

  /** A full bucket is like one that never was. Each use lets go of a few, so that no timer is needed. */
  #forget(now: number): void {
    let looked = 0
    for (const [key, fullAt = now] of this.#fullAt) {
      if (fullAt > now && this.#fullAt.size <= this.#keysMax) return
      this.#fullAt.delete(key)
      if (++looked === SWEEP_KEYS) return
    }
  }
}
