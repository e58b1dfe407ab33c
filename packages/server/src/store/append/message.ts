/** Decides entries about messages: created, edited, deleted, question. */

import type { Append, Entry } from '../log.ts'
import { toEvent } from '../queries/event-row.ts'
import type { ChannelRow, EventRow } from '../queries/tables.ts'
import { type Decision, refused, repeated, rowOf } from './decision.ts'
import { pair, type WorkingSet } from './working-set.ts'

type Kind<K extends Entry['kind']> = Extract<Entry, { kind: K }>

/** The message that an entry is about, if it is about one that is there. */
export function targetOf(set: WorkingSet, append: Append): EventRow | null {
  if (!('target' in append.entry)) return null
  const row = set.events.get(pair(append.channelId, append.entry.target))
  return row?.kind === 'created' ? row : null
}

export function decideCreated(
  set: WorkingSet,
  channel: ChannelRow,
  append: Append,
  entry: Kind<'created'>,
): Decision {
  const row = rowOf(channel, append)
  row.lane = entry.lane
  row.text = entry.text
  if (entry.lane === 'question') row.question = 'open'
  set.append(channel, row)
  channel.messages += 1
  set.moveCursor(append.author.id, channel.id, row.seq)
  return { outcome: 'appended', event: toEvent(row) }
}

export function decideEdit(
  set: WorkingSet,
  channel: ChannelRow,
  append: Append,
  entry: Kind<'edited'>,
): Decision {
  const message = targetOf(set, append)
  if (message === null) return refused('not_found')
  if (message.deleted_at !== null) return refused('message_deleted')
  if (message.text === entry.text) return repeated(channel, message.rev ?? message.seq)
  const row = rowOf(channel, append)
  row.target = message.seq
  row.text = entry.text
  set.append(channel, row)
  message.text = entry.text
  message.edited_at = append.createdAt
  message.rev = row.seq
  set.changedMessages.add(message)
  return { outcome: 'appended', event: toEvent(row) }
}

export function decideDelete(set: WorkingSet, channel: ChannelRow, append: Append): Decision {
  const message = targetOf(set, append)
  if (message === null) return refused('not_found')
  if (message.deleted_at !== null) return repeated(channel, message.rev)
  const row = rowOf(channel, append)
  row.target = message.seq
  set.append(channel, row)
  channel.messages -= 1
  message.text = null
  message.deleted_at = append.createdAt
  message.rev = row.seq
  set.changedMessages.add(message)
  set.deletedMessages.push({ channelId: channel.id, seq: message.seq })
  return { outcome: 'appended', event: toEvent(row) }
}

export function decideQuestion(
  set: WorkingSet,
  channel: ChannelRow,
  append: Append,
  entry: Kind<'question'>,
): Decision {
  const message = targetOf(set, append)
  if (message === null || message.question === null) return refused('not_found')
  if (message.deleted_at !== null) return refused('message_deleted')
  if (message.question === entry.state)
    return repeated(channel, message.question_seq ?? message.seq)
  const row = rowOf(channel, append)
  row.target = message.seq
  row.question = entry.state
  set.append(channel, row)
  message.question = entry.state
  message.question_seq = row.seq
  set.changedMessages.add(message)
  return { outcome: 'appended', event: toEvent(row) }
}
