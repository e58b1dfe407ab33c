/**
 * Newcomers of a whole node: how many it takes in a second, and when whoever is too many comes back. Pure.
 *
 * A node cannot tell 5,000 clients "in a second": they would be there together again. So each that is refused gets a slot of its own behind those that were given
 * to the ones before, at the rate at which the bucket fills; told is anything from half of it to one and a half, so that clients which were refused in one moment do not
 * come in step. With slots at 1/r, 2/r, 3/r, ... seconds that is an even stream of about the rate r (ln 3 = 1.1 times it), however many they are.
 */
import { type FullAt, type Rate, take } from '../doors/buckets.ts'

export interface Arrivals {
  readonly fullAt: FullAt
  /** The slot that was given last. */
  readonly lastSlotAt: number
}

export const NO_ARRIVALS: Arrivals = { fullAt: undefined, lastSlotAt: 0 }

/** A slot further away than this is none, in ms: many will have gone elsewhere by then. */
export const SLOT_MS_MAX = 30_000

export interface Arrived {
  readonly arrivals: Arrivals
  /** 0: come in. Else to be told when to come again, in ms. */
  readonly waitMs: number
}

/**
 * How long the crowd of a node is spread over when it comes back, should the node die: in ms, at most `spreadMsMax`. One that has few waits hardly at all, and each
 * further one is told a little more, so that those who were told little are few for ever.
 */
export function spreadMs(connections: number, { perSecond }: Rate, spreadMsMax: number): number {
  return Math.min(spreadMsMax, Math.ceil((connections * 1_000) / perSecond))
}

/** `chance`: from 0 up to 1. */
export function arrive(arrivals: Arrivals, rate: Rate, now: number, chance: number): Arrived {
  const { fullAt, waitMs } = take(arrivals.fullAt, rate, now)
  if (waitMs === 0) return { arrivals: { ...arrivals, fullAt }, waitMs: 0 }
  return slot({ ...arrivals, fullAt }, now + waitMs, rate, now, chance)
}

function slot(
  arrivals: Arrivals,
  firstAt: number,
  { perSecond }: Rate,
  now: number,
  chance: number,
): Arrived {
  const nextAt = Math.max(firstAt, arrivals.lastSlotAt + 1_000 / perSecond)
  const isFar = nextAt - now > SLOT_MS_MAX
  const aheadMs = isFar ? SLOT_MS_MAX : nextAt - now
  return {
    // Those who are told the furthest slot share it: what they do then is told them then.
    arrivals: { ...arrivals, lastSlotAt: isFar ? arrivals.lastSlotAt : nextAt },
    waitMs: Math.max(1, Math.round(aheadMs * (0.5 + chance))),
  }
}
