/** The tables as the queries see them, the same on every SQL database: numbers for integers of any size, 0 and 1 for no and yes. */
import type {
  ChannelKind,
  EventKind,
  Id,
  Lane,
  PersonKind,
  QuestionState,
  Role,
  Visibility,
} from '@madang/protocol'
import type { Generated } from 'kysely'

export interface PersonRow {
  id: Id
  name: string
  kind: PersonKind
  created_at: number
  login: string | null
  password_hash: string | null
  external_id: string | null
  /** 1: may see and steer the whole installation. */
  operator: Generated<number>
  /** 1: is kept out of the whole installation. */
  disabled: Generated<number>
}

export interface SessionRow {
  id: string
  person_id: Id
  created_at: number
  expires_at: number
}

export interface CommunityRow {
  id: Id
  name: string
  visibility: Visibility
  created_at: number
}

/** Kept after the membership ended (`role` null), so that a ban outlives it. `name` is the person's, for lists in order. */
export interface CommunityMemberRow {
  community_id: Id
  person_id: Id
  name: string
  role: Role | null
  banned: number
  joined_at: number
  /** 1, and one more with each change. */
  rev: number
}

export interface ChannelRow {
  id: Id
  community_id: Id
  kind: ChannelKind
  visibility: Visibility
  name: string
  topic: string
  created_at: number
  key: string | null
  epoch: string
  head: number
  messages: number
  /** The seq of the last `renamed` event. */
  renamed_seq: number | null
}

/** Kept after the membership ended (`role` null), so that a ban and the last event outlive it. */
export interface ChannelMemberRow {
  channel_id: Id
  person_id: Id
  name: string
  role: Role | null
  banned: number
  joined_at: number
  /** The seq of the last event of this membership: joined, invited, role, left, kicked, banned, unbanned. */
  last_seq: number
}

export interface CursorRow {
  person_id: Id
  channel_id: Id
  seq: number
}

/** One entry of a log. A `created` row holds the present state of its message. */
export interface EventRow {
  channel_id: Id
  seq: number
  id: Id
  kind: EventKind
  created_at: number
  author_id: Id
  author_name: string
  client_id: string | null
  lane: Lane | null
  text: string | null
  target: number | null
  subject_id: Id | null
  subject_name: string | null
  role: Role | null
  reason: string | null
  name: string | null
  topic: string | null
  question: QuestionState | null
  edited_at: number | null
  deleted_at: number | null
  rev: number | null
  /** The seq of the last `question` event of this message. */
  question_seq: number | null
}

/** A process that serves from this database. */
export interface NodeRow {
  id: string
  address: string
  secret: string
  seen_at: number
}

/** What a node counted in one stretch of time. */
export interface StatsRow {
  at: number
  node: string
  name: string
  value: number
}

export interface Tables {
  persons: PersonRow
  sessions: SessionRow
  communities: CommunityRow
  community_members: CommunityMemberRow
  channels: ChannelRow
  channel_members: ChannelMemberRow
  cursors: CursorRow
  events: EventRow
  nodes: NodeRow
  stats: StatsRow
}
