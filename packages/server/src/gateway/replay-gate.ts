/** Bounds what handing over the past costs: how many connections are handed theirs at a time, and how many events in a second. Who comes too soon waits, in order. */
import type { Clock, Timer } from '../clock.ts'
import { Refusal } from '../core/refusal.ts'
import type { FullAt } from '../doors/buckets.ts'
import type { GatewayBounds } from './bounds.ts'

type Bounds = Pick<
  GatewayBounds,
  'replaysRunningMax' | 'replaysWaitingMax' | 'replayWaitMsMax' | 'replayEventsPerSecond'
>

export interface ReplayGateParts {
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly bounds: Bounds
}

interface Waiting {
  readonly untilMs: number
  enter(): void
  refuse(): void
}

export class ReplayGate {
  readonly #parts: ReplayGateParts
  #waiting: Waiting[] = []
  #running = 0
  /** When the events that were handed over are paid for: as many as one second gives may be owed. */
  #paidAt: FullAt
  #timer: Timer | undefined
  #stopped = false

  constructor(parts: ReplayGateParts) {
    this.#parts = parts
  }

  get size(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length }
  }

  /** Resolves in turn; whoever entered has to leave. Rejects with `busy`, and when to come again, where too many wait or it takes too long. */
  enter(): Promise<void> {
    const { clock, bounds } = this.#parts
    if (this.#stopped || this.#waiting.length >= bounds.replaysWaitingMax) {
      return Promise.reject(this.#refusal())
    }
    return new Promise((resolve, reject) => {
      const untilMs = clock.monotonic() + bounds.replayWaitMsMax
      this.#waiting.push({ untilMs, enter: resolve, refuse: () => reject(this.#refusal()) })
      this.#letIn()
    })
  }

  /** It has been handed so many events. */
  leave(events: number): void {
    this.#running--
    const now = this.#parts.clock.monotonic()
    const { replayEventsPerSecond } = this.#parts.bounds
    this.#paidAt = Math.max(this.#paidAt ?? now, now) + (events * 1_000) / replayEventsPerSecond
    this.#letIn()
  }

  /** Whoever waits is refused. Calling it twice is calling it once. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    for (const { refuse } of this.#waiting.splice(0)) refuse()
  }

  #letIn(): void {
    const { clock, bounds } = this.#parts
    const now = clock.monotonic()
    this.#timer?.cancel()
    this.#timer = undefined
    while (this.#waiting[0] !== undefined && this.#waiting[0].untilMs <= now) {
      this.#waiting.shift()?.refuse()
    }
    const owedMs = (this.#paidAt ?? now) - now
    while (owedMs <= 1_000 && this.#running < bounds.replaysRunningMax) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#running++
      next.enter()
    }
    const [first] = this.#waiting
    if (first === undefined) return
    const paidMs = owedMs > 1_000 ? owedMs - 1_000 : Number.POSITIVE_INFINITY
    this.#timer = clock.after(Math.ceil(Math.min(first.untilMs - now, paidMs)), () => this.#letIn())
  }

  /** As long as those who wait may wait, give or take a half. */
  #refusal(): Refusal {
    const { random, bounds } = this.#parts
    const retryAfterMs = Math.round(bounds.replayWaitMsMax * (0.5 + random()))
    return new Refusal('busy', { retryAfterMs, limit: 'replaysWaitingMax' })
  }
}
