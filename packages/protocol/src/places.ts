/** People, communities and channels, as a client sees them. */
import { z } from 'zod'
import { Epoch, Head, Id, Instant, Name } from './ids.ts'
import { LIMITS } from './limits.ts'

export const Role = z.enum(['owner', 'moderator', 'member'])
export type Role = z.infer<typeof Role>

export const ChannelKind = z.enum(['text', 'live', 'direct'])
export type ChannelKind = z.infer<typeof ChannelKind>

export const Visibility = z.enum(['public', 'private'])
export type Visibility = z.infer<typeof Visibility>

/** In a live channel: talk, questions that are never sampled or dropped, and notices by moderators. Elsewhere always `chat`. */
export const Lane = z.enum(['chat', 'question', 'notice'])
export type Lane = z.infer<typeof Lane>

export const QuestionState = z.enum(['open', 'picked', 'answered'])
export type QuestionState = z.infer<typeof QuestionState>

export const PersonKind = z.enum(['account', 'guest'])
export type PersonKind = z.infer<typeof PersonKind>

export const Person = z.object({ id: Id, name: Name, kind: PersonKind })
export type Person = z.infer<typeof Person>

/** Who did it, under the name they had then. */
export const Author = z.object({ id: Id, name: z.string() })
export type Author = z.infer<typeof Author>

export const Community = z.object({
  id: Id,
  name: Name,
  visibility: Visibility,
  createdAt: Instant,
})
export type Community = z.infer<typeof Community>

/** A community with the reader's place in it; role null: not a member. */
export const MyCommunity = Community.extend({ role: Role.nullable() })
export type MyCommunity = z.infer<typeof MyCommunity>

export const Topic = z.string().max(LIMITS.topicCharsMax)

export const Channel = z.object({
  id: Id,
  communityId: Id,
  kind: ChannelKind,
  visibility: Visibility,
  name: z.string(),
  topic: Topic,
  createdAt: Instant,
  epoch: Epoch,
  /** The last seq of the log. */
  head: Head,
  /** Messages ever created and not deleted since: what an unread hint is counted from. */
  messages: z.number().int().min(0),
})
export type Channel = z.infer<typeof Channel>

/** A channel with the reader's place in it; role null: not a member (a live channel being watched, or one to browse). */
export const MyChannel = Channel.extend({
  role: Role.nullable(),
  cursor: Head,
  /** Messages after the cursor, by others, not deleted. Exact when it was read from the store. */
  unread: z.number().int().min(0),
  /** In a direct channel: the others in it. */
  peers: z.array(Author).optional(),
})
export type MyChannel = z.infer<typeof MyChannel>

/** What somebody is in a channel and in its community; role null: not a member. */
export const Standing = z.object({
  person: Person,
  role: Role.nullable(),
  /** From the channel itself. */
  banned: z.boolean(),
  communityRole: Role.nullable(),
})
export type Standing = z.infer<typeof Standing>

export const Member = z.object({ person: Person, role: Role, joinedAt: Instant })
export type Member = z.infer<typeof Member>
