/** Everything that nodes tell each other: the number, the body and the topic of each kind. */
import { Author, Id, LogEvent } from '@madang/protocol'
import { z } from 'zod'
import type { PersonNotice } from '../core/outlet.ts'
import { channelTopic, communityTopic, NODES_TOPIC, type NodeTopic } from './topics.ts'

/** Core's notice, as it comes from another node. */
const Notice = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('read'),
    channelId: Id,
    cursor: z.number().int().min(0),
    unread: z.number().int().min(0),
  }),
  z.object({ kind: z.literal('channel'), channelId: Id }),
  z.object({
    kind: z.literal('gone'),
    channelId: Id,
    reason: z.enum(['left', 'kicked', 'banned', 'deleted']),
  }),
  z.object({ kind: z.literal('community'), communityId: Id }),
  z.object({ kind: z.literal('signed_out'), sessionId: z.string() }),
  z.object({ kind: z.literal('disabled') }),
]) satisfies z.ZodType<PersonNotice>

/** These people typed just now, on the node that says so. */
const Typing = z.object({ channelId: Id, people: z.array(Author) })

/**
 * Who is online on one node. `whole`: `online` is everybody there; without it, the change since the last one.
 * `ask`: whoever holds the topic answers with its own whole.
 */
const Presence = z.object({
  communityId: Id,
  /** The node's name. */
  node: z.string().min(1).max(200),
  online: z.array(Author),
  offline: z.array(Id),
  whole: z.boolean(),
  ask: z.boolean(),
})

/** Tokens that were taken on one node: the name of the rate, the key of the bucket, how many. */
const Rates = z.object({
  taken: z.array(z.tuple([z.string().max(50), z.string().max(200), z.int().min(1)])),
})

/** The node is alive. */
const Pulse = z.object({ node: z.string().min(1).max(200) })

/** One thing that a node tells others: its kind and its body. */
export const NodeFrame = z.discriminatedUnion('kind', [
  /** One committed event, on its channel's topic. */
  z.object({ kind: z.literal('event'), body: LogEvent }),
  /** Something that concerns all connections of a person, on the person's topic. */
  z.object({ kind: z.literal('notice'), body: Notice }),
  z.object({ kind: z.literal('typing'), body: Typing }),
  z.object({ kind: z.literal('presence'), body: Presence }),
  z.object({ kind: z.literal('rates'), body: Rates }),
  z.object({ kind: z.literal('pulse'), body: Pulse }),
])
export type NodeFrame = z.infer<typeof NodeFrame>
export type FrameKind = NodeFrame['kind']
export type FrameBody<K extends FrameKind> = Extract<NodeFrame, { kind: K }>['body']

/** Everything but events, which are the feeds' own. */
export type Note = Exclude<NodeFrame, { kind: 'event' }>
export type NoteKind = Note['kind']

/**
 * The number of each kind between nodes. One is never used again for something else: nodes of two versions run side by side,
 * and a node drops a kind that it does not know.
 */
export const FRAME_NUMBERS: Readonly<Record<FrameKind, number>> = {
  event: 1,
  notice: 2,
  typing: 3,
  presence: 4,
  rates: 5,
  pulse: 6,
}

/** Whether the frame may come on this topic. A frame elsewhere is forged or a mistake. */
export function belongsOn(topic: NodeTopic, frame: NodeFrame): boolean {
  switch (frame.kind) {
    case 'event':
    case 'typing':
      return topic === channelTopic(frame.body.channelId)
    case 'presence':
      return topic === communityTopic(frame.body.communityId)
    case 'rates':
    case 'pulse':
      return topic === NODES_TOPIC
    case 'notice':
      return topic.startsWith('person:')
  }
}
