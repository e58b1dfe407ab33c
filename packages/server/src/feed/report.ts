/** What the feed's parts tell an operator: counts for metrics, and warnings for the log. */

export type FeedCount =
  /** A frame that was handed to the broker. */
  | 'frame_published'
  /** A frame of another node that was read. */
  | 'frame_received'
  /** A frame that is no frame of ours, or whose body does not match its kind. */
  | 'frame_malformed'
  /** A frame of a version or kind that this node does not know. */
  | 'frame_unknown'
  | 'frame_too_large'
  /** A frame on a topic where it does not belong. */
  | 'frame_misplaced'
  /** The broker had no room for a frame. */
  | 'publish_dropped'
  /** An event that was delivered before. */
  | 'event_repeated'
  /** An event that did not fit among those that wait; it is read from the store later. */
  | 'event_unheld'
  /** An event that the store does not know: it was never committed, or the log was lost. */
  | 'event_phantom'
  | 'repair_read'
  | 'repair_failed'
  | 'compare_failed'
  | 'listener_threw'
  | 'topic_failed'

export interface FeedReport {
  count(what: FeedCount, by?: number): void
  warn(text: string, facts: Readonly<Record<string, unknown>>): void
}
