/** Every bound that is the client's own; those that it shares with the server are in `LIMITS`. */

import { CLIENT_LIMITS as LIMITS } from '@madang/protocol/client-limits'

export const BOUNDS = {
  /** From opening the transport to `ready`, in ms: longer than the server's own `handshakeMsMax`. */
  connectTimeoutMs: 12_000,
  /** Back-off between tries to connect, in ms: the first cap, and the last. The first try after a break may be earlier: the server says how early. */
  reconnectMsBase: 1_000,
  reconnectMsMax: 30_000,
  /**
   * A connection that held this long, in ms, starts the back-off anew when it breaks. Twice the first cap: a crowd that is let in and dropped again and again comes
   * back every 2 to 3 s, and whoever meets one dead node after another in a rolling restart does not wait longer for each.
   */
  onlineStableMsMin: 2_000,
  /** While the browser says that it is offline we look for ourselves this often, in ms: browsers are wrong on VPNs and localhost. */
  offlineProbeMs: 30_000,
  /** While online we look at the clock this often, in ms; a look that comes this much too late has slept, and asks the server for a sign of life. */
  wakeCheckMs: 10_000,
  asleepMsMin: 10_000,
  /** A server that does not answer a probe in this time, in ms, is gone. */
  probeMsMax: 3_000,
  /** A request without an answer counts as unknown after this long, in ms. */
  ackTimeoutMs: 10_000,
  /** Back-off between tries of one request, in ms: the first cap, and the last. */
  requestMsBase: 500,
  requestMsMax: 10_000,
  /** Messages in flight over all channels: half of what a server takes (`requestsInFlightMax`). */
  sendsInFlightMax: 32,
  /** Unsent messages that are kept; further ones fail at once with `limit_reached`. */
  outboxEntriesMax: 1_000,
  /** A storage that does not answer in this time, in ms, counts as failing. */
  storageMsMax: 5_000,
  /** The same, in ms, as long as it has not answered once since. */
  storageAgainMsMax: 500,
  /** Events that a page brings at most: what a server gives at most. The first pages are smaller, see `channel.ts`. */
  pageEvents: LIMITS.historyEventsMax,
  /** Events of one channel kept in memory, and how many of those farthest from the reader go at once past that. */
  timelineRowsMax: 5_000,
  timelineRowsTrimmed: 1_000,
  /** Live events held back while a hole before them is repaired; later ones come with the repair. */
  heldEventsMax: 1_000,
  /** Replays that may leave a hole open before the window is given up for the latest page. */
  repairsMax: 3,
  /** Channels without an opener whose timelines are kept, so that going back to one is instant. */
  closedTimelinesMax: 20,
  /** Cursors are told to the server at most this often, in ms. */
  readIntervalMs: 500,
  /** Someone who goes on typing says so this often, in ms: half of `typingExpiryMs`. */
  typingRepeatMs: 3_000,
  /** Someone who stops typing says so after this long, in ms. */
  typingIdleMs: 4_000,
  /** A list of who types that is not told anew is forgotten after this long, in ms: under load the server may leave out that they stopped. */
  typingShownMsMax: 30_000,
  /** Views are told of changes at most this often, in ms: about once per frame of a display. */
  notifyIntervalMs: 16,
} as const
