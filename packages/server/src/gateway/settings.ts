/** What a gateway is told when it is made, and what it makes of it. */
import { type ErrorBody, LIMITS, type LimitName, RATES, type RateName } from '@madang/protocol'
import type { Rate } from '../doors/buckets.ts'
import { createBuckets, type RateBuckets } from '../doors/rates.ts'
import { type RandomBytes, systemRandom } from '../ids.ts'
import { GATEWAY_BOUNDS, type GatewayBounds } from './bounds.ts'
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
  readonly limits?: Partial<Record<LimitName, number>>
  readonly rates?: Partial<Record<RateName, Rate>>
  /** Shared with another door, where there is one. */
  readonly buckets?: RateBuckets
  readonly bounds?: Partial<GatewayBounds>
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
  readonly limits: Readonly<Record<LimitName, number>>
  readonly rates: Readonly<Record<RateName, Rate>>
  /** Of people, channels and addresses; a connection has its own. */
  readonly buckets: RateBuckets
  readonly bounds: GatewayBounds
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
    limits: { ...LIMITS, ...options.limits },
    rates,
    buckets: options.buckets ?? createBuckets(rates, bounds.bucketKeysMax),
    bounds,
    dialects: new Set(options.dialects),
    secrets: options.secrets ?? [],
    randomBytes: options.randomBytes ?? systemRandom,
  }
}

/** What an operator is told: counts and times for metrics, and errors for the log. */
export interface GatewayReport {
  /** One handshake: `ok`, or the code it was refused with. */
  handshake(outcome: 'ok' | ErrorBody['code']): void
  /** One request: `ok`, or the code it was refused with, and how long it took. `event` is `unknown` for what is no event of ours. */
  request(event: string, outcome: 'ok' | ErrorBody['code'], ms: number): void
  /** One channel was handed over to a reader, with so many events; `failed`: it could not be. */
  replayed(outcome: 'complete' | 'limited' | 'failed', events: number): void
  /** What a look into the store found that no note had told: so many sessions that are void, or people whose places have changed; `failed`: it could not be looked. */
  inspection(found: 'session_void' | 'places_changed' | 'failed', count: number): void
  /** One connection ended. */
  closed(reason: string): void
  /** Something that should not happen did; `id` is told to nobody else. */
  error(text: string, facts: Readonly<Record<string, unknown>>): void
}

export const silentReport: GatewayReport = {
  handshake() {},
  request() {},
  replayed() {},
  inspection() {},
  closed() {},
  error() {},
}
