/** Sends what is in the outbox over the one connection there is, as fast as its bounds allow. */
import type { Frame, Topic } from '../broker.ts'
import type { Clock } from '../clock.ts'
import type { Carrier } from './carrier.ts'
import { Lull } from './lull.ts'
import { type Entry, Outbox, type OutboxLimits } from './outbox.ts'

/** There is one server, so there is one order. */
const LANE = 0

export interface OutgoingOptions {
  readonly limits: OutboxLimits & { readonly stopMsMax: number }
  readonly clock: Clock
  /** The connection of this moment. */
  carrier(): Carrier | undefined
}

export class Outgoing {
  readonly #options: OutgoingOptions
  readonly #outbox: Outbox
  readonly #lull: Lull

  constructor(options: OutgoingOptions) {
    this.#options = options
    this.#outbox = new Outbox(options.limits)
    this.#lull = new Lull(options.clock, () => this.#isIdle())
  }

  get droppedFrames(): number {
    return this.#outbox.droppedFrames
  }

  /** Counts a frame that is not taken at all. */
  refuse(): false {
    return this.#outbox.refuse()
  }

  publish(topic: Topic, frame: Frame): boolean {
    const taken = this.#outbox.push(LANE, topic, frame, this.#options.clock.monotonic())
    if (taken) this.pump()
    return taken
  }

  pump(): void {
    const carrier = this.#options.carrier()
    if (carrier === undefined) return
    const now = this.#options.clock.monotonic()
    for (;;) {
      const entry = this.#outbox.next(LANE, carrier, now)
      if (entry === undefined) return
      this.#send(entry, carrier)
    }
  }

  /** The connection is gone. */
  lost(carrier: Carrier): void {
    this.#outbox.lost(carrier)
    this.#lull.look()
  }

  /** Resolves when everything has left or been given up, when nothing can leave, or when the time is over. */
  drain(): Promise<void> {
    return this.#lull.wait(this.#options.limits.stopMsMax)
  }

  #send(entry: Entry, carrier: Carrier): void {
    carrier.publish(entry.channel, entry.frame).then(
      () => {
        this.#outbox.done(entry)
        this.#lull.look()
      },
      () => {
        this.#outbox.failed(entry)
        this.#lull.look()
      },
    )
  }

  #isIdle(): boolean {
    return this.#outbox.size === 0 || this.#options.carrier() === undefined
  }
}
