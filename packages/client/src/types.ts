/** The public surface of the client: what an application holds, reads and calls. */
import type {
  Author,
  ErrorBody,
  Id,
  Lane,
  LogEvent,
  MyChannel,
  MyCommunity,
  Person,
  QuestionState,
} from '@madang/protocol'

export interface ClientOptions {
  /** The server's address; in a browser the page's own origin unless given. */
  readonly url?: string
  /**
   * A JWT or session token; a function is asked again whenever a connection is made, and once more when the server says that the session of a
   * connection that was open has expired.
   */
  readonly token?: string | (() => string | undefined | Promise<string | undefined>)
  /**
   * Come in as a guest under this name where there is no token and no session cookie. The guest's token is kept in `storage` and shown the
   * next time under the same name; it goes before the cookie, so leave the name out once somebody has signed in.
   */
  readonly guestName?: string
  /** Where unsent messages and the guest's token survive a reload. `webStorage()` in browsers and memory elsewhere, unless given. */
  readonly storage?: ClientStorage
}

/** Where the client keeps what must survive. Values are JSON text. */
export interface ClientStorage {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
  remove(key: string): Promise<void>
  /**
   * Reads and writes in one step that no other page can come between; undefined in, undefined out: there is no value. Without it, two pages over one
   * storage may undo each other's change.
   */
  update?(key: string, change: (value: string | undefined) => string | undefined): Promise<void>
}

/** A value that changes: read it with `snapshot` (the same object until it changes), and be called with `subscribe`. Fits `useSyncExternalStore`. */
export interface View<T> {
  snapshot(): T
  /** Returns the way to unsubscribe. */
  subscribe(changed: () => void): () => void
}

/** `refused`: the server will not have us (see `error`), and we do not try again by ourselves. */
export type ConnectionStatus =
  | 'idle'
  | 'connecting'
  | 'online'
  | 'waiting'
  | 'offline'
  | 'refused'
  | 'stopped'

export interface ConnectionView {
  readonly status: ConnectionStatus
  /** While waiting: when the next try is made, in ms since 1970. */
  readonly retryAt?: number
  readonly error?: ErrorBody
  /** The node that serves us. */
  readonly node?: string
}

export interface SessionView {
  readonly connection: ConnectionView
  /** Undefined until the first `ready`. */
  readonly person: Person | undefined
  readonly communities: readonly MyCommunity[]
  /** My channels, with unread counts that follow digests and cursors. */
  readonly channels: readonly MyChannel[]
  /** Who is online, by community. */
  readonly presence: ReadonlyMap<Id, PresenceView>
  /** Set while storage fails: chat goes on, and what is unsent does not survive a reload. The browser's reason, such as `QuotaExceededError`. */
  readonly storageError?: string
}

export interface PresenceView {
  readonly online: readonly Author[]
  readonly count: number
}

/** A message as a timeline shows it. `pending` and `failed` ones are in the outbox and have no seq yet. */
export interface TimelineMessage {
  readonly kind: 'message'
  /** Stable from pending to sent, and unique in its channel: for one's own messages the client id, for others' with the author's id before it. */
  readonly key: string
  readonly state: 'pending' | 'sent' | 'failed'
  readonly seq: number | undefined
  readonly author: Author
  /** Null: deleted. */
  readonly text: string | null
  readonly lane: Lane
  readonly question?: QuestionState
  readonly createdAt: number
  readonly edited: boolean
  readonly error?: ErrorBody
}

/** Anything else that a timeline shows: joins, leaves, renames. */
export interface TimelineNote {
  readonly kind: 'note'
  readonly key: string
  readonly seq: number
  readonly event: Exclude<LogEvent, { kind: 'created' | 'edited' | 'deleted' | 'question' }>
}

export type TimelineItem = TimelineMessage | TimelineNote

export interface ChannelView {
  /**
   * Ascending by seq; pending and failed messages last, in the order of sending. Own messages that are acknowledged stand between the two
   * until everything before them has come.
   */
  readonly items: readonly TimelineItem[]
  /** Whether there are older events to load. */
  readonly more: boolean
  readonly loadingOlder: boolean
  /** Whether the newest rows are not loaded: whoever reads far back (`lookAt`) keeps what is around them instead. */
  readonly newer: boolean
  readonly loadingNewer: boolean
  /** False until the first page has arrived. */
  readonly loaded: boolean
  readonly typing: readonly Author[]
  readonly error?: ErrorBody
}

/** One open channel. Opened as often as one likes; it goes back to digests when every opener has closed it. */
export interface ChannelHandle extends View<ChannelView> {
  readonly id: Id
  /** Shows the message at once as pending; returns its key. Never fails: what becomes of it is in the view. */
  send(text: string, lane?: Lane): string
  /** Tries a failed message again. */
  retry(key: string): void
  /** Takes a failed message away. */
  discard(key: string): void
  edit(seq: number, text: string): Promise<Outcome>
  delete(seq: number): Promise<Outcome>
  /** Moves a question of a live channel on: for moderators. */
  setQuestion(seq: number, state: QuestionState): Promise<Outcome>
  /**
   * Resolves when the page is there, or `error` of the view says why not; waits for the connection where there is none. Past the 5,000 rows that a channel
   * keeps it brings nothing for somebody who looks at the end, though there is `more`: say with `lookAt` where the reader is.
   */
  loadOlder(): Promise<void>
  /** The same at the other end, where the view says `newer`. */
  loadNewer(): Promise<void>
  /**
   * Says which seq the reader looks at; `undefined`, as it is at first: the end. A channel keeps its 5,000 rows that are nearest to there, and
   * pages bring back the others. Where the newest are not loaded, looking at the end fetches the latest page in place of what there is.
   */
  lookAt(seq: number | undefined): void
  /** Says that everything up to `seq` was read; coalesced. */
  markRead(seq: number): void
  /** Call on every keystroke: what is sent is throttled, and stops by itself. */
  typing(): void
  /** Calling it twice is calling it once. What was sent through the handle is still sent. */
  close(): void
}

export type Outcome<T = object> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly error: ErrorBody }

export interface Client {
  readonly session: View<SessionView>
  /** Starts connecting; calling it twice is calling it once. Starts again what was stopped or refused. */
  start(): void
  /** Closes the connection; resolves when unsent messages are in storage. Calling it twice is calling it once. */
  stop(): Promise<void>
  /** Stops, and removes from storage what is kept of this person: for signing out on a browser that others use. */
  forget(): Promise<void>
  /** Tries at once where a retry is waited for, or where we were refused. */
  reconnect(): void
  open(channelId: Id): ChannelHandle
  joinChannel(channelId: Id): Promise<Outcome<{ channel: MyChannel }>>
  leaveChannel(channelId: Id): Promise<Outcome>
}
