/** The topics that a node wants of one server, and what its listener has to know about losses. */
import type { Topic } from '../broker.ts'
import type { Clock, Timer } from '../clock.ts'
import type { Command } from './subscription.ts'
import { Subscriptions } from './subscriptions.ts'
import { Waiters } from './waiters.ts'

export interface InterestOptions {
  send(command: Command, topic: Topic): Promise<void>
  /** Whether it is known that the server cannot be told anything now. */
  isAway(): boolean
  onGap(topic: Topic): void
  /** The first topic is refused, or the last one no longer. */
  onRefusals(): void
  /** How long a refused subscription rests before it is asked for again, in ms. */
  readonly refusedMs: number
  readonly clock: Clock
}

interface Wanted {
  /** The server holds it. */
  live: boolean
  /** Frames may have been lost: told when the subscription lives, and before its next frame. */
  gapped: boolean
}

export class Interest {
  readonly #options: InterestOptions
  readonly #wanted = new Map<Topic, Wanted>()
  readonly #refused = new Set<Topic>()
  readonly #waiters = new Waiters<Topic>()
  readonly #subscriptions: Subscriptions
  #resting: Timer | undefined

  constructor(options: InterestOptions) {
    this.#options = options
    this.#subscriptions = new Subscriptions({
      send: options.send,
      onJoined: (topic) => this.#joined(topic),
      onLeft: (topic) => this.#left(topic),
      onRefused: (topic) => this.#refuse(topic),
      now: () => options.clock.monotonic(),
    })
  }

  /** Topics that the server does not let this node have. */
  get refusedTopics(): number {
    return this.#refused.size
  }

  has(topic: Topic): boolean {
    return this.#wanted.has(topic)
  }

  /** Resolves when it is subscribed, or known that it cannot be now. */
  async join(topic: Topic): Promise<void> {
    let wanted = this.#wanted.get(topic)
    if (wanted === undefined) {
      wanted = { live: false, gapped: false }
      this.#wanted.set(topic, wanted)
      this.#subscriptions.want(topic)
    }
    if (wanted.live) return
    if (this.#options.isAway() || this.#refused.has(topic)) wanted.gapped = true
    else await this.#waiters.wait(topic)
  }

  /** Resolves when the server was told, or is known to be away. */
  async leave(topic: Topic): Promise<void> {
    if (!this.#wanted.delete(topic)) return
    this.#accept(topic)
    this.#subscriptions.unwant(topic)
    const isUnderWay = !this.#options.isAway() && this.#subscriptions.knows(topic)
    if (isUnderWay) await this.#waiters.wait(topic)
    else this.#waiters.release(topic)
  }

  /** A frame came in: whether it is for us. */
  heard(topic: Topic): boolean {
    const wanted = this.#wanted.get(topic)
    if (wanted === undefined) return false
    this.#tellGap(topic, wanted)
    return true
  }

  /** A connection is there, and its server knows nothing yet. */
  linked(): void {
    this.#subscriptions.linked()
  }

  /** The server is away, and whoever waits for it need not wait longer. */
  lost(): void {
    this.#subscriptions.lost()
    for (const wanted of this.#wanted.values()) {
      wanted.live = false
      wanted.gapped = true
    }
    this.#waiters.releaseAll()
  }

  stop(): void {
    this.#resting?.cancel()
    this.#subscriptions.lost()
    this.#wanted.clear()
    this.#refused.clear()
    this.#waiters.releaseAll()
  }

  #joined(topic: Topic): void {
    const wanted = this.#wanted.get(topic)
    if (wanted === undefined) return
    wanted.live = true
    this.#accept(topic)
    this.#tellGap(topic, wanted)
    this.#waiters.release(topic)
  }

  #left(topic: Topic): void {
    if (!this.#wanted.has(topic)) this.#waiters.release(topic)
  }

  #refuse(topic: Topic): void {
    const wanted = this.#wanted.get(topic)
    if (wanted !== undefined) {
      wanted.gapped = true
      this.#refused.add(topic)
      if (this.#refused.size === 1) this.#options.onRefusals()
    }
    this.#waiters.release(topic)
    this.#resting ??= this.#options.clock.after(this.#options.refusedMs, () => {
      this.#resting = undefined
      this.#subscriptions.retry()
    })
  }

  #accept(topic: Topic): void {
    if (this.#refused.delete(topic) && this.#refused.size === 0) this.#options.onRefusals()
  }

  #tellGap(topic: Topic, wanted: Wanted): void {
    if (!wanted.gapped) return
    wanted.gapped = false
    this.#options.onGap(topic)
  }
}
