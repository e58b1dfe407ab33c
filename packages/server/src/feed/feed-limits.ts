/** The bounds and times of feeds, each with the reason for its number. */
import { LIMITS } from '@madang/protocol'

/** What one feed decides by. */
export interface FeedBounds {
  /** Events that stay in memory for those who were away for seconds. */
  readonly tailEventsMax: number
  /** Events that wait for a hole before them. */
  readonly feedPendingEventsMax: number
  /** How long a hole may stay before the store is asked, in ms. */
  readonly holeGraceMs: number
  /** The first and the longest pause after a repair that failed, in ms; each is twice the one before, and random between its half and its whole. */
  readonly repairPauseMsMin: number
  readonly repairPauseMsMax: number
}

/** What a node's feeds share. */
export interface FeedLimits extends FeedBounds {
  /** A reader who is further behind is told `limited`. */
  readonly replayEventsMax: number
  /** Heads are compared with the store this often, in ms, give or take a fifth. */
  readonly compareIntervalMs: number
  /** The same while the broker is away or the last comparison failed. */
  readonly compareAwayIntervalMs: number
  /** After a gap that the broker told of, heads are compared within this time, in ms: at random, so that all nodes do not ask at once. */
  readonly gapSpreadMsMax: number
  /** Events of one channel in one read. */
  readonly pageEventsMax: number
  /** Events that a read asks for beyond those that are known: what was committed meanwhile. */
  readonly readAheadEvents: number
  /** Events in one read of many channels. */
  readonly readEventsMax: number
  /** Channels whose heads are read at once. */
  readonly headsChannelsMax: number
  /** Events in all tails of the node; past it the tails that are quiet for longest are let go. */
  readonly tailsEventsMax: number
}

export const FEED_LIMITS: FeedLimits = {
  tailEventsMax: LIMITS.tailEventsMax,
  feedPendingEventsMax: LIMITS.feedPendingEventsMax,
  replayEventsMax: LIMITS.replayEventsMax,
  // Most holes are no loss: the frame of another node is on its way. Two nodes publish neighbouring seqs as far apart as their event loops lag, which is some
  // tens of ms under load, so a shorter grace reads the store for nothing. Up to 100 ms people still feel a reaction as instant (Nielsen, "Response
  // Times: The 3 Important Limits", 1993), so a frame that is lost indeed costs no reader a pause that they notice.
  holeGraceMs: 100,
  repairPauseMsMin: 250,
  repairPauseMsMax: 10_000,
  compareIntervalMs: 10_000,
  compareAwayIntervalMs: 1_000,
  gapSpreadMsMax: 100,
  // A whole replay fits into one read.
  pageEventsMax: LIMITS.replayEventsMax,
  readAheadEvents: 50,
  readEventsMax: 20_000,
  headsChannelsMax: 1_000,
  // 100 MB at 500 bytes an event.
  tailsEventsMax: 200_000,
}

/** The largest frame between nodes, in bytes: presence of 500 people with the longest names is 170 KB, any event is less. */
export const FRAME_BYTES_MAX = 262_144

/** For a node that no broker connects with others, over a store that others may share: only a look at the store tells it what they did. */
export const aloneLimits = (limits: FeedLimits): FeedLimits => ({
  ...limits,
  compareIntervalMs: limits.compareAwayIntervalMs,
  // No frame is on its way: only what this node committed itself may be told in another order.
  holeGraceMs: 20,
})
