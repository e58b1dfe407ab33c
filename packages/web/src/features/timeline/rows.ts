/** Turns a channel's items into the rows of the list: who begins a group, where a day begins, where the new begins. Pure. */
import type { TimelineItem, TimelineMessage, TimelineNote } from '@madang/client'

/** What stands above an item belongs to the item's own row, so that a new day or the unread line never moves the others' places. */
interface Above {
  readonly key: string
  /** The moment that begins a new day. */
  readonly day: number | undefined
}

export interface MessageRow extends Above {
  readonly kind: 'message'
  readonly item: TimelineMessage
  /** The first of a group shows the avatar and the name. */
  readonly head: boolean
  /** The unread line stands above it. */
  readonly unread: boolean
}

export interface NoteRow extends Above {
  readonly kind: 'note'
  readonly item: TimelineNote
  /** Those who came, or went, in a row: told together, by the last of them. */
  readonly told: readonly TimelineNote[]
}

/** The channel's beginning, once everything older is loaded. */
export interface StartRow {
  readonly kind: 'start'
  readonly key: 'start'
}

export type Row = MessageRow | NoteRow | StartRow

export interface RowsInput {
  readonly items: readonly TimelineItem[]
  /** There is more before the first item. */
  readonly more: boolean
  /** New is what others wrote after this seq; undefined: nothing is. */
  readonly unreadAfter: number | undefined
  readonly me: string
  /** A conversation of two is not told that the two are there. */
  readonly direct: boolean
  dayKey(at: number): string
}

/** Messages of one author this close together are one group. */
export const GROUP_MS = 5 * 60_000

export function buildRows(input: RowsInput): readonly Row[] {
  const items = input.direct ? input.items.filter(({ kind }) => kind === 'message') : input.items
  const rows: Row[] = input.more ? [] : [{ kind: 'start', key: 'start' }]
  const firstUnread = findFirstUnread(input)
  const newDay = (at: number): boolean => {
    const [before, item] = [items[at - 1], items[at]]
    if (!before || !item) return item !== undefined
    return input.dayKey(instant(before)) !== input.dayKey(instant(item))
  }
  let run: readonly TimelineNote[] = []
  for (const [at, item] of items.entries()) {
    const { key } = item
    const day = newDay(at) ? instant(item) : undefined
    if (item.kind === 'note') {
      run = day === undefined && joinsRun(run.at(-1), item) ? [...run, item] : [item]
      const isLast = newDay(at + 1) || !joinsRun(item, items[at + 1])
      rows.push({ kind: 'note', key, item, day, told: isLast ? run : [] })
    } else {
      run = []
      const unread = item === firstUnread
      const head = day !== undefined || unread || !continues(items[at - 1], item)
      rows.push({ kind: 'message', key, item, day, head, unread })
    }
  }
  return rows
}

/** A crowd that comes in is one line, not a wall of them. */
function joinsRun(before: TimelineItem | undefined, item: TimelineItem | undefined): boolean {
  if (before?.kind !== 'note' || item?.kind !== 'note') return false
  const { kind } = item.event
  return kind === before.event.kind && (kind === 'joined' || kind === 'left')
}

export function instant(item: TimelineItem): number {
  return item.kind === 'note' ? item.event.createdAt : item.createdAt
}

function continues(previous: TimelineItem | undefined, item: TimelineMessage): boolean {
  return (
    previous?.kind === 'message' &&
    previous.author.id === item.author.id &&
    previous.lane === item.lane &&
    item.createdAt - previous.createdAt < GROUP_MS
  )
}

/** Nothing where the reader's place is not loaded: the line would stand where it is not. */
function findFirstUnread({ items, more, unreadAfter, me }: RowsInput): TimelineItem | undefined {
  if (unreadAfter === undefined) return undefined
  const oldest = items.find((item) => item.seq !== undefined)?.seq
  if (more && (oldest === undefined || oldest > unreadAfter)) return undefined
  return items.find(
    (item) =>
      item.kind === 'message' &&
      item.seq !== undefined &&
      item.seq > unreadAfter &&
      item.author.id !== me,
  )
}

/** The row above which the unread line stands; -1 where there is none. */
export const unreadIndex = (rows: readonly Row[]): number =>
  rows.findIndex((row) => row.kind === 'message' && row.unread)

/** The highest seq among the rows up to and with `index`; 0 where there is none. Pending messages have none yet. */
export function seqUpTo(rows: readonly Row[], index: number): number {
  for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
    const row = rows[at]
    if (row && row.kind !== 'start' && row.item.seq !== undefined) return row.item.seq
  }
  return 0
}

/** Messages by others after `seq`. */
export function newerThan(rows: readonly Row[], seq: number, me: string): number {
  let count = 0
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at]
    if (row?.kind !== 'message' || row.item.seq === undefined) continue
    if (row.item.seq <= seq) break
    if (row.item.author.id !== me) count++
  }
  return count
}

function isPrepended(firstKey: string | undefined, rows: readonly Row[]): boolean {
  return firstKey !== undefined && rows.findIndex(({ key }) => key === firstKey) > 0
}

/** Whether rows came or went in front of what is in both lists. */
export function isShifted(before: readonly Row[], after: readonly Row[]): boolean {
  return isPrepended(before[0]?.key, after) || isPrepended(after[0]?.key, before)
}

/** The seq of the last message that a person wrote and could still change. */
export function lastOwn(items: readonly TimelineItem[], me: string): number | undefined {
  return items.findLast(
    (item) =>
      item.kind === 'message' &&
      item.author.id === me &&
      item.text !== null &&
      item.seq !== undefined,
  )?.seq
}

/** The seq of the last event that changed who is in the channel; 0 where none is known. */
export function membershipSeq(items: readonly TimelineItem[]): number {
  return items.findLast((item) => item.kind === 'note' && item.event.kind !== 'renamed')?.seq ?? 0
}
