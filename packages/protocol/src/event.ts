/** The entries of a channel's log: everything that happens in a channel is one of these. */
import { z } from 'zod'
import { ClientId, Id, Instant, Seq } from './ids.ts'
import { Author, Lane, QuestionState, Role, Topic } from './places.ts'

const base = { id: Id, channelId: Id, seq: Seq, createdAt: Instant, author: Author }
const member = { ...base, subject: Author }
const reason = z.string().optional()

/**
 * A message. It is served in its present state: `text` is null once deleted, and `rev` is the seq of the last edit or delete
 * that it already contains (absent: none), so that applying those events again changes nothing.
 */
export const CreatedEvent = z.object({
  kind: z.literal('created'),
  ...base,
  clientId: ClientId,
  lane: Lane,
  text: z.string().nullable(),
  editedAt: Instant.optional(),
  deletedAt: Instant.optional(),
  rev: Seq.optional(),
  /** In the question lane only. */
  question: QuestionState.optional(),
})
export type CreatedEvent = z.infer<typeof CreatedEvent>

/** `target` is the seq of the message. `text` is null where the message was deleted later. */
export const EditedEvent = z.object({
  kind: z.literal('edited'),
  ...base,
  target: Seq,
  text: z.string().nullable(),
})
export const DeletedEvent = z.object({ kind: z.literal('deleted'), ...base, target: Seq })
export const QuestionEvent = z.object({
  kind: z.literal('question'),
  ...base,
  target: Seq,
  state: QuestionState,
})
/** `subject` came by themselves. */
export const JoinedEvent = z.object({ kind: z.literal('joined'), ...member, role: Role })
/** `subject` was brought in by `author`. */
export const InvitedEvent = z.object({ kind: z.literal('invited'), ...member, role: Role })
export const LeftEvent = z.object({ kind: z.literal('left'), ...member })
export const KickedEvent = z.object({ kind: z.literal('kicked'), ...member, reason })
export const BannedEvent = z.object({ kind: z.literal('banned'), ...member, reason })
export const UnbannedEvent = z.object({ kind: z.literal('unbanned'), ...member })
export const RoleEvent = z.object({ kind: z.literal('role'), ...member, role: Role })
export const RenamedEvent = z.object({
  kind: z.literal('renamed'),
  ...base,
  name: z.string(),
  topic: Topic,
})

export const LogEvent = z.discriminatedUnion('kind', [
  CreatedEvent,
  EditedEvent,
  DeletedEvent,
  QuestionEvent,
  JoinedEvent,
  InvitedEvent,
  LeftEvent,
  KickedEvent,
  BannedEvent,
  UnbannedEvent,
  RoleEvent,
  RenamedEvent,
])
export type LogEvent = z.infer<typeof LogEvent>
export type EventKind = LogEvent['kind']
