/** Every bound of the product, with its unit in the name. */
import { CLIENT_LIMITS } from './client-limits.ts'

export const LIMITS = {
  ...CLIENT_LIMITS,
  /** One packet or request body, in bytes. OWASP's WebSocket sheet advises at most 64 KB. */
  payloadBytesMax: 65_536,
  /** Nesting of any value a client sends. */
  payloadDepthMax: 8,
  /** A reason given with a kick or a ban, in UTF-16 code units. */
  reasonCharsMax: 200,
  /** A client id, in characters. */
  clientIdCharsMax: 64,
  /** Missed events that a resume repeats for one channel; further behind is `limited`. */
  replayEventsMax: 500,
  /** Events that a limited replay or a first opening carries: the latest page. */
  replayPageEvents: 50,
  /** Channels that one connection may have open. */
  openChannelsMax: 100,
  /** Channels that one person may be a member of. */
  channelsPerPersonMax: 500,
  /** Communities that one person may be a member of. */
  communitiesPerPersonMax: 100,
  /** Channels in one community. */
  channelsPerCommunityMax: 1_000,
  /** Channels in one community past which guests make no more: the rest is kept for people who have an account. */
  channelsByGuestsMax: 800,
  /** Members listed in one page. */
  membersPageMax: 200,
  /** Connections of one person, over all devices and tabs. */
  connectionsPerPersonMax: 20,
  /** Connections from one address: many people share one behind a NAT. */
  connectionsPerAddressMax: 200,
  /** Connections of one node. */
  connectionsPerNodeMax: 50_000,
  /** Unknown or malformed events after which a connection is closed. */
  strikesPerConnectionMax: 10,
  /** Requests of one connection that are in work at the same time. */
  requestsInFlightMax: 64,
  /** Appends that wait for the store; past it sends are refused as busy. */
  appendQueueMax: 10_000,
  /** Entries in one group commit. */
  appendBatchMax: 500,
  /** A connection's unsent bytes, past which it is marked behind. */
  connectionBytesQueuedMax: 1_048_576,
  /** How long a connection may stay behind before it is closed, in ms. */
  connectionBehindMsMax: 30_000,
  /** Events that a feed keeps in memory for those who were away for seconds. */
  tailEventsMax: 256,
  /** Events that a feed holds while it waits for a hole to be repaired. */
  feedPendingEventsMax: 1_024,
  /** A digest per channel at most this often, in ms. */
  digestIntervalMs: 1_000,
  /** Typing and presence are told at most this often per channel or community, in ms. */
  typingIntervalMs: 1_000,
  presenceIntervalMs: 1_000,
  /** A person types until this long after their last sign of it, in ms. */
  typingExpiryMs: 6_000,
  /** Above this many people online a community is told counts only. */
  presencePeopleMax: 500,
  /** A client that has not finished its handshake by then is closed, in ms. */
  handshakeMsMax: 8_000,
  /** How long a session lives from signing in, in ms (30 days). */
  sessionMsMax: 2_592_000_000,
} as const

export type LimitName = keyof typeof LIMITS

/** Token buckets: `burst` at once, then `perSecond`. One bucket per key of the scope. */
export const RATES = {
  /** Any request on one connection. */
  connection: { burst: 100, perSecond: 50 },
  /** Messages and edits of one person, over all of their connections. */
  person: { burst: 40, perSecond: 10 },
  /** Messages in one channel, by everyone. */
  channel: { burst: 2_000, perSecond: 1_000 },
  /** Handshakes and unauthenticated requests from one address. */
  address: { burst: 200, perSecond: 50 },
  /** Costly reads (history, sync) on one connection. */
  reads: { burst: 60, perSecond: 20 },
  /** Guests made, accounts made and password attempts from one address. */
  credentials: { burst: 60, perSecond: 1 },
  /** Channels, rooms by name and communities made by one person, and as many from one address. Entering what is there is not among them. */
  places: { burst: 30, perSecond: 0.02 },
} as const

export type RateName = keyof typeof RATES
