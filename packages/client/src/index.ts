/** The client's public door. */

/** The dictionary's types that an application meets in what the client gives it. */
export type {
  Author,
  Channel,
  ChannelKind,
  Community,
  CreatedEvent,
  ErrorBody,
  ErrorCode,
  EventKind,
  Id,
  Lane,
  LogEvent,
  Member,
  MyChannel,
  MyCommunity,
  Person,
  PersonKind,
  QuestionState,
  Retry,
  Role,
  Visibility,
} from '@madang/protocol'
export { CLIENT_LIMITS as LIMITS } from '@madang/protocol/client-limits'
export type { LimitName } from '@madang/protocol/limits'
export { createClient, type World } from './create-client.ts'
export { openSocket } from './socket.ts'
export { memoryStorage, webStorage } from './storage.ts'
export type * from './types.ts'
