/** The rates of protocol, each with one bucket per key: who may do how much, how fast. Both doors of a node share them. */
import { RATES, type RateName } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { Buckets, type Rate } from './buckets.ts'

/** The buckets of each rate, by key. */
export type RateBuckets = Readonly<Record<RateName, Buckets>>

export interface Rates {
  /** Takes one token from the bucket of this rate and key. 0: it was there. Else nothing was taken, and it is there after so many ms. */
  take(name: RateName, key: string): number
  /** The same buckets, for a door that asks for them by itself. */
  readonly buckets: RateBuckets
  /** Buckets that are not full, for metrics. */
  size(): number
}

export interface RatesOptions {
  readonly clock: Clock
  readonly rates?: Readonly<Record<RateName, Rate>>
  /** Keys of one rate at most; past it the one that was used longest ago is forgotten, which is in favour of its owner. */
  readonly keysMax?: number
}

const keysMaxUsual = 100_000

export function createRates({ clock, rates = RATES, keysMax = keysMaxUsual }: RatesOptions): Rates {
  const buckets = createBuckets(rates, keysMax)
  return {
    take: (name, key) => buckets[name].take(key, clock.monotonic()),
    buckets,
    size: () => Object.values(buckets).reduce((sum, { size }) => sum + size, 0),
  }
}

export function createBuckets(
  rates: Readonly<Record<RateName, Rate>>,
  keysMax: number,
): RateBuckets {
  const of = (name: RateName) => new Buckets(rates[name], keysMax)
  return {
    connection: of('connection'),
    person: of('person'),
    channel: of('channel'),
    address: of('address'),
    reads: of('reads'),
    credentials: of('credentials'),
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
  }
}
