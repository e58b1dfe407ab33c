/** What core tells the rest of the node after something was committed. */
import type { Id, LogEvent } from '@madang/protocol'

/** Something that concerns one person on all of their connections, on whichever nodes these are. */
export type PersonNotice =
  | {
      readonly kind: 'read'
      readonly channelId: Id
      readonly cursor: number
      readonly unread: number
    }
  /** The person's place in the channel was made or changed: read it anew. */
  | { readonly kind: 'channel'; readonly channelId: Id }
  | {
      readonly kind: 'gone'
      readonly channelId: Id
      readonly reason: 'left' | 'kicked' | 'banned' | 'deleted'
    }
  /** The person's place in the community was made, changed or ended: read it anew. */
  | { readonly kind: 'community'; readonly communityId: Id }
  /** The session is void: its connections are closed. */
  | { readonly kind: 'signed_out'; readonly sessionId: string }
  /** The person was disabled or enabled: look whether they may stay. */
  | { readonly kind: 'disabled' }

/** Must not throw. */
export interface Outlet {
  /**
   * Each event is told once, after its commit, by the node that asked for it. Two commits of a channel may be told in either order, when two callers wait for them at
   * the same time: whoever needs order sorts by seq.
   */
  committed(events: readonly LogEvent[]): void
  /** After the commit. The person may not be connected anywhere. */
  notify(personId: Id, notice: PersonNotice): void
}
