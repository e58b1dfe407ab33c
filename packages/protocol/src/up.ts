/** Everything that a client may send on a socket, and what each is acknowledged with. */
import { z } from 'zod'
import { Replay } from './down.ts'
import { LogEvent } from './event.ts'
import { ClientId, Cursor, Head, Id, Instant, Seq, Text } from './ids.ts'
import { LIMITS } from './limits.ts'
import { FollowTarget } from './ops.ts'
import { Lane, MyChannel, QuestionState } from './places.ts'

/**
 * What a client says in Socket.IO's `auth` when it connects. Who: a `token` (JWT, session or guest token), else the session cookie, else
 * a guest under `name`. Where it was: `cursors`; the channels named there are open and get full events, the person's other channels get
 * digests. Without `cursors` all of the person's channels are open, and nothing is replayed. Whoever names the number of the `wire` knows all of it: it is told
 * `goaway` where others are closed so that they come back by themselves, and it reads why a handshake was refused.
 */
export const Handshake = z.object({
  wire: z.number().int().min(1).optional(),
  token: z.string().max(4_096).optional(),
  name: z.string().max(LIMITS.nameCharsMax).optional(),
  cursors: z
    .record(Id, Cursor)
    .refine((all) => Object.keys(all).length <= LIMITS.syncChannelsMax, 'opens too many channels')
    .optional(),
})
export type Handshake = z.infer<typeof Handshake>

const channelId = Id
const once = ClientId.optional()

/** Event name → request and result. Every request is acknowledged `{ok: true, ...result}` or `{ok: false, error}`. */
export const UP = {
  /** Become a member of a public channel, and open it. A member gets its present place. */
  join: {
    request: z.object({ channelId }).strict(),
    result: z.object({ channel: MyChannel, replay: Replay }),
  },
  /** End one's membership; `seq` is the place of the `left` event. */
  leave: { request: z.object({ channelId }).strict(), result: z.object({ seq: Seq }) },
  /** Write a message. A retry with the same `clientId` gets the first answer, with `duplicate: true`. */
  send: {
    request: z
      .object({ channelId, clientId: ClientId, text: Text, lane: Lane.optional() })
      .strict(),
    result: z.object({ id: Id, seq: Seq, createdAt: Instant, duplicate: z.boolean() }),
  },
  /** Change the text of the message at seq `target`: its author, or a moderator. */
  edit: {
    request: z.object({ channelId, target: Seq, text: Text, clientId: once }).strict(),
    result: z.object({ seq: Seq }),
  },
  /** Delete the message at seq `target`: its author, or a moderator. Deleting twice is deleting once. */
  delete: {
    request: z.object({ channelId, target: Seq, clientId: once }).strict(),
    result: z.object({ seq: Seq }),
  },
  /** Move a question of a live channel on: a moderator. */
  question: {
    request: z.object({ channelId, target: Seq, state: QuestionState, clientId: once }).strict(),
    result: z.object({ seq: Seq }),
  },
  /** Move one's cursor forward; it never goes back. */
  read: {
    request: z.object({ channelId, cursor: Head }).strict(),
    result: z.object({ cursor: Head, unread: z.number().int().min(0) }),
  },
  /** Say that one is typing, or has stopped. Ephemeral. */
  typing: { request: z.object({ channelId, typing: z.boolean() }).strict(), result: z.object({}) },
  /** Open channels at a cursor, and close others to digests. A channel that cannot be opened answers with its error, the others are not hindered. */
  sync: {
    request: z
      .object({
        open: z
          .record(Id, Cursor)
          .refine(
            (all) => Object.keys(all).length <= LIMITS.syncChannelsMax,
            'opens too many channels',
          )
          .optional(),
        close: z.array(Id).max(LIMITS.syncChannelsMax).optional(),
      })
      .strict(),
    result: z.object({ replays: z.array(Replay) }),
  },
  /** A page of the channel's past: the events before `before`, or after `after`, or the latest. Messages in their present state; edits and deletes are folded in. */
  history: {
    request: z
      .object({
        channelId,
        before: Seq.optional(),
        after: Head.optional(),
        limit: z.number().int().min(1).max(LIMITS.historyEventsMax).optional(),
      })
      .strict(),
    result: z.object({ events: z.array(LogEvent), head: Head, more: z.boolean() }),
  },
  /** For operators: look at the whole installation, once a second, and at what is followed. What was looked at before is not any more. */
  observe: {
    request: z.object({ cluster: z.boolean(), follow: FollowTarget.optional() }).strict(),
    result: z.object({}),
  },
} as const

export type UpName = keyof typeof UP
export type UpRequest<N extends UpName> = z.infer<(typeof UP)[N]['request']>
export type UpResult<N extends UpName> = z.infer<(typeof UP)[N]['result']>
