/**
 * Decides what a channel's timeline holds: one window of its log without a hole, from live events, replays and pages. Pure.
 *
 *      not loaded        the window: every event from first to last       held: live events
 *   ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┌───────────────────────────────────────────┐      past a hole, until
 *                     first              end                      last    a replay closes it
 *                       ◀─── pages        ┊──▶ pages  live, replays ─▶     ▒▒▒▒▒
 *
 * The window only ever grows at its two ends, and only by what joins on without a hole, so that there is never one in it.
 * Rows stand from first to end. That is last, but where somebody reads so far back that the newest rows had to be cut (`isAway`): what is live
 * then only amends the rows that there are, and pages bring the others back. Where a
 * replay does not join on (`limited`) the window is dropped for the page that came: keeping the older part would keep messages
 * whose later edits were missed, and paging brings it back as it is now. Messages are served in their present state with `rev`,
 * so applying an amendment that a page already contains changes nothing, whichever comes first (I9).
 */
import type { CreatedEvent, Id, LogEvent, Replay } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'
import { type Amendment, amended, isAmendment, type Row, rowOf } from './timeline-row.ts'

/** Every event with first ≤ seq ≤ end is in it, and every amendment up to last is folded into those. `first` is 1 and `last` 0 for an empty log. */
export interface Window {
  readonly first: number
  readonly end: number
  readonly last: number
}

/** A page is the one before the window, or the one after its end. */
export type PageWanted = { readonly before: number } | { readonly after: number }

export interface Timeline {
  /** Whose messages are one's own. */
  readonly self: Id | undefined
  readonly epoch: string | undefined
  /** Undefined until the first page has come. */
  readonly window: Window | undefined
  /** Ascending by seq. */
  readonly rows: readonly Row[]
  /** Own messages that are acknowledged but whose event has not come yet, ascending by seq; shown after the window. */
  readonly ahead: readonly Row[]
  /** Ascending by seq. */
  readonly held: readonly LogEvent[]
  /** The last seq that we know to exist. */
  readonly head: number
  /** Replays in a row that left a hole open. */
  readonly repairs: number
  /** While a page is on its way: what was asked for. */
  readonly paging: PageWanted | undefined
  /** What came while a page is on its way: the page may be older. */
  readonly meanwhile: readonly LogEvent[]
  /** The seq that somebody looks at; undefined: the end. */
  readonly reader: number | undefined
}

export interface Page {
  readonly wanted: PageWanted
  readonly events: readonly LogEvent[]
  readonly head: number
  readonly more: boolean
}

export function newTimeline(self: Id | undefined): Timeline {
  return {
    self,
    epoch: undefined,
    window: undefined,
    rows: [],
    ahead: [],
    held: [],
    head: 0,
    repairs: 0,
    paging: undefined,
    meanwhile: [],
    reader: undefined,
  }
}

/** Where we are in the log: what to resume from. Null: the latest page please. */
export function cursorOf(
  timeline: Timeline,
): { readonly seq: number; readonly epoch: string } | null {
  const { window, epoch } = timeline
  return window && epoch !== undefined && !wantsLatest(timeline)
    ? { seq: window.last, epoch }
    : null
}

/** Whether events are known to exist past the window that did not come: a replay from the cursor is needed. */
export function hasHole({ window, head }: Timeline): boolean {
  return window !== undefined && head > window.last
}

/** Whether the newest rows are not loaded. */
export function isAway({ window }: Timeline): boolean {
  return window !== undefined && window.end < window.last
}

/** Whether a replay is needed. */
export function isBehind(timeline: Timeline): boolean {
  return !timeline.window || hasHole(timeline) || wantsLatest(timeline)
}

/** Nobody reads back any longer, and the end is not there. */
function wantsLatest(timeline: Timeline): boolean {
  return isAway(timeline) && timeline.reader === undefined
}

export function hasMore(timeline: Timeline): boolean {
  return timeline.window !== undefined && timeline.window.first > 1
}

/** A live event. What is known already changes nothing; what lies past a hole is held. */
export function withEvent(timeline: Timeline, event: LogEvent): Timeline {
  const { window } = timeline
  if (window && event.seq <= window.last) return timeline
  if (!window || event.seq > window.last + 1) return withHeld(timeline, event)
  return trimmed(drained(appended(timeline, [event])))
}

/** What the server says we missed. */
export function withReplay(timeline: Timeline, replay: Replay): Timeline {
  if (replay.error) return timeline
  const { window } = timeline
  if (replay.limited || timeline.epoch !== replay.epoch || !window) return cut(timeline, replay)
  const events = replay.events.filter((event) => event.seq > window.last)
  const next = drained(appended(timeline, dense(events, window.last)))
  return repaired(timeline, { ...next, head: Math.max(next.head, replay.head) })
}

/** Somebody looks at this seq, or at the end: what is far from there may be cut. */
export function withReader(timeline: Timeline, reader: number | undefined): Timeline {
  return timeline.reader === reader ? timeline : { ...timeline, reader }
}

/** A page is asked for; what has to be cut to make room for it is cut before, so that a list never grows at one end while it shrinks at the other. */
export function withPaging(timeline: Timeline, newer: boolean): Timeline {
  const { window } = timeline
  if (!window) return timeline
  const cut = trimmed(timeline, BOUNDS.timelineRowsMax - BOUNDS.pageEvents)
  const { first, end } = cut.window ?? window
  return { ...cut, paging: newer ? { after: end } : { before: first }, meanwhile: [] }
}

/** The page that was asked for will not come. */
export function withoutPaging(timeline: Timeline): Timeline {
  return { ...timeline, paging: undefined, meanwhile: [] }
}

/** A page. One that no longer joins on to the window, because that was cut meanwhile, is dropped. */
export function withPage(timeline: Timeline, page: Page): Timeline {
  const { window, paging, meanwhile, self } = timeline
  const { wanted, events, more } = page
  if (!window || paging !== wanted) return timeline
  const closed = withoutPaging(timeline)
  if ('before' in wanted) {
    if (wanted.before !== window.first) return closed
    const older = events.filter((event) => event.seq < window.first)
    // A page that brings nothing and promises more would be asked for again and again.
    const first = more ? (older[0]?.seq ?? 1) : 1
    const rows = rowsOf([...older, ...meanwhile.filter(isAmendment)], self)
    return trimmed({ ...closed, window: { ...window, first }, rows: [...rows, ...timeline.rows] })
  }
  // The end moves with pages only. What the page knows before it was live comes live.
  const known = events.filter(({ seq }) => seq > window.end && seq <= window.last)
  const later = meanwhile.filter((event) => isAmendment(event) || (!more && event.seq > page.head))
  const end = more ? Math.min(events.at(-1)?.seq ?? window.last, window.last) : window.last
  const rows = [...timeline.rows, ...rowsOf([...known, ...later], self)]
  return trimmed({ ...closed, window: { ...window, end }, rows })
}

/** An own message that the server acknowledged before its event came. */
export function withAcknowledged(timeline: Timeline, event: CreatedEvent): Timeline {
  const { window, ahead, self } = timeline
  const row = rowOf(event, self)
  if (!row || (window && event.seq <= window.last)) return timeline
  const others = ahead.filter((one) => one.seq !== event.seq)
  return { ...timeline, ahead: [...others, row].sort((one, two) => one.seq - two.seq) }
}

/** Messages by others after the cursor, not deleted; undefined where the window does not reach from the cursor to the head. */
export function unreadAfter(
  { window, rows, self }: Timeline,
  cursor: number,
  head: number,
): number | undefined {
  if (!window || window.first > cursor + 1 || window.end < head) return undefined
  return rows.filter(
    ({ seq, item }) =>
      seq > cursor && item.kind === 'message' && item.text !== null && item.author.id !== self,
  ).length
}

function withHeld(timeline: Timeline, event: LogEvent): Timeline {
  const { held } = timeline
  const head = Math.max(timeline.head, event.seq)
  if (held.length >= BOUNDS.heldEventsMax || held.some((one) => one.seq === event.seq)) {
    return { ...timeline, head }
  }
  return { ...timeline, head, held: [...held, event].sort((one, two) => one.seq - two.seq) }
}

/** The part of the events that follows on `last` without a hole. */
function dense(events: readonly LogEvent[], last: number): readonly LogEvent[] {
  const end = events.findIndex((event, index) => event.seq !== last + 1 + index)
  return end === -1 ? events : events.slice(0, end)
}

/** Applies events that follow on the window without a hole. */
function appended(timeline: Timeline, events: readonly LogEvent[]): Timeline {
  const { window, self, paging } = timeline
  const lastEvent = events.at(-1)
  if (!window || !lastEvent) return timeline
  const away = isAway(timeline)
  const rows = [...timeline.rows]
  for (const event of events) {
    const row = away ? undefined : rowOf(event, self)
    if (row) rows.push(row)
    if (isAmendment(event)) amendIn(rows, event)
  }
  const last = lastEvent.seq
  const next = {
    ...timeline,
    window: { ...window, last, end: away ? window.end : last },
    head: Math.max(timeline.head, last),
    rows,
    ahead: timeline.ahead.filter((row) => row.seq > last),
  }
  if (!paging) return next
  const meanwhile = [...timeline.meanwhile, ...events]
  return meanwhile.length > BOUNDS.heldEventsMax ? withoutPaging(next) : { ...next, meanwhile }
}

/** Takes from the held events what now joins on. */
function drained(timeline: Timeline): Timeline {
  const { window, held } = timeline
  if (!window || held.length === 0) return timeline
  const rest = held.filter((event) => event.seq > window.last)
  const ready = dense(rest, window.last)
  return appended({ ...timeline, held: rest.slice(ready.length) }, ready)
}

/** A replay that left the hole open too often: the window is given up, and the next cursor is null. */
function repaired(before: Timeline, after: Timeline): Timeline {
  if (!hasHole(after)) return trimmed({ ...after, repairs: 0 })
  const repairs = before.repairs + 1
  if (repairs < BOUNDS.repairsMax) return trimmed({ ...after, repairs })
  return { ...newTimeline(after.self), ahead: after.ahead }
}

/** Drops what we had for the page that came, or for the part of the log. */
function cut(timeline: Timeline, replay: Replay): Timeline {
  const { self, ahead, held, epoch } = timeline
  const { events, head } = replay
  const fresh: Timeline = {
    ...newTimeline(self),
    epoch: replay.epoch,
    window: { first: events[0]?.seq ?? head + 1, end: head, last: head },
    rows: rowsOf(events, self),
    head,
  }
  // Seqs of another epoch mean nothing in this one.
  if (epoch !== undefined && epoch !== replay.epoch) return fresh
  const kept = { ahead: ahead.filter((row) => row.seq > head), head: Math.max(head, timeline.head) }
  return repaired(timeline, drained({ ...fresh, ...kept, held }))
}

/** Events in their order, amendments folded in. */
function rowsOf(events: readonly LogEvent[], self: Id | undefined): Row[] {
  const rows = events.map((event) => rowOf(event, self)).filter((row) => row !== undefined)
  for (const event of events) if (isAmendment(event)) amendIn(rows, event)
  return rows
}

function amendIn(rows: Row[], event: Amendment): void {
  const index = indexOf(rows, event.target)
  const row = rows[index]
  if (row) rows[index] = amended(row, event)
}

/** Binary search; -1 where there is no such row. */
function indexOf(rows: readonly Row[], seq: number): number {
  let low = 0
  let high = rows.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = rows[middle]?.seq ?? 0
    if (found === seq) return middle
    if (found < seq) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** A timeline that has grown past its bound is cut at the end that is farther from the reader, who stays; paging brings back what was there. */
function trimmed(timeline: Timeline, rowsMax: number = BOUNDS.timelineRowsMax): Timeline {
  const { window, rows, reader } = timeline
  const { length } = rows
  if (!window || length <= rowsMax) return timeline
  const size = BOUNDS.timelineRowsMax - BOUNDS.timelineRowsTrimmed
  const found = reader === undefined ? -1 : rows.findIndex(({ seq }) => seq >= reader)
  const at = found === -1 ? length : found
  const from = at < length >> 1 ? Math.max(0, at - size + 1) : Math.min(length - size, at)
  const kept = rows.slice(from, from + size)
  const first = from === 0 ? window.first : (kept[0]?.seq ?? 1)
  const next = rows[from + size]
  return {
    ...timeline,
    window: { ...window, first, end: next ? next.seq - 1 : window.end },
    rows: kept,
  }
}
