/** What each limit does to whoever crosses it: a row of the error table, or no refusal at all. */
import type { ErrorCode } from './errors.ts'
import type { LimitName, RateName } from './limits.ts'

/** Null: nobody is refused; the limit only shapes what the server does by itself. */
export const LIMIT_ERRORS = {
  payloadBytesMax: 'too_large',
  payloadDepthMax: 'too_deep',
  textCharsMax: 'invalid',
  nameCharsMax: 'invalid',
  topicCharsMax: 'invalid',
  reasonCharsMax: 'invalid',
  clientIdCharsMax: 'invalid',
  loginCharsMax: 'invalid',
  passwordCharsMin: 'invalid',
  passwordCharsMax: 'invalid',
  historyEventsMax: 'invalid',
  historyEventsDefault: null,
  replayEventsMax: null,
  replayPageEvents: null,
  syncChannelsMax: 'invalid',
  openChannelsMax: 'limit_reached',
  channelsPerPersonMax: 'limit_reached',
  communitiesPerPersonMax: 'limit_reached',
  channelsPerCommunityMax: 'limit_reached',
  membersPageMax: 'invalid',
  connectionsPerPersonMax: 'too_many_connections',
  connectionsPerAddressMax: 'too_many_connections',
  connectionsPerNodeMax: 'busy',
  strikesPerConnectionMax: 'unknown_event',
  requestsInFlightMax: 'busy',
  appendQueueMax: 'busy',
  appendBatchMax: null,
  connectionBytesQueuedMax: null,
  connectionBehindMsMax: 'behind',
  tailEventsMax: null,
  feedPendingEventsMax: null,
  digestIntervalMs: null,
  typingIntervalMs: null,
  presenceIntervalMs: null,
  typingExpiryMs: null,
  presencePeopleMax: null,
  handshakeMsMax: null,
  sessionMsMax: 'session_expired',
} as const satisfies Record<LimitName, ErrorCode | null>

export const RATE_ERRORS = {
  connection: 'rate_limited',
  person: 'rate_limited',
  channel: 'rate_limited',
  address: 'rate_limited',
  reads: 'rate_limited',
  credentials: 'rate_limited',
} as const satisfies Record<RateName, ErrorCode>
