/** The log part of the store's contract: channels' events, appended in groups and read by seq. */
import type { Author, ErrorCode, Id, Lane, LogEvent, QuestionState, Role } from '@madang/protocol'

/**
 * What is to be appended; the store gives it `seq`, and applies its effect in the same commit:
 * `created` counts one message, and moves its author's cursor to itself; `edited` and `deleted` change the target's row (a delete also blanks the text of its
 * edits) and set its `rev`; `joined` and `invited` add or keep the membership; `left`, `kicked`, `banned` end it; `banned` also
 * keeps the person out until `unbanned`; `role` sets the role; `renamed` sets name and topic; `question` sets the question's state.
 */
export type Entry =
  | {
      readonly kind: 'created'
      readonly clientId: string
      readonly lane: Lane
      readonly text: string
    }
  | {
      readonly kind: 'edited'
      readonly target: number
      readonly text: string
      readonly clientId?: string
    }
  | { readonly kind: 'deleted'; readonly target: number; readonly clientId?: string }
  | {
      readonly kind: 'question'
      readonly target: number
      readonly state: QuestionState
      readonly clientId?: string
    }
  | { readonly kind: 'joined' | 'invited' | 'role'; readonly subject: Author; readonly role: Role }
  | { readonly kind: 'left' | 'unbanned'; readonly subject: Author }
  | { readonly kind: 'kicked' | 'banned'; readonly subject: Author; readonly reason?: string }
  | { readonly kind: 'renamed'; readonly name: string; readonly topic: string }

/**
 * What the author must be, checked inside the commit, so that nothing is appended by somebody whose removal was committed before:
 * `community`: a member of the channel's community, banned neither there nor in the channel. `member`: has a membership of the channel.
 * `moderator`: moderator or owner of the channel, or moderator or owner of the community. `writer`: `member`, or in a live channel `community`.
 * `author`: `writer`, and the target's author, or `moderator`. `nothing`: the server itself.
 * A refusal is `banned` where a ban is the reason, `not_member` where the author has no place there, else `forbidden`.
 */
export type Standing = 'nothing' | 'community' | 'member' | 'writer' | 'author' | 'moderator'

export interface Append {
  /** A UUID made by the caller. */
  readonly id: Id
  readonly channelId: Id
  readonly author: Author
  readonly needs: Standing
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly entry: Entry
}

/**
 * `appended`: the event, committed. `repeated`: nothing was appended, because (author, client id) is in this channel's log already, or because the entry
 * changes nothing (a member joins, a deleted message is deleted, a person who is no member leaves, an edit to the same text); `event` is the event that stands for it
 * (the first one with that client id; the last of the member's joined/invited/left/... events; the delete), or null where there never was one.
 * `refused`: `not_found` (channel or target), `message_deleted`, `conflict` (a client id that stands for another channel or kind), `limit_reached` (channels of the subject), `invalid` (a text with a NUL or a lone surrogate,
 * which not every database keeps), or by standing.
 */
export type AppendResult =
  | { readonly outcome: 'appended'; readonly event: LogEvent }
  | { readonly outcome: 'repeated'; readonly event: LogEvent | null }
  | { readonly outcome: 'refused'; readonly code: ErrorCode }

export interface EventsRequest {
  readonly channelId: Id
  /** Events with a greater seq. */
  readonly after: number
  /** Events at most. */
  readonly limit: number
}

export interface EventPage {
  readonly channelId: Id
  /** Ascending by seq, dense from `after` + 1. `created` events are in their present state. */
  readonly events: readonly LogEvent[]
  /** The channel's last seq at the moment of reading. */
  readonly head: number
}

export interface HistoryRequest {
  readonly channelId: Id
  /** Events with a smaller seq; without `before` and `after`: the latest. */
  readonly before?: number
  readonly after?: number
  readonly limit: number
}

export interface HistoryPage {
  /** Ascending by seq. All kinds but `edited`, `deleted` and `question`, which are folded into their targets. */
  readonly events: readonly LogEvent[]
  readonly head: number
  /** Whether there are further events in the direction of reading. */
  readonly more: boolean
}

export interface LogStore {
  /**
   * Appends a batch in one commit, together with the batches of other callers of the same moment (group commit); results are in the order of the entries.
   * Entries of one call to one channel get ascending seqs in their order. Past `appendQueueMax` waiting entries it rejects with `busy`.
   */
  append(entries: readonly Append[]): Promise<AppendResult[]>
  /** Events after a seq of many channels, in one query; a channel that does not exist has head 0. */
  eventsAfter(requests: readonly EventsRequest[]): Promise<EventPage[]>
  history(request: HistoryRequest): Promise<HistoryPage>
  /** The last seq of each channel; channels that do not exist are absent. */
  heads(channelIds: readonly Id[]): Promise<ReadonlyMap<Id, number>>
}
