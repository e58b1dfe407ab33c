/** Everything that a server may send on a socket. */
import { z } from 'zod'
import { LogEvent } from './event.ts'
import { Epoch, Head, Id, Instant } from './ids.ts'
import { ClusterView, Trace } from './ops.ts'
import { Author, MyChannel, MyCommunity, Person } from './places.ts'

export const ErrorShape = z.object({
  code: z.string(),
  text: z.string(),
  retry: z.enum(['never', 'later', 'now']),
  retryAfterMs: z.number().int().min(0).optional(),
  field: z.string().optional(),
  limit: z.string().optional(),
})

/**
 * What a reader missed in one channel. With `limited: false`, `events` are all events after the cursor up to `head`, in order, and the live
 * events go on at `head` + 1: no gap, no overlap. With `limited: true` the reader was too far behind or had nothing: `events` is the latest
 * page as `history` gives it, older ones are to be paged. With `error` the channel could not be opened and nothing else is meaningful.
 */
export const Replay = z.object({
  channelId: Id,
  epoch: Epoch,
  head: Head,
  events: z.array(LogEvent),
  limited: z.boolean(),
  error: ErrorShape.optional(),
})
export type Replay = z.infer<typeof Replay>

/** Event name → payload. */
export const DOWN = {
  /** The first thing a connection gets: who you are, where you belong, and what you missed. */
  ready: z.object({
    wire: z.number().int(),
    /** The node that serves this connection. */
    node: z.string(),
    /**
     * Should this connection break: the first try to come back belongs at a random moment within this long, in ms. The node has as many connections as it can take
     * newcomers in this time, so that where few would come back together, nobody waits for long. Without it: 1 s.
     */
    spreadMs: z.number().int().min(0).optional(),
    serverTime: Instant,
    person: Person,
    /** For a guest made by this handshake: the token to connect with from now on. */
    session: z.object({ token: z.string(), expiresAt: Instant }).optional(),
    communities: z.array(MyCommunity),
    channels: z.array(MyChannel),
    /** The channels that are open on this connection. */
    open: z.array(Id),
    replays: z.array(Replay),
    /** Who is online, per community. */
    presence: z.array(
      z.object({ communityId: Id, online: z.array(Author), count: z.number().int() }),
    ),
  }),
  /** One event of an open channel's log, in order, once. */
  event: LogEvent,
  /** A channel that is not open has moved. `messages` is the channel's count, for an unread hint. */
  digest: z.object({ channelId: Id, communityId: Id, head: Head, messages: z.number().int() }),
  /** Who is typing in an open channel now. */
  typing: z.object({ channelId: Id, people: z.array(Author) }),
  /** Who came online and who went, in one community. `count` people are online in all. */
  presence: z.object({
    communityId: Id,
    online: z.array(Author),
    offline: z.array(Id),
    count: z.number().int(),
  }),
  /** Your cursor moved, on this or another device. `unread` is exact. */
  read: z.object({ channelId: Id, cursor: Head, unread: z.number().int() }),
  /** A channel is yours now, or your place in it changed. */
  channel: z.object({ channel: MyChannel }),
  /** A channel is yours no more; nothing later of it is sent. */
  gone: z.object({ channelId: Id, reason: z.enum(['left', 'kicked', 'banned', 'deleted']) }),
  /** A community is yours now or changed (`role` null: yours no more). */
  community: z.object({ community: MyCommunity }),
  /** This connection fell behind in these channels: `sync` from your cursors. */
  resume: z.object({ channelIds: z.array(Id) }),
  /** The node is going away: connect elsewhere within `withinMs`, at a random moment, and keep this connection until then; the node does, for at least so long. Told only to clients that named the number of the wire. */
  goaway: z.object({ withinMs: z.number().int() }),
  /** To operators who observe: the whole installation, once a second. */
  cluster: ClusterView,
  /** To operators who follow something: what was seen of it since the last time. */
  trace: Trace,
  /** The server closes this connection, and why. */
  closed: z.object({ error: ErrorShape }),
} as const

export type DownName = keyof typeof DOWN
export type DownPayload<N extends DownName> = z.infer<(typeof DOWN)[N]>
