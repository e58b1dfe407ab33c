/** The bounds that only core needs; those of the wire are protocol's. */

export const CORE_LIMITS = {
  /** Owners that a community or channel keeps while others are in it. */
  ownersMin: 1,
  /** Calls that one batch to the store carries. */
  batchCallsMax: 100,
  /** Batches of one kind that are under way at the same time: the next is gathered meanwhile. */
  batchesRunningMax: 2,
  /** Calls that wait for a batch of one kind; past it they are refused as busy. */
  batchCallsWaitingMax: 10_000,
  /** Changes that wait for their turn at one place; past it they are refused as busy. */
  turnsWaitingMax: 100,
  /** Channels whose unchanging facts are kept in memory. */
  channelFactsMax: 10_000,
  /** Rooms whose channel is kept in memory under its name. */
  roomsKnownMax: 10_000,
  /** Communities whose `general` channel is kept in memory. */
  generalChannelsMax: 10_000,
  /** Persons of other systems that are kept in memory under their external id. */
  adoptedPersonsMax: 10_000,
  /** How long such a person is believed to be allowed in, in ms: whoever was disabled meanwhile is refused after it. */
  adoptedMsMax: 10_000,
  /** Public communities in a person's list. */
  publicCommunitiesListedMax: 100,
  /** Passwords that are hashed at the same time: half of libuv's four threads, so that files and names are not held up. */
  passwordHashesRunningMax: 2,
  /** Passwords that wait to be hashed, about 50 ms each; past it they are refused as busy. */
  passwordHashesWaitingMax: 32,
  /** When to try a password again that was refused as busy, in ms. */
  passwordRetryMs: 2_000,
} as const
