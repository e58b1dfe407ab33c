/** Sends what is in the outbox to wherever its lane belongs, and decides what becomes of what is refused. */
import type { Frame } from '../broker.ts'
import type { Clock, Timer } from '../clock.ts'
import { Lull } from '../link/lull.ts'
import { type Entry, type Lane, Outbox } from '../link/outbox.ts'
import type { RedisConnection } from './driver.ts'
import type { RedisLimits } from './limits.ts'
import { refusalOf } from './refusal.ts'
import type { Router } from './router.ts'
import type { Shard } from './shard.ts'

export interface PublisherOptions {
  readonly router: Router
  readonly limits: RedisLimits
  readonly clock: Clock
}

export class Publisher {
  readonly #options: PublisherOptions
  readonly #outbox: Outbox
  /** Lanes whose last frame was refused for now. */
  readonly #resting = new Map<Lane, Timer>()
  readonly #lull: Lull

  constructor(options: PublisherOptions) {
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

  publish(lane: Lane, channel: string, frame: Frame): boolean {
    const taken = this.#outbox.push(lane, channel, frame, this.#options.clock.monotonic())
    if (taken) this.#pump(lane)
    return taken
  }

  /** Tries every lane again: a connection or a route is new. */
  pumpAll(): void {
    for (const lane of this.#outbox.lanes) this.#pump(lane)
    this.#lull.look()
  }

  lost(connection: RedisConnection): void {
    this.#outbox.lost(connection)
    this.pumpAll()
  }

  /** Resolves when everything has left or been given up, when nothing can leave, or when the time is over. */
  drain(): Promise<void> {
    return this.#lull.wait(this.#options.limits.stopMsMax)
  }

  stop(): void {
    for (const timer of this.#resting.values()) timer.cancel()
    this.#resting.clear()
  }

  #pump(lane: Lane): void {
    if (this.#resting.has(lane)) return
    const shard = this.#options.router.shardOf(lane)
    const connection = shard?.publisher
    if (shard === undefined || connection === undefined) return
    const now = this.#options.clock.monotonic()
    for (;;) {
      const entry = this.#outbox.next(lane, connection, now)
      if (entry === undefined) return
      this.#send(entry, shard, connection)
    }
  }

  #send(entry: Entry, shard: Shard, connection: RedisConnection): void {
    connection.publish(entry.channel, entry.frame).then(
      () => this.#landed(entry, () => this.#outbox.done(entry)),
      (error: unknown) => this.#landed(entry, () => this.#refused(entry, shard, error)),
    )
  }

  #landed(entry: Entry, settle: () => void): void {
    settle()
    if (this.#outbox.hasWaiting(entry.lane)) this.#pump(entry.lane)
    this.#lull.look()
  }

  #refused(entry: Entry, shard: Shard, error: unknown): void {
    const refusal = refusalOf(error)
    if (refusal.kind === 'never') {
      this.#outbox.failed(entry)
      return
    }
    this.#outbox.refused(entry)
    if (refusal.kind === 'moved') {
      this.#options.router.moved(refusal.slot, refusal.address, shard)
      // Where the route is the same afterwards, the servers do not agree yet: asking at once would ask again and again.
      if (this.#options.router.shardOf(entry.lane) !== shard) return
    }
    this.#options.router.suspect()
    this.#rest(entry.lane)
  }

  #rest(lane: Lane): void {
    if (this.#resting.has(lane)) return
    const timer = this.#options.clock.after(this.#options.limits.refusedMs, () => {
      this.#resting.delete(lane)
      this.#pump(lane)
    })
    this.#resting.set(lane, timer)
  }

  #isIdle(): boolean {
    if (this.#outbox.size === 0) return true
    const { router } = this.#options
    return this.#outbox.lanes.every((lane) => router.shardOf(lane)?.publisher === undefined)
  }
}
