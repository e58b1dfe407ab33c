/** The rates of protocol, each with one bucket per key: who may do how much, how fast. Both doors of a node share them. */
import { RATES, type RateName } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { addressKey } from './addresses.ts'
import { Buckets, type BucketsOptions, type Rate } from './buckets.ts'

/** The buckets of each rate, by key. */
export type RateBuckets = Readonly<Record<RateName, Buckets>>

export interface Rates {
  /** Takes one token from the bucket of this rate and key. 0: it was there. Else nothing was taken, and it is there after so many ms. */
  take(name: RateName, key: string): number
  /** The same buckets, for a door that asks for them by itself. */
  readonly buckets: RateBuckets
  /** Buckets that are not full, for metrics. */
  size(): number
  /** Tokens that were taken here and that other nodes are to hear of, of so many keys at most. They count as told then. */
  untold(keysMax: number): Taking[]
  /** Tokens that were taken on another node. A rate that this node does not know is passed over. */
  owe(taking: Taking): void
}

/** So many tokens of one bucket, taken on one node. */
export type Taking = readonly [rate: string, key: string, tokens: number]

export interface RatesOptions {
  readonly clock: Clock
  readonly rates?: Readonly<Record<RateName, Rate>>
  /** Whether other nodes are told, and so `untold` is asked for. */
  readonly shared?: boolean
  /** Keys of one rate at most; past it the one that was used longest ago is forgotten, which is in favour of its owner. */
  readonly keysMax?: number
}

const keysMaxUsual = 100_000

export function createRates(options: RatesOptions): Rates {
  const { clock, rates = RATES, keysMax = keysMaxUsual, shared = false } = options
  const buckets = createBuckets(rates, keysMax, { shared })
  const byName = new Map(Object.entries(buckets))
  return {
    take: (name, key) => buckets[name].take(key, clock.monotonic()),
    buckets,
    size: () => Object.values(buckets).reduce((sum, { size }) => sum + size, 0),
    untold: (keysMax) => {
      const takings: Taking[] = []
      for (const [rate, each] of byName) {
        const told = each.untold(keysMax - takings.length)
        takings.push(...told.map(([key, tokens]): Taking => [rate, key, tokens]))
      }
      return takings
    },
    owe: ([rate, key, tokens]) => byName.get(rate)?.owe(key, tokens, clock.monotonic()),
  }
}

export function createBuckets(
  rates: Readonly<Record<RateName, Rate>>,
  keysMax: number,
  options: BucketsOptions = {},
): RateBuckets {
  const of = (name: RateName) => new Buckets(rates[name], keysMax, options)
  return {
    connection: of('connection'),
    person: of('person'),
    channel: of('channel'),
    address: of('address'),
    reads: of('reads'),
    credentials: of('credentials'),
    places: of('places'),
  }
}

/** Every burst and every refill, so many times. */
export function scaledRates(scale: number): Readonly<Record<RateName, Rate>> {
  const of = (name: RateName): Rate => {
    const { burst, perSecond } = RATES[name]
    return { burst: burst * scale, perSecond: perSecond * scale }
  }
  return {
    connection: of('connection'),
    person: of('person'),
    channel: of('channel'),
    address: of('address'),
    reads: of('reads'),
    credentials: of('credentials'),
    places: of('places'),
  }
}

/** The price of making a place, for who makes it and for where they come from: 0, or how long one of the two has to wait, in ms. A stranger can be as many guests as they like, but has few addresses. */
export function waitForPlace(
  rates: Pick<Rates, 'take'>,
  { personId, address }: { readonly personId: string; readonly address: string },
): number {
  return rates.take('places', personId) || rates.take('places', addressKey(address))
}
