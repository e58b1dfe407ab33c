/** A clock that stands still until a test moves it. */
import { type Clock, systemClock, type Timer } from '../clock.ts'

interface Alarm {
  readonly at: number
  /** Breaks ties: what was set first fires first. */
  readonly order: number
  readonly everyMs: number | undefined
  readonly run: () => void
}

export interface FakeClock extends Clock {
  /** Timers that are set: 0 when everything was cancelled or has fired. */
  readonly pending: number
  /** Moves time on and fires what falls due, in order; promises that depend on it settle before it resolves. */
  advance(ms: number): Promise<void>
}

/** `startMs`: what `now` says at first, in milliseconds since 1970. */
export function createFakeClock(startMs = 1_750_000_000_000): FakeClock {
  const alarms = new Map<Timer, Alarm>()
  let elapsedMs = 0
  let order = 0

  function set(delayMs: number, everyMs: number | undefined, run: () => void): Timer {
    const timer: Timer = { cancel: () => void alarms.delete(timer) }
    alarms.set(timer, { at: elapsedMs + Math.max(0, delayMs), order: order++, everyMs, run })
    return timer
  }

  function fireNext(untilMs: number): boolean {
    const next = [...alarms]
      .filter(([, alarm]) => alarm.at <= untilMs)
      .toSorted(([, a], [, b]) => a.at - b.at || a.order - b.order)[0]
    if (next === undefined) return false
    const [timer, alarm] = next
    elapsedMs = alarm.at
    if (alarm.everyMs === undefined) alarms.delete(timer)
    else alarms.set(timer, { ...alarm, at: alarm.at + alarm.everyMs, order: order++ })
    alarm.run()
    return true
  }

  return {
    now: () => startMs + elapsedMs,
    monotonic: () => elapsedMs,
    after: (delayMs, run) => set(delayMs, undefined, run),
    every: (intervalMs, run) => set(intervalMs, Math.max(1, intervalMs), run),
    get pending() {
      return alarms.size
    },
    async advance(ms) {
      const untilMs = elapsedMs + ms
      await settled()
      while (fireNext(untilMs)) await settled()
      elapsedMs = untilMs
      await settled()
    },
  }
}

/** Real timers, but no time passes: what is counted per second never comes back, however long the test takes. */
export const frozenClock: Clock = { ...systemClock, monotonic: () => 0 }

/** A turn of the event loop: every promise that only waits for promises has settled then. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
