/** What may become of one entry, and the row that an appended one begins as. */
import type { ErrorCode, LogEvent } from '@madang/protocol'
import type { Append, Entry } from '../log.ts'
import type { ChannelRow, EventRow } from '../queries/tables.ts'
import type { EventPlace } from './working-set.ts'

/** Bounds that hold inside a commit. */
export interface AppendLimits {
  readonly channelsPerPersonMax: number
}

/** `event` is what the answer shows; `at` is where the event that stands for a repeated entry is found. */
export type Decision =
  | { readonly outcome: 'appended'; readonly event: LogEvent }
  | { readonly outcome: 'repeated'; readonly at: EventPlace | null }
  | { readonly outcome: 'refused'; readonly code: ErrorCode }

export const refused = (code: ErrorCode): Decision => ({ outcome: 'refused', code })

export function repeated(channel: ChannelRow, seq: number | null): Decision {
  return { outcome: 'repeated', at: seq === null ? null : { channelId: channel.id, seq } }
}

export function clientIdOf(entry: Entry): string | undefined {
  return 'clientId' in entry ? entry.clientId : undefined
}

/** The row of an entry with the channel's next seq, its own columns to be filled in. */
export function rowOf(channel: ChannelRow, append: Append): EventRow {
  return {
    channel_id: channel.id,
    seq: channel.head + 1,
    id: append.id,
    kind: append.entry.kind,
    created_at: append.createdAt,
    author_id: append.author.id,
    author_name: append.author.name,
    client_id: clientIdOf(append.entry) ?? null,
    lane: null,
    text: null,
    target: null,
    subject_id: null,
    subject_name: null,
    role: null,
    reason: null,
    name: null,
    topic: null,
    question: null,
    edited_at: null,
    deleted_at: null,
    rev: null,
    question_seq: null,
  }
}
