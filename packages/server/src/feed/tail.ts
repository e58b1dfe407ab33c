/**
 * The last events of a channel, kept in memory for those who were away for seconds. Dense and ascending by seq. What was edited or
 * deleted later is kept in its present state, as the store would give it: a deleted text is gone from here as well.
 */
import type { LogEvent } from '@madang/protocol'

export type Tail = readonly LogEvent[]

/** Adds events that follow the tail, and forgets the oldest past the bound. */
export function append(tail: Tail, events: readonly LogEvent[], eventsMax: number): Tail {
  const joined = [...tail, ...events]
  for (const event of events) applyChange(joined, event)
  return joined.length > eventsMax ? joined.slice(joined.length - eventsMax) : joined
}

/** Adds older events of a page in front, as far as they touch the tail (or, where it is empty, reach the head) and the bound allows. */
export function prepend(
  tail: Tail,
  page: readonly LogEvent[],
  head: number,
  eventsMax: number,
): Tail {
  const room = eventsMax - tail.length
  const next = tail[0]?.seq ?? head + 1
  const older = page.filter((event) => event.seq < next).slice(room > 0 ? -room : page.length)
  return older.at(-1)?.seq === next - 1 ? inPresentState([...older, ...tail]) : tail
}

/** The events after a seq, or undefined where the tail does not reach back that far. */
export function after(tail: Tail, seq: number, head: number): readonly LogEvent[] | undefined {
  if (seq >= head) return []
  const first = tail[0]?.seq
  return first === undefined || first > seq + 1 ? undefined : tail.slice(seq + 1 - first)
}

/** The same events, each as the edits and deletes among them left it. */
export function inPresentState(events: readonly LogEvent[]): readonly LogEvent[] {
  const present = [...events]
  for (const event of events) applyChange(present, event)
  return present
}

/** Applies an edit or delete to what it concerns, where that is in the list. Replaces entries, never changes them. */
function applyChange(list: LogEvent[], change: LogEvent): void {
  if (change.kind !== 'edited' && change.kind !== 'deleted') return
  const first = list[0]?.seq ?? 0
  const at = change.target - first
  const target = list[at]
  if (target?.kind === 'created' && (target.rev ?? 0) < change.seq) {
    const text = target.text === null || change.kind === 'deleted' ? null : change.text
    const when = change.kind === 'deleted' ? 'deletedAt' : 'editedAt'
    list[at] = { ...target, text, rev: change.seq, [when]: change.createdAt }
  }
  if (change.kind === 'deleted') blankEdits(list, change.target, change.seq - first)
}

function blankEdits(list: LogEvent[], target: number, end: number): void {
  const first = list[0]?.seq ?? 0
  for (let at = Math.max(0, target + 1 - first); at < end; at++) {
    const edit = list[at]
    if (edit?.kind === 'edited' && edit.target === target) list[at] = { ...edit, text: null }
  }
}
