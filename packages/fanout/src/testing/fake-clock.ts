/** A clock that stands still until a test moves it. */
import type { Clock, Timer } from '../clock.ts'

interface Alarm {
  readonly dueAt: number
  readonly order: number
  readonly run: () => void
}

/** Timers fire by due time, and among equals in the order in which they were set. Also fits wherever wall time and intervals are asked for. */
export class FakeClock implements Clock {
  readonly #alarms = new Set<Alarm>()
  #now: number
  #order = 0

  constructor(startMs = 1_000_000) {
    this.#now = startMs
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  /** Timers that are set. */
  get timers(): number {
    return this.#alarms.size
  }

  after(delayMs: number, run: () => void): Timer {
    const alarm = { dueAt: this.#now + Math.max(0, delayMs), order: this.#order++, run }
    this.#alarms.add(alarm)
    return { cancel: () => void this.#alarms.delete(alarm) }
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
    this.#alarms.delete(alarm)
    this.#now = Math.max(this.#now, alarm.dueAt)
    alarm.run()
  }

  #next(until: number): Alarm | undefined {
    let next: Alarm | undefined
    for (const alarm of this.#alarms) {
      if (alarm.dueAt > until) continue
      if (next === undefined || alarm.dueAt < next.dueAt) next = alarm
    }
    return next
  }
}

/** Resolves in the next turn of the event loop, when every promise that was ready has gone on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
