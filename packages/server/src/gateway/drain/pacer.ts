/**
 * Decides how fast a node lets its connections go. Pure: it is told what happened, and says how many to tell, to close and to cut.
 *
 * Movers are clients that connect elsewhere first and then let go: how soon they go says how the others bear it. At most `window` of them are under way, as
 * packets of TCP are: each that goes makes room for one more and widens the window by one, so that it doubles in the time that a move takes; where they stay, because
 * the others refuse them, or where this node's own event loop lags, it is halved, and grows slowly from there. Closers are stock clients, which come back after they
 * were closed, so that nothing is heard of how it went: they go evenly over the drain's window, and at half the pace where movers stay.
 *
 *            begin                  the window of the drain ends       `cutAt`                    `endsAt`
 *   ───────────┼──── paced ────────────────┼──── paced, and at least ────┼──── cut, evenly ──────────┼─── nobody is here
 *                                              evenly, until `cutAt`
 *
 * | input   | paced                              | behind (the drain's window is over)  | cutting              |
 * |---------|------------------------------------|--------------------------------------|----------------------|
 * | `came`  | waits                              | waits                                | waits                |
 * | `gone`  | one less to tell or close          | one less                             | one less             |
 * | `moved` | room for one, the window grows     | the same                             | one less             |
 * | `tick`  | tells, closes, gives up            | the same, at least an even share     | cuts an even share   |
 * | lagging | tells and closes nobody            | an even share                        | an even share        |
 */
import { DRAIN_LIMITS as LIMITS } from './limits.ts'

export type Kind = 'mover' | 'closer'

/** So many movers that were told at this moment and are still here. */
export interface Told {
  readonly atMs: number
  readonly count: number
}

/** All times are of a clock that never goes back. */
export interface Pacer {
  readonly windowEndsAt: number
  readonly cutAt: number
  readonly endsAt: number
  /** How long a mover may stay where nobody goes, in ms. */
  readonly graceMs: number
  /** Who waits to be told, or to be closed. */
  readonly movers: number
  readonly closers: number
  /** The longest first. */
  readonly told: readonly Told[]
  /** Movers that may be under way. */
  readonly window: number
  /** Up to here the window doubles; past it it grows by one in the time that a move takes. */
  readonly threshold: number
  /** Closers per ms where nothing is in the way. */
  readonly closersPerMs: number
  /** Closers that are due, with parts of one. */
  readonly due: number
  readonly tickedAt: number
  readonly shrunkAt: number | undefined
  /** When a mover was last seen to go. */
  readonly acceptedAt: number | undefined
  readonly isLagging: boolean
}

export type PacerInput =
  | { readonly kind: 'came' | 'gone'; readonly as: Kind }
  | { readonly kind: 'moved'; readonly toldAtMs: number }
  /** `lagMs`: how late the event loop is. */
  | { readonly kind: 'tick'; readonly lagMs: number }

/** What to do now; what is ordered counts as done. */
export interface Orders {
  readonly tell: number
  readonly close: number
  /** Movers that had their time: of those that were told, the longest first. */
  readonly giveUp: number
  /** Of those that were told, then of those that wait. */
  readonly cut: number
}

type Next = readonly [Pacer, Orders]

const NOTHING: Orders = { tell: 0, close: 0, giveUp: 0, cut: 0 }

/** `windowMs`: over how long everybody is moved where the others take them. 0: at once. */
export function newPacer(movers: number, closers: number, windowMs: number, now: number): Pacer {
  const msMax = drainMsMax(windowMs)
  return {
    windowEndsAt: now + windowMs,
    cutAt: now + Math.max(windowMs, msMax - LIMITS.cutMs),
    endsAt: now + msMax,
    graceMs: Math.min(LIMITS.graceMsMax, Math.max(LIMITS.graceMsMin, windowMs / 2)),
    movers,
    closers,
    told: [],
    window: windowMs === 0 ? Number.POSITIVE_INFINITY : LIMITS.windowFirst,
    threshold: LIMITS.windowMax,
    closersPerMs: windowMs === 0 ? Number.POSITIVE_INFINITY : Math.max(1, closers) / windowMs,
    due: 1,
    tickedAt: now,
    shrunkAt: undefined,
    acceptedAt: undefined,
    isLagging: false,
  }
}

/** From the beginning of a drain to the moment at which nobody is there any more, in ms. */
export function drainMsMax(windowMs: number): number {
  return Math.max(
    windowMs + LIMITS.graceMsMin,
    Math.min(LIMITS.drainMsUsual, 2 * windowMs + 2 * LIMITS.graceMsMin),
  )
}

/** Movers that were told and are here. */
export function underWay({ told }: Pacer): number {
  return told.reduce((sum, { count }) => sum + count, 0)
}

export function stepPacer(pacer: Pacer, input: PacerInput, now: number): Next {
  switch (input.kind) {
    case 'came':
      return [waiting(pacer, input.as, 1), NOTHING]
    case 'gone':
      return [waiting(pacer, input.as, -1), NOTHING]
    case 'moved':
      return [moved(pacer, input.toldAtMs, now), NOTHING]
    case 'tick':
      return ticked(pacer, input.lagMs, now)
  }
}

function waiting(pacer: Pacer, as: Kind, by: number): Pacer {
  return as === 'mover'
    ? { ...pacer, movers: Math.max(0, pacer.movers + by) }
    : { ...pacer, closers: Math.max(0, pacer.closers + by) }
}

function moved(pacer: Pacer, toldAtMs: number, now: number): Pacer {
  const at = pacer.told.findIndex(({ atMs }) => atMs === toldAtMs)
  const told = pacer.told.flatMap((each, index) => {
    if (index !== at) return each
    return each.count > 1 ? { ...each, count: each.count - 1 } : []
  })
  const { window, threshold, isLagging } = pacer
  const growth = isLagging ? 0 : window < threshold ? 1 : 1 / window
  // A window without bounds stays as it is.
  const wider = Number.isFinite(window) ? Math.min(LIMITS.windowMax, window + growth) : window
  return { ...pacer, told, window: wider, acceptedAt: now }
}

function ticked(before: Pacer, lagMs: number, now: number): Next {
  const passedMs = Math.max(0, now - before.tickedAt)
  const isLagging = lagMs > LIMITS.lagMsMax
  const pacer = shrunk({ ...before, tickedAt: now, isLagging }, now)
  if (now >= pacer.cutAt) return cut(pacer, passedMs, now)
  const [given, giveUp] = givenUp(pacer, now)
  const [telling, tell] = toTell(given, passedMs, now)
  const [closing, close] = toClose(telling, passedMs, now)
  return [closing, { tell, close, giveUp, cut: 0 }]
}

/** Halves the window where movers stay or the loop lags: once in the time that a move may take, so that the last halving has shown. */
function shrunk(pacer: Pacer, now: number): Pacer {
  const { window, shrunkAt, isLagging } = pacer
  if (!Number.isFinite(window)) return pacer
  if (shrunkAt !== undefined && now - shrunkAt < LIMITS.moveMsMax) return pacer
  if (!isLagging && !areStaying(pacer, now)) return pacer
  const half = Math.max(LIMITS.windowMin, Math.floor(window / 2))
  return { ...pacer, window: half, threshold: half, shrunkAt: now }
}

/** One that does not answer is its own affair; where many stay the others refuse them. */
function areStaying(pacer: Pacer, now: number): boolean {
  const late = olderThan(pacer, LIMITS.moveMsMax, now)
  return late > 0 && late * LIMITS.stayingShare >= underWay(pacer)
}

function olderThan({ told }: Pacer, ms: number, now: number): number {
  return told.reduce((sum, { atMs, count }) => sum + (now - atMs >= ms ? count : 0), 0)
}

/** While anybody at all gets in elsewhere it is worth staying; where nobody does there may be nowhere to go. */
function givenUp(pacer: Pacer, now: number): readonly [Pacer, number] {
  const { acceptedAt, graceMs, told } = pacer
  if (acceptedAt !== undefined && now - acceptedAt < graceMs) return [pacer, 0]
  const giveUp = olderThan(pacer, graceMs, now)
  return giveUp === 0
    ? [pacer, 0]
    : [{ ...pacer, told: told.filter(({ atMs }) => now - atMs < graceMs) }, giveUp]
}

function toTell(pacer: Pacer, passedMs: number, now: number): readonly [Pacer, number] {
  const { movers, window, isLagging } = pacer
  const room = isLagging ? 0 : Math.max(0, Math.floor(window) - underWay(pacer))
  // The last of them is told early enough to be gone before whoever is left is cut.
  const byMs = pacer.cutAt - LIMITS.moveMsMax
  const tell = Math.min(movers, Math.max(room, evenShare(pacer, movers, passedMs, byMs, now)))
  if (tell === 0) return [pacer, 0]
  const told = [...pacer.told, { atMs: now, count: tell }]
  return [{ ...pacer, told, movers: movers - tell }, tell]
}

function toClose(pacer: Pacer, passedMs: number, now: number): readonly [Pacer, number] {
  const { closers, closersPerMs, isLagging } = pacer
  if (!Number.isFinite(closersPerMs)) return [{ ...pacer, closers: 0 }, closers]
  const pace = isLagging ? 0 : areStaying(pacer, now) ? 0.5 : 1
  const due = Math.min(closers, pacer.due + pace * closersPerMs * passedMs)
  const planned = isLagging ? 0 : Math.floor(due)
  const forced = evenShare(pacer, closers, passedMs, pacer.cutAt, now)
  const close = Math.min(closers, Math.max(planned, forced))
  return [{ ...pacer, closers: closers - close, due: Math.max(0, due - close) }, close]
}

/** Past the drain's window nobody waits for better times: what there is goes evenly until the moment. */
function evenShare(
  { windowEndsAt }: Pacer,
  count: number,
  passedMs: number,
  byMs: number,
  now: number,
): number {
  if (now < windowEndsAt || count === 0) return 0
  const leftMs = byMs - now
  return leftMs <= 0 ? count : Math.ceil((count * passedMs) / (passedMs + leftMs))
}

function cut(pacer: Pacer, passedMs: number, now: number): Next {
  const here = underWay(pacer) + pacer.movers + pacer.closers
  const leftMs = pacer.endsAt - now
  const count = leftMs <= 0 ? here : Math.ceil((here * passedMs) / Math.max(1, passedMs + leftMs))
  let left = count
  const told = pacer.told.flatMap((each) => {
    const taken = Math.min(left, each.count)
    left -= taken
    return taken === each.count ? [] : { ...each, count: each.count - taken }
  })
  const movers = Math.max(0, pacer.movers - left)
  left -= pacer.movers - movers
  const closers = Math.max(0, pacer.closers - left)
  return [
    { ...pacer, told, movers, closers },
    { ...NOTHING, cut: count },
  ]
}
