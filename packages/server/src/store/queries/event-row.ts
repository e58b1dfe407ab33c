/** Turns rows of the events table into the log's events. */
import type { Author, CreatedEvent, LogEvent } from '@madang/protocol'
import type { EventRow } from './tables.ts'

/** A row that lacks what its kind must have: the database was changed by another hand. */
function broken(row: EventRow, column: keyof EventRow): never {
  throw new Error(`event ${row.channel_id}/${row.seq} (${row.kind}) has no ${column}`)
}

function created(row: EventRow): CreatedEvent {
  return {
    kind: 'created',
    id: row.id,
    channelId: row.channel_id,
    seq: row.seq,
    createdAt: row.created_at,
    author: { id: row.author_id, name: row.author_name },
    clientId: row.client_id ?? broken(row, 'client_id'),
    lane: row.lane ?? broken(row, 'lane'),
    text: row.text,
    ...(row.edited_at !== null && { editedAt: row.edited_at }),
    ...(row.deleted_at !== null && { deletedAt: row.deleted_at }),
    ...(row.rev !== null && { rev: row.rev }),
    ...(row.question !== null && { question: row.question }),
  }
}

function base(row: EventRow) {
  return {
    id: row.id,
    channelId: row.channel_id,
    seq: row.seq,
    createdAt: row.created_at,
    author: { id: row.author_id, name: row.author_name },
  }
}

function subject(row: EventRow): Author {
  return {
    id: row.subject_id ?? broken(row, 'subject_id'),
    name: row.subject_name ?? broken(row, 'subject_name'),
  }
}

const target = (row: EventRow): number => row.target ?? broken(row, 'target')
const role = (row: EventRow) => row.role ?? broken(row, 'role')
const reason = (row: EventRow) => (row.reason === null ? {} : { reason: row.reason })

export function toEvent(row: EventRow): LogEvent {
  const { kind } = row
  switch (kind) {
    case 'created':
      return created(row)
    case 'edited':
      return { kind, ...base(row), target: target(row), text: row.text }
    case 'deleted':
      return { kind, ...base(row), target: target(row) }
    case 'question':
      return {
        kind,
        ...base(row),
        target: target(row),
        state: row.question ?? broken(row, 'question'),
      }
    case 'joined':
    case 'invited':
    case 'role':
      return { kind, ...base(row), subject: subject(row), role: role(row) }
    case 'left':
    case 'unbanned':
      return { kind, ...base(row), subject: subject(row) }
    case 'kicked':
    case 'banned':
      return { kind, ...base(row), subject: subject(row), ...reason(row) }
    case 'renamed':
      return {
        kind,
        ...base(row),
        name: row.name ?? broken(row, 'name'),
        topic: row.topic ?? broken(row, 'topic'),
      }
  }
}
