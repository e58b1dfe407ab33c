/** The shapes of what goes between a node and the API process that keeps its truth, beside those that a client's wire has too. */
import {
  Author,
  Channel,
  ChannelKind,
  ClientId,
  Community,
  ERRORS,
  type ErrorCode,
  Head,
  Id,
  Instant,
  Lane,
  LogEvent,
  Member,
  MyChannel,
  MyCommunity,
  Person,
  QuestionState,
  Role,
  Seq,
  Topic,
  Visibility,
} from '@madang/protocol'
import { z } from 'zod'

/** Rules for names and texts are core's; here only their size is bounded, so that what a store holds can always be read. */
const Short = z.string().max(1_024)
const Long = z.string().max(16_384)
const Count = z.int().min(0)
const once = z.exactOptional(ClientId)
const codes = Object.keys(ERRORS).filter((code): code is ErrorCode => Object.hasOwn(ERRORS, code))

const Subject = z.object({ subject: Author })
const Coming = Subject.extend({ role: Role })
const Ending = Subject.extend({ reason: z.exactOptional(Short) })

export const Entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), clientId: ClientId, lane: Lane, text: Long }),
  z.object({ kind: z.literal('edited'), target: Seq, text: Long, clientId: once }),
  z.object({ kind: z.literal('deleted'), target: Seq, clientId: once }),
  z.object({ kind: z.literal('question'), target: Seq, state: QuestionState, clientId: once }),
  Coming.extend({ kind: z.literal(['joined', 'invited', 'role']) }),
  Subject.extend({ kind: z.literal(['left', 'unbanned']) }),
  Ending.extend({ kind: z.literal(['kicked', 'banned']) }),
  z.object({ kind: z.literal('renamed'), name: Short, topic: Topic }),
])

export const Append = z.object({
  id: Id,
  channelId: Id,
  author: Author,
  needs: z.enum(['nothing', 'community', 'member', 'writer', 'author', 'moderator']),
  createdAt: Instant,
  entry: Entry,
})

export const AppendResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('appended'), event: LogEvent }),
  z.object({ outcome: z.literal('repeated'), event: LogEvent.nullable() }),
  z.object({ outcome: z.literal('refused'), code: z.enum(codes) }),
])

export const EventsRequest = z.object({ channelId: Id, after: Head, limit: Count })
export const EventPage = z.object({ channelId: Id, events: z.array(LogEvent), head: Head })

export const HistoryRequest = z.object({
  channelId: Id,
  before: z.exactOptional(Head),
  after: z.exactOptional(Head),
  limit: Count,
})
export const HistoryPage = z.object({ events: z.array(LogEvent), head: Head, more: z.boolean() })

/** Names that are kept already may be older than today's rules. */
export const AnyPerson = Person.extend({ name: Short })

export const NewPerson = AnyPerson.extend({
  createdAt: Instant,
  login: z.exactOptional(Short),
  passwordHash: z.exactOptional(Short),
  externalId: z.exactOptional(Short),
})
export const AdoptedPerson = NewPerson.extend({ externalId: Short })
export const PersonChange = z.object({
  name: z.exactOptional(Short),
  operator: z.exactOptional(z.boolean()),
  disabled: z.exactOptional(z.boolean()),
})
export const PersonsRequest = z.object({
  text: z.exactOptional(Short),
  operators: z.exactOptional(z.boolean()),
  after: z.exactOptional(Id),
  limit: Count,
})
export const PersonRecord = z.object({
  person: AnyPerson,
  login: Short.nullable(),
  operator: z.boolean(),
  disabled: z.exactOptional(z.boolean()),
  createdAt: Instant,
})
export const Credentials = z.object({ person: AnyPerson, passwordHash: Short })

/** `id` is the hash of a secret, never the secret. */
export const Session = z.object({
  id: z.string().max(128),
  personId: Id,
  createdAt: Instant,
  expiresAt: Instant,
})
export const FoundSession = z.object({ session: Session, person: AnyPerson })

export const NewCommunity = z.object({
  id: Id,
  name: Short,
  visibility: Visibility,
  createdAt: Instant,
  owner: Author,
})
export const MemberChange = z.object({
  communityId: Id,
  personId: Id,
  role: Role.nullable(),
  banned: z.boolean(),
  at: Instant,
})

export const NewChannel = z.object({
  id: Id,
  communityId: Id,
  kind: ChannelKind,
  visibility: Visibility,
  name: Short,
  topic: Topic,
  createdAt: Instant,
  key: z.exactOptional(Short),
  channelsMax: z.exactOptional(z.int().min(0)),
  author: Author,
  members: z.array(z.object({ person: Author, role: Role, eventId: Id })),
})
export const MadeChannel = z.object({ channel: Channel, events: z.array(LogEvent) })

const AnyCommunity = Community.extend({ name: Short })
const AnyMyCommunity = MyCommunity.extend({ name: Short })
export const Communities = z.array(AnyMyCommunity)
export const CommunityStanding = z.object({
  community: AnyCommunity,
  role: Role.nullable(),
  banned: z.boolean(),
})
export const ChannelStanding = CommunityStanding.extend({
  channel: Channel,
  channelRole: Role.nullable(),
  channelBanned: z.boolean(),
})
export const Belongings = z.object({
  personId: Id,
  version: z.string().max(128),
  disabled: z.exactOptional(z.boolean()),
  communities: Communities,
  channels: z.array(MyChannel),
})

export const MembersRequest = z.object({
  after: z.exactOptional(z.string().max(128)),
  limit: Count,
})
export const MembersPage = z.object({
  members: z.array(Member.extend({ person: AnyPerson })),
  next: z.exactOptional(z.string().max(128)),
})

export const BansPage = z.object({
  banned: z.array(AnyPerson),
  next: z.exactOptional(z.string().max(128)),
})

export const CursorMove = z.object({ personId: Id, channelId: Id, seq: Head })
export const Reading = z.object({ cursor: Head, unread: Count })
