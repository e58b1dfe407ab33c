/** The contract of a node's feeds: each is one channel's log, in order and without gaps, as far as this node has readers for it. */
import type { Id, LogEvent } from '@madang/protocol'

/** Called with each event of a watched channel, in order of seq, once; never before `watch` has resolved. Must not throw. */
export interface FeedListener {
  deliver(event: LogEvent): void
}

/**
 * What a reader gets who enters a feed at a cursor. `complete`: `events` are all events after the cursor up to `head`. `limited`: the cursor was
 * more than `replayEventsMax` behind, or of another epoch; `events` is empty.
 */
export interface Entered {
  readonly outcome: 'complete' | 'limited'
  readonly events: readonly LogEvent[]
  readonly head: number
}

export interface Feeds {
  start(listener: FeedListener): Promise<void>
  /**
   * Keeps the channel's feed alive until as many `unwatch` have followed. Resolves when its head is known and its topic is subscribed. Rejects with the store's
   * error, and with `unavailable` where the last reader leaves or the node stops before that; a watch that was rejected holds nothing, and is not to be unwatched.
   */
  watch(channelId: Id): Promise<void>
  /** With the last one the feed ends, at the end of the turn: who watches again in the same turn finds it as it was. */
  unwatch(channelId: Id): void
  /**
   * Hands a reader over from the past to the present, exactly: calls `admit` once, in the very turn in which everything up to `head` was delivered and nothing later,
   * so that a reader who is put among the live readers there, after being given `events`, sees each event once. Served from the tail in memory where the
   * cursor is in it (then `admit` is called before this returns), else from the store. The channel must be watched. `cursor` null: no events wanted, only the place of
   * entry. A cursor ahead of this node waits for it to catch up; one that is ahead of the store is `limited`. Where an event is just being delivered, `admit` follows
   * after all that is delivered with it. Rejects with the store's error, with `unavailable` where the feed ends meanwhile, and with what `admit` throws.
   */
  enter(channelId: Id, cursor: number | null, admit: (entered: Entered) => void): Promise<void>
  /** Events committed by this node: to its own feeds at once, and as one frame each to the other nodes. */
  accept(events: readonly LogEvent[]): void
  /** The last delivered seq of a watched channel; undefined before its `watch` has resolved. */
  head(channelId: Id): number | undefined
  stop(): Promise<void>
}
