/** What a gateway is told when it is made, and what it makes of it. */
import {
  type ErrorBody,
  type Id,
  LIMITS,
  type LimitName,
  RATES,
  type RateName,
} from '@madang/protocol'
import type { Rate } from '../doors/buckets.ts'
import type { OperatorDesk } from '../doors/operators.ts'
import { createBuckets, type RateBuckets } from '../doors/rates.ts'
import { type RandomBytes, systemRandom } from '../ids.ts'
import { GATEWAY_BOUNDS, type GatewayBounds } from './bounds.ts'
import type { DrainStage } from './drain/progress.ts'
import type { DialectName } from './manner.ts'

export interface GatewayOptions {
  /** This node's name; no two nodes of an installation have the same. */
  readonly node: string
  /** The session cookie's name. */
  readonly cookieName?: string
  /** Asked at every handshake: how long a client is told to wait, in ms, where the node has more to do than it can; else 0. Must be cheap. */
  readonly load?: () => number
  /** Whether notes of other nodes cannot arrive now: what they would tell is read from the store, often. Without a word they can. */
  readonly brokerAway?: () => boolean
  /** Newcomers that the node takes, whoever they are. Without it as many as come. */
  readonly connects?: Rate
  readonly limits?: Partial<Record<LimitName, number>>
  readonly rates?: Partial<Record<RateName, Rate>>
  /** Shared with another door, where there is one. */
  readonly buckets?: RateBuckets
  readonly bounds?: Partial<GatewayBounds>
  /** What operators are shown; without it, nothing. */
  readonly desk?: OperatorDesk
  /** What is spoken beside our own words. */
  readonly dialects?: readonly DialectName[]
  /** What stock clients' passes are signed with: the first, or any of them where they are checked. None: what the store keeps for the purpose. */
  readonly secrets?: readonly string[]
  readonly randomBytes?: RandomBytes
}

export interface Settings {
  readonly node: string
  readonly cookieName: string | undefined
  readonly load: () => number
  readonly brokerAway: () => boolean
  readonly connects: Rate | undefined
  readonly limits: Readonly<Record<LimitName, number>>
  readonly rates: Readonly<Record<RateName, Rate>>
  /** Of people, channels and addresses; a connection has its own. */
  readonly buckets: RateBuckets
  readonly bounds: GatewayBounds
  readonly desk: OperatorDesk | undefined
  readonly dialects: ReadonlySet<DialectName>
  readonly secrets: readonly string[]
  readonly randomBytes: RandomBytes
}

export function settingsOf(options: GatewayOptions): Settings {
  const rates = { ...RATES, ...options.rates }
  const bounds = { ...GATEWAY_BOUNDS, ...options.bounds }
  return {
    node: options.node,
    cookieName: options.cookieName,
    load: options.load ?? (() => 0),
    brokerAway: options.brokerAway ?? (() => false),
    connects: options.connects,
    limits: { ...LIMITS, ...options.limits },
    rates,
    buckets: options.buckets ?? createBuckets(rates, bounds.bucketKeysMax),
    bounds,
    desk: options.desk,
    dialects: new Set(options.dialects),
    secrets: options.secrets ?? [],
    randomBytes: options.randomBytes ?? systemRandom,
  }
}

/** What an operator is told: counts and times for metrics, and errors for the log. */
export interface GatewayReport {
  /** One handshake: `ok`, or the code it was refused with. */
  handshake(outcome: 'ok' | ErrorBody['code']): void
  /** A newcomer that was too many for the node was told to come again: before its handshake, in it, or when it was to be handed what it missed. */
  heldBack(where: 'knock' | 'entrance' | 'replay'): void
  /** One request: `ok`, or the code it was refused with, and how long it took. `event` is `unknown` for what is no event of ours. */
  request(event: string, outcome: 'ok' | ErrorBody['code'], ms: number, personId: Id): void
  /** One channel was handed over to a reader, with so many events; `failed`: it could not be. */
  replayed(outcome: 'complete' | 'limited' | 'failed', events: number): void
  /** What a look into the store found that no note had told: so many sessions that are void, or people whose places have changed; `failed`: it could not be looked. */
  inspection(found: 'session_void' | 'places_changed' | 'failed', count: number): void
  /** What a drain did with one connection. */
  drained(stage: DrainStage, transport: 'websocket' | 'polling'): void
  /** The requests that were in work when nobody was connected any more: how many were answered, and how many were not in time. */
  finished(answered: number, unanswered: number): void
  /** The node stood still for so long, in ms: so many clients were closed, or nothing is done for them until they have shown that they are still there. */
  stoodStill(outcome: 'closed' | 'doubted', clients: number, ms: number): void
  /** A request was refused because its client has not shown so yet. */
  distrusted(): void
  /** Something that an operator wants to know of. */
  note(text: string, facts: Readonly<Record<string, unknown>>): void
  /** One connection was opened. */
  opened(personId: Id): void
  /** One connection ended. */
  closed(reason: string, personId: Id): void
  /** Something that should not happen did; `id` is told to nobody else. */
  error(text: string, facts: Readonly<Record<string, unknown>>): void
}

export const silentReport: GatewayReport = {
  handshake() {},
  heldBack() {},
  request() {},
  replayed() {},
  inspection() {},
  drained() {},
  finished() {},
  stoodStill() {},
  distrusted() {},
  note() {},
  opened() {},
  closed() {},
  error() {},
}
