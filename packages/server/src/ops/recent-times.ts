/** Percentiles of what took how long in the last half minute, in a few hundred numbers however much happens. */

/** Half of what is remembered, in ms: the older half is let go at once. */
const halfMs = 15_000
/** Steps of 12 % from a tenth of a millisecond: the last bucket begins at 26 minutes. */
const step = 1.12
const leastMs = 0.1
const buckets = 146

export interface Percentiles {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly events: number
}

export class RecentTimes {
  readonly #now: () => number
  #halves = [new Uint32Array(buckets), new Uint32Array(buckets)] as const
  #turnedAt: number

  /** `now`: in ms of a clock that never goes back. */
  constructor(now: () => number) {
    this.#now = now
    this.#turnedAt = now()
  }

  add(ms: number): void {
    this.#turn()
    const [half] = this.#halves
    const at = bucketOf(ms)
    half[at] = (half[at] ?? 0) + 1
  }

  /** Null: nothing was added lately. Each percentile is right within the width of a bucket. */
  read(): Percentiles | null {
    this.#turn()
    const [young, old] = this.#halves
    const counts = young.map((count, at) => count + (old[at] ?? 0))
    const events = counts.reduce((sum, count) => sum + count, 0)
    if (events === 0) return null
    return {
      p50Ms: percentile(counts, events, 0.5),
      p99Ms: percentile(counts, events, 0.99),
      events,
    }
  }

  #turn(): void {
    const elapsedMs = this.#now() - this.#turnedAt
    if (elapsedMs < halfMs) return
    const [young] = this.#halves
    const isLong = elapsedMs >= 2 * halfMs
    this.#halves = [new Uint32Array(buckets), isLong ? new Uint32Array(buckets) : young]
    this.#turnedAt = this.#now()
  }
}

function bucketOf(ms: number): number {
  if (!(ms > leastMs)) return 0
  return Math.min(buckets - 1, Math.ceil(Math.log(ms / leastMs) / Math.log(step)))
}

function percentile(counts: Uint32Array, events: number, part: number): number {
  let left = Math.ceil(events * part)
  for (const [at, count] of counts.entries()) {
    left -= count
    if (left <= 0) return Math.round(leastMs * step ** at * 100) / 100
  }
  return leastMs * step ** (buckets - 1)
}
