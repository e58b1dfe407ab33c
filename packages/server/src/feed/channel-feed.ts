/** Performs one channel's feed: keeps its state and its timer, and does what the reducer says, one thing after the other. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import { type FeedEffect, type FeedInput, type FeedState, newFeed, reduceFeed } from './feed.ts'
import type { FeedBounds } from './feed-limits.ts'
import type { FeedReport } from './report.ts'

export interface ChannelFeedOptions {
  readonly bounds: FeedBounds
  readonly clock: Clock
  readonly report: FeedReport
  deliver(event: LogEvent): void
  /** Asks the store; answered by the input `page` or `repairFailed`. */
  read(feed: ChannelFeed, after: number, known: number): void
}

export class ChannelFeed {
  readonly channelId: Id
  readonly #options: ChannelFeedOptions
  #state: FeedState = newFeed
  #deliveredAt: number
  #deliveredHead = 0
  #timer: Timer | undefined
  #busy = false
  #closed = false
  #jobs: (() => void)[] = []

  constructor(channelId: Id, options: ChannelFeedOptions) {
    this.channelId = channelId
    this.#options = options
    this.#deliveredAt = options.clock.monotonic()
  }

  get state(): FeedState {
    return this.#state
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The last seq that was delivered, which is behind the state's head while several are delivered in one go; undefined before the head is known. */
  get deliveredHead(): number | undefined {
    return this.#state.opened ? this.#deliveredHead : undefined
  }

  /** When it last delivered, by the clock's `monotonic`. */
  get deliveredAt(): number {
    return this.#deliveredAt
  }

  input(input: FeedInput): void {
    this.#jobs.push(() => this.perform(input))
    this.#runJobs()
  }

  /**
   * Runs the job when no other is under way: now, or after that one where it is called from within it. So whatever a listener does while an event is
   * delivered happens after all that was to be delivered with it.
   */
  exclusively<T>(job: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#jobs.push(() => {
        try {
          resolve(job())
        } catch (error) {
          reject(error)
        }
      })
      this.#runJobs()
    })
  }

  /** Only from within a job. */
  perform(input: FeedInput): void {
    if (this.#closed) return
    const now = this.#options.clock.monotonic()
    const [state, effects] = reduceFeed(this.#state, input, now, this.#options.bounds)
    this.#state = state
    if (input.type === 'opened') this.#deliveredHead = state.head
    for (const effect of effects) this.#performEffect(effect, now)
  }

  /** Nothing is delivered after this. */
  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #runJobs(): void {
    if (this.#busy) return
    this.#busy = true
    try {
      for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) job()
    } finally {
      this.#busy = false
    }
  }

  #performEffect(effect: FeedEffect, now: number): void {
    const { clock, report, deliver, read } = this.#options
    if (this.#closed) return
    switch (effect.type) {
      case 'deliver':
        this.#deliveredAt = now
        this.#deliveredHead = effect.event.seq
        deliver(effect.event)
        break
      case 'read':
        read(this, effect.after, effect.known)
        break
      case 'wait':
        this.#timer?.cancel()
        this.#timer = clock.after(effect.ms, () => this.input({ type: 'tick' }))
        break
      case 'count':
        report.count(effect.what, effect.by)
        break
    }
  }
}
