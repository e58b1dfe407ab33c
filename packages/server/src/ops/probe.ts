/** Sees what goes through a node: how late events are delivered, and every step of theirs. */
import type { LogEvent } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import type { Follower, Step } from './follower.ts'
import { type Percentiles, RecentTimes } from './recent-times.ts'

export interface ProbeParts {
  readonly clock: Clock
  readonly follower: Follower
  /** Told of each delivered event: how long after it was made, in seconds. Must not throw. */
  readonly onDelivered?: (seconds: number) => void
}

export class Probe {
  readonly #parts: ProbeParts
  readonly #times: RecentTimes
  #handed = 0

  constructor(parts: ProbeParts) {
    this.#parts = parts
    this.#times = new RecentTimes(() => parts.clock.monotonic())
  }

  times(): Percentiles | null {
    return this.#times.read()
  }

  /** A step of one event. */
  event(step: Step['step'], event: LogEvent, more: Partial<Step> = {}): void {
    this.#parts.follower.note({
      step,
      kind: event.kind,
      channelId: event.channelId,
      seq: event.seq,
      eventId: event.id,
      personId: event.author.id,
      tookMs: this.#ageOf(event),
      ...('subject' in event && { subjectId: event.subject.id }),
      ...more,
    })
  }

  /** A step of one person that is no event. */
  person(step: Step['step'], personId: string, more: Partial<Step> = {}): void {
    this.#parts.follower.note({ step, personId, ...more })
  }

  /** Of many events at once, which were read from the store. */
  read(events: readonly LogEvent[], tookMs: number): void {
    for (const event of events) this.event('read', event, { tookMs })
  }

  /** The wire has handed a room event to so many connections, within the delivery that follows. */
  handed(connections: number): void {
    this.#handed = connections
  }

  delivered(event: LogEvent): void {
    const tookMs = this.#ageOf(event)
    this.#times.add(tookMs)
    this.#parts.onDelivered?.(tookMs / 1_000)
    this.event('delivered', event, { count: this.#handed })
    this.#handed = 0
  }

  #ageOf({ createdAt }: LogEvent): number {
    return Math.max(0, this.#parts.clock.now() - createdAt)
  }
}
