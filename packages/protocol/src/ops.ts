/** What operators are shown of the whole installation: its nodes, what flows between them, and the way of what they follow. */
import { z } from 'zod'
import { Head, Id, Instant } from './ids.ts'
import { Author, ChannelKind } from './places.ts'

const Count = z.number().int().min(0)
const Amount = z.number().min(0)
const NodeId = z.string().min(1).max(64)
/** By reason or by code. */
const Tally = z.record(z.string().max(64), Count)

/** `silent`: it is in the directory, and does not answer. */
export const NodePhase = z.enum(['starting', 'ready', 'draining', 'stopping', 'silent'])
export type NodePhase = z.infer<typeof NodePhase>

/** A connection with bytes that its client has not read yet. */
export const SlowReader = z.object({
  connection: z.string().max(128),
  person: Author,
  transport: z.enum(['websocket', 'polling']),
  bytesQueued: Count,
})
export type SlowReader = z.infer<typeof SlowReader>

/** One node at one moment. Rates are per second, over the last second or few; totals since the node's start. */
export const NodeFigures = z.object({
  id: NodeId,
  version: z.string().max(64),
  phase: NodePhase,
  at: Instant,
  uptimeMs: Amount,
  connections: z.object({ websocket: Count, polling: Count }),
  people: Count,
  channels: Count,
  rates: z.object({ messagesIn: Amount, deliveriesOut: Amount, requests: Amount }),
  totals: z.object({ messagesIn: Count, deliveriesOut: Count, requests: Count }),
  /** From an event's making to its hand-over to the sockets of this node, over the last half minute; by the clocks of two hosts where another one made it. Null: there was none. */
  delivery: z.object({ p50Ms: Amount, p99Ms: Amount, events: Count }).nullable(),
  loop: z.object({ lagP99Ms: Amount, utilization: Amount }),
  /** Cores in use. */
  cpu: Amount,
  memory: z.object({ residentBytes: Count, heapUsedBytes: Count }),
  feeds: z.object({
    open: Count,
    pendingEvents: Count,
    tailEvents: Count,
    repairs: Count,
    repairsFailed: Count,
  }),
  broker: z.object({
    name: z.string().max(64),
    connected: z.boolean(),
    /** Where it is, or why it is away. */
    detail: z.string().max(400),
    outages: Count,
    framesOut: Count,
    framesIn: Count,
    bytesOut: Count,
    bytesIn: Count,
    framesDropped: Count,
  }),
  store: z.object({ name: z.string().max(64), connected: z.boolean() }),
  disconnects: Tally,
  refusals: Tally,
  /** Those with most bytes queued, most first. */
  slow: z.array(SlowReader),
  /** While it drains: how many connections it had, and how many are left. */
  drain: z.object({ connections: Count, left: Count, forMs: Amount }).nullable(),
})
export type NodeFigures = z.infer<typeof NodeFigures>

/** A node of the directory that did not answer in time, or not at all. */
export const SilentNode = z.object({
  id: NodeId,
  phase: z.literal('silent'),
  /** When it last said that it runs. */
  seenAt: Instant,
  why: z.string().max(200),
})
export type SilentNode = z.infer<typeof SilentNode>

/** The whole installation. */
export const ClusterView = z.object({
  at: Instant,
  /** The node that asked the others. */
  by: NodeId,
  nodes: z.array(NodeFigures),
  silent: z.array(SilentNode),
})
export type ClusterView = z.infer<typeof ClusterView>

/** A person, a channel, or a message by the id of its event; exactly one. */
export const FollowTarget = z.union([
  z.object({ personId: Id }).strict(),
  z.object({ channelId: Id }).strict(),
  z.object({ messageId: Id }).strict(),
])
export type FollowTarget = z.infer<typeof FollowTarget>

/**
 * `appended`: committed to the store; `published`: handed to the broker; `dropped`: not taken by it; `received`: came from another node; `read`: read from the
 * store, to fill a hole or for somebody who was away; `delivered`: to `count` connections of this node; `connected`, `disconnected`, `asked`: of a person.
 */
export const TraceStep = z.enum([
  'appended',
  'published',
  'dropped',
  'received',
  'read',
  'delivered',
  'connected',
  'disconnected',
  'asked',
])
export type TraceStep = z.infer<typeof TraceStep>

/** One step of what is followed, on one node. No text of anybody is in it. */
export const TraceEntry = z.object({
  /** Counts up on its node, so that the same entry is known when it comes again. */
  id: Count,
  node: NodeId,
  at: Instant,
  step: TraceStep,
  kind: z.string().max(32).optional(),
  channelId: Id.optional(),
  seq: Head.optional(),
  eventId: Id.optional(),
  personId: Id.optional(),
  /** Connections. */
  count: Count.optional(),
  /** Since the event was made, or how long the step took, in ms. */
  tookMs: z.number().optional(),
  detail: z.string().max(100).optional(),
})
export type TraceEntry = z.infer<typeof TraceEntry>

export const Trace = z.object({ entries: z.array(TraceEntry) })
export type Trace = z.infer<typeof Trace>

/** Which counts are asked for: from `from` until before `to`, by hour or by day. */
export const StatsRange = z.object({
  from: z.coerce.number().pipe(Instant).optional(),
  to: z.coerce.number().pipe(Instant).optional(),
})
export type StatsRange = z.infer<typeof StatsRange>

/** What happened in one hour, on all nodes together. */
export const HourCounts = z.object({
  at: Instant,
  /** By kind of the channel; `unknown`: it could not be found out. */
  messages: z.partialRecord(z.enum([...ChannelKind.options, 'unknown']), Count),
  /** By kind of the event. */
  events: Tally,
})
export type HourCounts = z.infer<typeof HourCounts>

/** How one node was in five minutes, or in one hour where much is asked for. */
export const NodeSample = z.object({
  at: Instant,
  node: z.string().max(100),
  /** Cores in use, on average. */
  cpu: Amount,
  /** The latest that timers were, 99th percentile. */
  lagP99Ms: Amount,
  residentBytes: Amount,
  connections: Amount,
})
export type NodeSample = z.infer<typeof NodeSample>

export const Stats = z.object({
  from: Instant,
  to: Instant,
  hours: z.array(HourCounts),
  samples: z.array(NodeSample),
})
export type Stats = z.infer<typeof Stats>
