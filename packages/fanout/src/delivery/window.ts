/**
 * Decides how long events are held so that several leave in one write: functions of (state, input, now). A write costs the same whether it carries one
 * frame or twenty, so holding saves only where connections are written to more often than once in a window, and is worth its delay only where that adds up.
 */

/** How much could be saved: deliveries to connections that were written to less than `windowMsMax` before. */
export interface Load {
  readonly at: number
  /** Decaying mean, per second. */
  readonly joinablePerSecond: number
}

export interface WindowInput {
  /** Since the room's last event, in ms; infinite for its first. */
  readonly sinceLastMs: number
  /** The share of time in which the event loop had something to do, 0 to 1. */
  readonly busy: number
}

/** A room that was silent for this long is quiet: what comes next leaves at once, whatever the load. */
export const quietMs = 1_000

/** A window smaller than this would hardly join anything. */
const windowMsMin = 4

/** What one write to one socket costs, user and system time, on machines of 2026: between 8 and 11 µs. */
const writeSeconds = 10e-6

/** The window is at its largest where half of the process's time would go into writes that could be spared... */
const shareAtMax = 0.5

/** ...or where the loop is busy for that share of time, whatever keeps it. Below the first it is left alone. */
const [busyFrom, busyAtMax] = [0.75, 0.95]

/** Long enough that the largest window does not show in the mean, short enough that a burst is noticed after its first few events. */
const meanOverMs = 200

export const noLoad: Load = { at: 0, joinablePerSecond: 0 }

export function measured(load: Load, joinable: number, now: number): Load {
  return { at: now, joinablePerSecond: rateAt(load, now) + (joinable * 1_000) / meanOverMs }
}

function rateAt({ at, joinablePerSecond }: Load, now: number): number {
  return joinablePerSecond * Math.exp(-Math.max(0, now - at) / meanOverMs)
}

/** The window for one event, in ms: 0, or up to `windowMsMax`. */
export function windowMs(
  load: Load,
  { sinceLastMs, busy }: WindowInput,
  windowMsMax: number,
  now: number,
): number {
  if (sinceLastMs >= quietMs) return 0
  const byCost = (rateAt(load, now) * writeSeconds) / shareAtMax
  const byLoop = (busy - busyFrom) / (busyAtMax - busyFrom)
  const window = windowMsMax * Math.min(1, Math.max(byCost, byLoop))
  return window < windowMsMin ? 0 : window
}

/** How much longer an event waits on a connection that was written to `sinceLeftMs` ago, in ms. The first of a burst waits for nothing. */
export function holdMs(window: number, sinceLeftMs: number): number {
  return Math.max(0, window - Math.max(0, sinceLeftMs))
}
