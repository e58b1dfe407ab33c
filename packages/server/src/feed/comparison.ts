/** Compares what this node has with the store from time to time: a loss that nobody told of is found here. */
import type { Id } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import type { FeedLimits } from './feed-limits.ts'
import type { SharedReads } from './reads.ts'
import type { FeedReport } from './report.ts'

export interface ComparisonOptions {
  readonly reads: SharedReads
  readonly clock: Clock
  /** From 0 up to 1. */
  random(): number
  readonly limits: FeedLimits
  readonly report: FeedReport
  /** Whether the broker is there. */
  connected(): boolean
  /** The channels to compare. */
  channels(): readonly Id[]
  /** Told each head in the store. */
  onHead(channelId: Id, head: number): void
  /** Told when all were compared, or it failed. */
  onDone(): void
}

/** Runs every 10 s, every second while the broker is away or the store fails, and soon after a gap. */
export class Comparison {
  readonly #options: ComparisonOptions
  #timer: Timer | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #running = false
  #failed = false
  #gap = false
  #stopped = false

  constructor(options: ComparisonOptions) {
    this.#options = options
  }

  start(): void {
    this.#schedule(this.#pause())
  }

  /** Frames were lost: all heads are compared soon. */
  gap(): void {
    const { limits, random } = this.#options
    this.#gap = this.#running
    this.#schedule(random() * limits.gapSpreadMsMax)
  }

  /** The broker came or went, so the pause is another. */
  hurry(): void {
    this.#schedule(this.#pause())
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** With jitter, so that nodes that started together do not ask together. */
  #pause(): number {
    const { limits, random, connected } = this.#options
    const away = !connected() || this.#failed
    const whole = away ? limits.compareAwayIntervalMs : limits.compareIntervalMs
    return whole * (0.8 + 0.4 * random())
  }

  /** An earlier time that is set stays. */
  #schedule(ms: number): void {
    const dueAt = this.#options.clock.monotonic() + ms
    if (this.#stopped || this.#running || dueAt >= this.#dueAt) return
    this.#timer?.cancel()
    this.#dueAt = dueAt
    this.#timer = this.#options.clock.after(ms, () => void this.#run())
  }

  async #run(): Promise<void> {
    this.#dueAt = Number.POSITIVE_INFINITY
    this.#running = true
    this.#failed = !(await this.#compare())
    this.#running = false
    if (this.#stopped) return
    this.#options.onDone()
    if (this.#gap) this.gap()
    else this.#schedule(this.#pause())
  }

  async #compare(): Promise<boolean> {
    const { reads, limits, report } = this.#options
    const ids = this.#options.channels()
    try {
      for (let from = 0; from < ids.length; from += limits.headsChannelsMax) {
        const part = ids.slice(from, from + limits.headsChannelsMax)
        const heads = await reads.heads(part)
        if (this.#stopped) return true
        for (const id of part) this.#options.onHead(id, heads.get(id) ?? 0)
      }
      return true
    } catch (error) {
      if (this.#stopped) return true
      report.count('compare_failed')
      report.warn('heads could not be compared with the store', { error, channels: ids.length })
      return false
    }
  }
}
