/** Does something per key at most once in an interval: the first time at once, whatever follows at the interval's end, in one. */
import type { Clock, Timer } from '../clock.ts'

export interface PaceParts<Key> {
  readonly clock: Clock
  readonly intervalMs: number
  /** Must not throw. */
  readonly run: (key: Key) => void
}

interface Interval {
  readonly endsAt: number
  touched: boolean
}

export class Pace<Key> {
  readonly #parts: PaceParts<Key>
  /** In the order of their ends: all are equally long. */
  readonly #intervals = new Map<Key, Interval>()
  #timer: Timer | undefined
  #stopped = false

  constructor(parts: PaceParts<Key>) {
    this.#parts = parts
  }

  /** Keys whose interval has not ended. */
  get size(): number {
    return this.#intervals.size
  }

  touch(key: Key): void {
    if (this.#stopped) return
    const interval = this.#intervals.get(key)
    if (interval !== undefined) interval.touched = true
    else this.#begin(key)
  }

  /** Like `touch`, but never at once: what may be undone by then is not told at all. */
  touchLater(key: Key): void {
    if (this.#stopped) return
    const interval = this.#intervals.get(key)
    if (interval !== undefined) interval.touched = true
    else this.#wait(key, true)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#timer = undefined
    this.#intervals.clear()
  }

  #begin(key: Key): void {
    this.#wait(key, false)
    this.#parts.run(key)
  }

  #wait(key: Key, touched: boolean): void {
    const { clock, intervalMs } = this.#parts
    this.#intervals.set(key, { endsAt: clock.monotonic() + intervalMs, touched })
    this.#timer ??= clock.after(intervalMs, () => this.#end())
  }

  #end(): void {
    this.#timer = undefined
    const now = this.#parts.clock.monotonic()
    const touched: Key[] = []
    let waitMs: number | undefined
    for (const [key, interval] of this.#intervals) {
      if (interval.endsAt > now) {
        waitMs = interval.endsAt - now
        break
      }
      this.#intervals.delete(key)
      if (interval.touched) touched.push(key)
    }
    if (waitMs !== undefined) this.#timer = this.#parts.clock.after(waitMs, () => this.#end())
    for (const key of touched) this.#begin(key)
  }
}
