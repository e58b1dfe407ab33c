/**
 * One channel's feed as a pure reducer: puts events in order, waits for holes, says when to read the store, and delivers each event once.
 * It knows no clock, store or broker; whoever performs it tells it what happened and does what it says.
 */
import type { LogEvent } from '@madang/protocol'
import type { FeedBounds } from './feed-limits.ts'
import type { FeedCount } from './report.ts'
import { append, prepend, type Tail } from './tail.ts'

/**
 * idle: nothing is missing. grace: a hole may be a frame on its way; `target` is what was known when the grace began.
 * reading: the store was asked; `target` is what was known then, `arrived` the greatest seq that came since. pausing: the store failed.
 */
export type Repair =
  | { readonly phase: 'idle' }
  | { readonly phase: 'grace'; readonly dueAt: number; readonly target: number }
  | { readonly phase: 'reading'; readonly target: number; readonly arrived: number }
  | { readonly phase: 'pausing'; readonly dueAt: number }

export interface FeedState {
  /** Whether the head was learned from the store. Before, everything waits. */
  readonly opened: boolean
  /** The last delivered seq. */
  readonly head: number
  /** The greatest seq that is known to exist. */
  readonly known: number
  /** Events beyond `head + 1`, ascending, each once. */
  readonly pending: readonly LogEvent[]
  readonly tail: Tail
  readonly repair: Repair
  /** Repairs that failed since the last one that did not. */
  readonly failures: number
}

export type FeedInput =
  /** The head at the moment of entry. Nothing up to it is delivered. */
  | { readonly type: 'opened'; readonly head: number }
  /** A committed event, from this node or by a frame. */
  | { readonly type: 'event'; readonly event: LogEvent }
  /** The answer to `read`: dense events, and the head in the store. */
  | { readonly type: 'page'; readonly events: readonly LogEvent[]; readonly head: number }
  /** What was read for somebody else. */
  | { readonly type: 'past'; readonly events: readonly LogEvent[]; readonly head: number }
  /** `read` failed. `chance` is a random number from 0 up to 1. */
  | { readonly type: 'repairFailed'; readonly chance: number }
  /** The broker lost frames: a hole is not a frame on its way. */
  | { readonly type: 'gap' }
  | { readonly type: 'heads'; readonly head: number }
  /** The time of `wait` has passed. */
  | { readonly type: 'tick' }
  /** Memory is short: lets the tail go. */
  | { readonly type: 'trim' }

export type FeedEffect =
  | { readonly type: 'deliver'; readonly event: LogEvent }
  /** Reads the events after a seq, up to one that is known and what there is beyond; answered by `page` or `repairFailed`. At most one at a time. */
  | { readonly type: 'read'; readonly after: number; readonly known: number }
  /** Calls `tick` after this long, in place of an earlier wait. */
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'count'; readonly what: FeedCount; readonly by: number }

export type FeedStep = readonly [FeedState, readonly FeedEffect[]]

export const newFeed: FeedState = {
  opened: false,
  head: 0,
  known: 0,
  pending: [],
  tail: [],
  repair: { phase: 'idle' },
  failures: 0,
}

export function reduceFeed(
  state: FeedState,
  input: FeedInput,
  now: number,
  bounds: FeedBounds,
): FeedStep {
  switch (input.type) {
    case 'opened':
      return openAt(state, input.head, now, bounds)
    case 'event':
      return look(take(state, [input.event], bounds), now, bounds)
    case 'page':
      return answered(state, input.events, input.head, now, bounds)
    case 'past':
      return look(takePage(state, input.events, input.head, bounds), now, bounds)
    case 'repairFailed':
      return pause(state, input.chance, now, bounds)
    case 'gap':
      return state.repair.phase === 'grace' ? read([state, []]) : [state, []]
    case 'heads':
      return look([know(state, input.head), []], now, bounds)
    case 'tick':
      return tick(state, now, bounds)
    case 'trim':
      return [{ ...state, tail: [] }, []]
  }
}

/** What arrived before the head was known is delivered to nobody: nobody can have entered yet. It only moves the head. */
function openAt(state: FeedState, head: number, now: number, bounds: FeedBounds): FeedStep {
  if (state.opened) return [state, []]
  const beyond = state.pending.filter((event) => event.seq > head)
  const fresh = { ...state, opened: true, head, known: Math.max(head, state.known), pending: [] }
  const [opened, effects] = take(fresh, beyond, bounds)
  return look([opened, effects.filter((effect) => effect.type !== 'deliver')], now, bounds)
}

/** Adds events to what waits, and delivers what follows the head without a hole. */
function take(state: FeedState, events: readonly LogEvent[], bounds: FeedBounds): FeedStep {
  const waiting = [...state.pending]
  let repeated = 0
  for (const event of events) {
    if ((state.opened && event.seq <= state.head) || !insert(waiting, event)) repeated += 1
  }
  const ready = state.opened ? countReady(waiting, state.head) : 0
  const delivered = waiting.slice(0, ready)
  const pending = waiting.slice(ready, ready + bounds.feedPendingEventsMax)
  const next = {
    ...know(state, Math.max(0, ...events.map((event) => event.seq))),
    head: state.head + ready,
    pending,
    tail: ready === 0 ? state.tail : append(state.tail, delivered, bounds.tailEventsMax),
  }
  const effects: FeedEffect[] = delivered.map((event) => ({ type: 'deliver', event }))
  addCount(effects, 'event_repeated', repeated)
  addCount(effects, 'event_unheld', waiting.length - ready - pending.length)
  return [next, effects]
}

/** Takes what is new in a page, and puts what is old into the tail. */
function takePage(
  state: FeedState,
  events: readonly LogEvent[],
  head: number,
  bounds: FeedBounds,
): FeedStep {
  const tail = prepend(state.tail, events, state.head, bounds.tailEventsMax)
  const fresh = events.filter((event) => event.seq > state.head)
  return take({ ...know(state, head), tail }, fresh, bounds)
}

/** Puts an event into its place; false where it is there already. */
function insert(waiting: LogEvent[], event: LogEvent): boolean {
  let at = waiting.length
  while (at > 0 && (waiting[at - 1]?.seq ?? 0) > event.seq) at -= 1
  if (waiting[at - 1]?.seq === event.seq) return false
  waiting.splice(at, 0, event)
  return true
}

function countReady(waiting: readonly LogEvent[], head: number): number {
  let ready = 0
  while (waiting[ready]?.seq === head + 1 + ready) ready += 1
  return ready
}

/** Remembers that a seq exists, also where its event could not be held. */
function know(state: FeedState, seq: number): FeedState {
  const { repair } = state
  const known = Math.max(state.known, seq)
  if (repair.phase !== 'reading' || seq <= repair.arrived) return { ...state, known }
  return { ...state, known, repair: { ...repair, arrived: seq } }
}

/** Begins a grace where something is missing, and ends it where nothing is. */
function look(step: FeedStep, now: number, bounds: FeedBounds): FeedStep {
  const [state, effects] = step
  if (!state.opened || state.repair.phase === 'reading') return step
  if (state.head >= state.known) {
    if (state.repair.phase === 'idle') return step
    return [{ ...state, repair: { phase: 'idle' }, failures: 0 }, effects]
  }
  if (state.repair.phase !== 'idle') return step
  const repair = { phase: 'grace', dueAt: now + bounds.holeGraceMs, target: state.known } as const
  return [{ ...state, repair }, [...effects, { type: 'wait', ms: bounds.holeGraceMs }]]
}

function tick(state: FeedState, now: number, bounds: FeedBounds): FeedStep {
  const { repair } = state
  if (repair.phase !== 'grace' && repair.phase !== 'pausing') return [state, []]
  if (now < repair.dueAt) return [state, [{ type: 'wait', ms: repair.dueAt - now }]]
  // The hole that began the grace is filled; what is missing now is missing for a shorter time.
  const filled = repair.phase === 'grace' && state.head >= repair.target
  return filled ? again([state, []], now, bounds) : read([state, []])
}

function again([state, effects]: FeedStep, now: number, bounds: FeedBounds): FeedStep {
  return look([{ ...state, repair: { phase: 'idle' } }, effects], now, bounds)
}

function read([state, effects]: FeedStep): FeedStep {
  const repair = { phase: 'reading', target: state.known, arrived: 0 } as const
  const next: FeedEffect[] = [...effects, { type: 'read', after: state.head, known: state.known }]
  addCount(next, 'repair_read', 1)
  return [{ ...state, repair }, next]
}

function answered(
  state: FeedState,
  events: readonly LogEvent[],
  head: number,
  now: number,
  bounds: FeedBounds,
): FeedStep {
  const { repair } = state
  if (repair.phase !== 'reading') return look(takePage(state, events, head, bounds), now, bounds)
  const [sober, phantoms] = head < repair.target ? withoutPhantoms(state, head) : [state, 0]
  const [taken, delivered] = takePage(sober, events, head, bounds)
  const effects = [...delivered]
  addCount(effects, 'event_phantom', phantoms)
  const moved = taken.head > state.head
  const next: FeedState = { ...taken, failures: 0, repair: { phase: 'idle' } }
  // Less than the head: the page was cut. One that moves nothing would be asked for without end.
  if (moved && taken.head < head) return read([next, effects])
  if (taken.head < head) return pause({ ...taken, repair }, 1, now, bounds, effects)
  return look([next, effects], now, bounds)
}

/**
 * Forgets what the store does not know although it was asked later: the store reads every append that was answered before, and an event is told after its
 * append. What came since the question is asked for anew.
 */
function withoutPhantoms(state: FeedState, head: number): readonly [FeedState, number] {
  const pending = state.pending.filter((event) => event.seq <= head)
  const arrived = state.repair.phase === 'reading' ? state.repair.arrived : 0
  const known = Math.max(state.head, head, arrived)
  return [{ ...state, pending, known }, state.pending.length - pending.length]
}

function pause(
  state: FeedState,
  chance: number,
  now: number,
  bounds: FeedBounds,
  before: readonly FeedEffect[] = [],
): FeedStep {
  if (state.repair.phase !== 'reading') return [state, before]
  const effects = [...before]
  addCount(effects, 'repair_failed', 1)
  if (state.head >= state.known) return [{ ...state, repair: { phase: 'idle' } }, effects]
  const whole = Math.min(bounds.repairPauseMsMax, bounds.repairPauseMsMin * 2 ** state.failures)
  const ms = Math.ceil(whole * (0.5 + chance / 2))
  const repair = { phase: 'pausing', dueAt: now + ms } as const
  effects.push({ type: 'wait', ms })
  return [{ ...state, repair, failures: state.failures + 1 }, effects]
}

function addCount(effects: FeedEffect[], what: FeedCount, by: number): void {
  if (by > 0) effects.push({ type: 'count', what, by })
}
