/** A clock that stands still until a test moves it. */
import type { Clock, Timer } from '../clock.ts'

interface Alarm {
  readonly dueAt: number
  readonly order: number
  readonly run: () => void
  isSet: boolean
}

/** Timers fire by due time, and among equals in the order in which they were set. Also fits wherever wall time and intervals are asked for. */
export class FakeClock implements Clock {
  /** A binary heap, the next one first; what was cancelled stays until its time. */
  readonly #alarms: Alarm[] = []
  #set = 0
  #now: number
  #order = 0

  constructor(startMs = 1_000_000) {
    this.#now = startMs
  }

  /** In whole ms, as the time of day is; timers may be due between two of them. */
  now(): number {
    return Math.floor(this.#now)
  }

  monotonic(): number {
    return this.#now
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#set
  }

  after(delayMs: number, run: () => void): Timer {
    const dueAt = this.#now + Math.max(0, delayMs)
    const alarm = { dueAt, order: this.#order++, run, isSet: true }
    this.#set += 1
    this.#push(alarm)
    return { cancel: () => this.#unset(alarm) }
  }

  every(intervalMs: number, run: () => void): Timer {
    let timer: Timer
    const again = () => {
      timer = this.after(intervalMs, again)
      run()
    }
    timer = this.after(intervalMs, again)
    return { cancel: () => timer.cancel() }
  }

  /** Moves time, firing what falls due, without letting promises run in between. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (let alarm = this.#next(until); alarm !== undefined; alarm = this.#next(until)) {
      this.#fire(alarm)
    }
    this.#now = until
  }

  /** Moves time, and lets everything that is waiting for promises and for the next turn go on after each timer. */
  async run(ms: number): Promise<void> {
    const until = this.#now + ms
    await settle()
    for (let alarm = this.#next(until); alarm !== undefined; alarm = this.#next(until)) {
      this.#fire(alarm)
      await settle()
    }
    this.#now = until
  }

  #fire(alarm: Alarm): void {
    this.#unset(alarm)
    this.#now = Math.max(this.#now, alarm.dueAt)
    alarm.run()
  }

  #unset(alarm: Alarm): void {
    if (!alarm.isSet) return
    alarm.isSet = false
    this.#set -= 1
  }

  /** Takes the next one that is due by then. */
  #next(until: number): Alarm | undefined {
    for (let first = this.#alarms[0]; first !== undefined; first = this.#alarms[0]) {
      if (first.isSet && first.dueAt > until) return undefined
      this.#pop()
      if (first.isSet) return first
    }
    return undefined
  }

  #push(alarm: Alarm): void {
    const heap = this.#alarms
    let at = heap.length
    heap.push(alarm)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, alarm)) break
      heap[at] = parent
      at = above
    }
    heap[at] = alarm
  }

  #pop(): void {
    const heap = this.#alarms
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      let child = heap[below]
      if (child === undefined) break
      const right = heap[below + 1]
      if (right !== undefined && isBefore(right, child)) {
        child = right
        below += 1
      }
      if (isBefore(last, child)) break
      heap[at] = child
      at = below
    }
    heap[at] = last
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.dueAt < other.dueAt || (one.dueAt === other.dueAt && one.order < other.order)
}

/** Resolves in the next turn of the event loop, when every promise that was ready has gone on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
