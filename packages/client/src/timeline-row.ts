/** One row of a timeline: an event that people see, with the later edits, deletes and questions folded into it. Pure. */
import type { CreatedEvent, Id, LogEvent } from '@madang/protocol'
import type { TimelineItem, TimelineMessage, TimelineNote } from './types.ts'

/** An event that changes a message instead of being one. */
export type Amendment = Extract<LogEvent, { kind: 'edited' | 'deleted' | 'question' }>

export interface Row {
  readonly seq: number
  readonly item: TimelineItem
  /** The seq of the last edit or delete that the item contains; 0: none. */
  readonly rev: number
  /** The same for the question's state. */
  readonly questionRev: number
  /** Of a message. */
  readonly clientId: string | undefined
}

const NOTES: Record<TimelineNote['event']['kind'], true> = {
  joined: true,
  invited: true,
  left: true,
  kicked: true,
  banned: true,
  unbanned: true,
  role: true,
  renamed: true,
}

export function isAmendment(event: LogEvent): event is Amendment {
  return event.kind === 'edited' || event.kind === 'deleted' || event.kind === 'question'
}

/** Undefined for what is not shown: amendments, and kinds that a newer server has and this client does not know. */
export function rowOf(event: LogEvent, self: Id | undefined): Row | undefined {
  if (event.kind === 'created') return messageRow(event, self)
  if (!isNote(event)) return undefined
  const item: TimelineNote = { kind: 'note', key: event.id, seq: event.seq, event }
  return { seq: event.seq, item, rev: 0, questionRev: 0, clientId: undefined }
}

/**
 * A message's key. One's own are known by their client id alone, since they have a key before they have a seq or, offline, a known author.
 * Others' carry the author too: a client id is unique per author only, and anybody can copy one. No client id has a colon.
 */
export function messageKey(clientId: string, author: Id, self: Id | undefined): string {
  return author === self ? clientId : `${author}:${clientId}`
}

/** The row with the amendment applied; the same row where it already contains it. */
export function amended(row: Row, event: Amendment): Row {
  const { item } = row
  if (item.kind !== 'message') return row
  if (event.kind === 'question') {
    if (event.seq <= row.questionRev) return row
    return { ...row, questionRev: event.seq, item: { ...item, question: event.state } }
  }
  if (event.seq <= row.rev) return row
  const change = event.kind === 'edited' ? { text: event.text, edited: true } : { text: null }
  return { ...row, rev: event.seq, item: { ...item, ...change } }
}

function messageRow(event: CreatedEvent, self: Id | undefined): Row {
  const { seq, clientId, author, text, lane, createdAt, question } = event
  const item: TimelineMessage = {
    kind: 'message',
    key: messageKey(clientId, author.id, self),
    state: 'sent',
    seq,
    author,
    text,
    lane,
    ...(question && { question }),
    createdAt,
    edited: event.editedAt !== undefined,
  }
  return { seq, item, rev: event.rev ?? 0, questionRev: 0, clientId }
}

function isNote(event: LogEvent): event is TimelineNote['event'] {
  return event.kind in NOTES
}
