/** Lets in as many newcomers as the node takes in a second, and tells the others when to come again. */
import { type ErrorBody, errorBody } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import type { Rate } from '../doors/buckets.ts'
import { type Arrivals, arrive, NO_ARRIVALS } from './arrivals.ts'
import type { GatewayReport, Settings } from './settings.ts'

export interface TurnstileParts {
  readonly clock: Clock
  readonly report: GatewayReport
  readonly settings: Settings
  /** From 0 up to 1. */
  readonly random: () => number
}

export class Turnstile {
  readonly #parts: TurnstileParts
  #entering: Arrivals = NO_ARRIVALS
  #knocking: Arrivals = NO_ARRIVALS

  constructor(parts: TurnstileParts) {
    this.#parts = parts
  }

  /** At the door, where all that can be told is a number: telling more costs a handshake, so that only so many get as far. */
  knock(): ErrorBody | undefined {
    const { connects, bounds } = this.#parts.settings
    if (connects === undefined) return undefined
    const times = bounds.knocksPerConnect
    const rate = { burst: connects.burst * times, perSecond: connects.perSecond * times }
    const { arrivals, waitMs } = this.#arrive(this.#knocking, rate)
    this.#knocking = arrivals
    return this.#told(waitMs, 'knock')
  }

  /** Before anything is looked up. Whoever is refused here is told its slot; a browser is shown nothing of an upgrade that is refused. */
  enter(): ErrorBody | undefined {
    const { connects } = this.#parts.settings
    if (connects === undefined) return undefined
    const { arrivals, waitMs } = this.#arrive(this.#entering, connects)
    this.#entering = arrivals
    return this.#told(waitMs, 'entrance')
  }

  #arrive(arrivals: Arrivals, rate: Rate) {
    const { clock, random } = this.#parts
    return arrive(arrivals, rate, clock.monotonic(), random())
  }

  #told(retryAfterMs: number, where: 'knock' | 'entrance'): ErrorBody | undefined {
    if (retryAfterMs === 0) return undefined
    this.#parts.report.heldBack(where)
    return errorBody('busy', { retryAfterMs, limit: 'connectsPerSecond' })
  }
}
