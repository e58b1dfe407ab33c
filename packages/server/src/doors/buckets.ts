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

/**
 * How much of a rate a node lets a key use without a word to the other nodes. Most people never use as much, so that most requests cost no note; and what nodes
 * do not hear of is no more than this share for each other node.
 */
export const QUIET_SHARE = 1 / 8

/** Tokens that other nodes say were taken there make a key wait for at most so many bursts: what is more, of more nodes at once, is forgiven. */
export const DEBT_BURSTS_MAX = 16

interface Bucket {
  fullAt: FullAt
  /** The bucket of what is used without a word; it is of the quiet share of the rate. */
  quietFullAt: FullAt
}

export interface BucketsOptions {
  /** Whether what is taken is kept until it is told to the other nodes. */
  readonly shared?: boolean
}

/** One bucket per key, of at most `keysMax` keys at a time; past it the one that was used longest ago is forgotten. */
export class Buckets {
  readonly #rate: Rate
  readonly #quiet: Rate
  readonly #keysMax: number
  readonly #shared: boolean
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>()
  /** Tokens that were taken here and that the other nodes have not been told of, in the order of the first. */
  readonly #untold = new Map<string, number>()

  constructor(rate: Rate, keysMax: number, { shared = false }: BucketsOptions = {}) {
    const { burst, perSecond } = rate
    this.#rate = rate
    this.#quiet = { burst: burst * QUIET_SHARE, perSecond: perSecond * QUIET_SHARE }
    this.#keysMax = keysMax
    this.#shared = shared
  }

  get size(): number {
    return this.#buckets.size
  }

  /** 0 where the key may go on; else how long it has to wait, in ms. */
  take(key: string, now: number): number {
    const bucket = this.#use(key)
    const { fullAt, waitMs } = take(bucket.fullAt, this.#rate, now)
    bucket.fullAt = fullAt
    if (waitMs === 0 && this.#shared) this.#note(key, bucket, now)
    this.#forget(now)
    return waitMs
  }

  /** So many tokens were taken on other nodes. They were given already, so they are owed here where they are not there. */
  owe(key: string, tokens: number, now: number): void {
    const bucket = this.#use(key)
    const intervalMs = 1_000 / this.#rate.perSecond
    const fullAt = Math.max(bucket.fullAt ?? now, now)
    const latest = now + (1 + DEBT_BURSTS_MAX) * this.#rate.burst * intervalMs
    bucket.fullAt = Math.max(fullAt, Math.min(fullAt + tokens * intervalMs, latest))
    this.#forget(now)
  }

  /** Tokens that the other nodes are to hear of, of so many keys at most, the longest waiting first. They count as told then. */
  untold(keysMax: number): (readonly [key: string, tokens: number])[] {
    const told: (readonly [string, number])[] = []
    for (const [key, tokens] of this.#untold) {
      if (told.length >= keysMax) break
      this.#untold.delete(key)
      told.push([key, tokens])
    }
    return told
  }

  #use(key: string): Bucket {
    const bucket = this.#buckets.get(key) ?? { fullAt: undefined, quietFullAt: undefined }
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    return bucket
  }

  #note(key: string, bucket: Bucket, now: number): void {
    const { fullAt, waitMs } = take(bucket.quietFullAt, this.#quiet, now)
    bucket.quietFullAt = fullAt
    if (waitMs === 0) return
    const untold = this.#untold.get(key)
    if (untold !== undefined || this.#untold.size < this.#keysMax) {
      this.#untold.set(key, (untold ?? 0) + 1)
    }
  }

  /** A full bucket is like one that never was. Each use lets go of a few, so that no timer is needed. */
  #forget(now: number): void {
    let looked = 0
    for (const [key, { fullAt = now, quietFullAt = now }] of this.#buckets) {
      const isFull = fullAt <= now && quietFullAt <= now
      if (!isFull && this.#buckets.size <= this.#keysMax) return
      this.#buckets.delete(key)
      if (++looked === SWEEP_KEYS) return
    }
  }
}
