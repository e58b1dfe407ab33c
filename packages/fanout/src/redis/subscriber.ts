/** The topics that a node wants, each at the shard that it belongs to at the moment; and what its listener has to know about losses. */
import type { Topic } from '../broker.ts'
import { Waiters } from '../link/waiters.ts'
import { refusalOf } from './refusal.ts'
import type { Router } from './router.ts'
import type { Shard } from './shard.ts'

export interface SubscriberOptions {
  readonly router: Router
  onGap(topic: Topic): void
}

interface Wanted {
  readonly topic: Topic
  readonly lane: number
  /** Where it is subscribed, or is to be. Frames that come from elsewhere do not count. */
  home: Shard | undefined
  /** Subscribed there. */
  live: boolean
  /** Frames may have been lost: told when the subscription lives, and before its next frame. */
  gapped: boolean
}

export class Subscriber {
  readonly #options: SubscriberOptions
  readonly #wanted = new Map<string, Wanted>()
  readonly #waiters = new Waiters<string>()

  constructor(options: SubscriberOptions) {
    this.#options = options
  }

  isWanted(channel: string): boolean {
    return this.#wanted.has(channel)
  }

  /** Resolves when it is subscribed, or known that it cannot be now. */
  async join(channel: string, topic: Topic): Promise<void> {
    let wanted = this.#wanted.get(channel)
    if (wanted === undefined) {
      const lane = this.#options.router.laneOf(channel)
      wanted = { topic, lane, home: undefined, live: false, gapped: false }
      this.#wanted.set(channel, wanted)
      this.#place(channel, wanted)
    }
    if (wanted.live) return
    if (wanted.home === undefined || wanted.home.isDeaf) wanted.gapped = true
    else await this.#waiters.wait(channel)
  }

  /** Resolves when the server was told, or is known to be away. */
  async leave(channel: string): Promise<void> {
    const home = this.#wanted.get(channel)?.home
    this.#wanted.delete(channel)
    home?.unwant(channel)
    if (home?.isLeaving(channel)) await this.#waiters.wait(channel)
    else this.#waiters.release(channel)
  }

  /** A frame came in: the topic, where it is for us. */
  heard(shard: Shard, channel: string): Topic | undefined {
    const wanted = this.#wanted.get(channel)
    if (wanted === undefined || wanted.home !== shard) return undefined
    this.#tellGap(wanted)
    return wanted.topic
  }

  joined(shard: Shard, channel: string): void {
    const wanted = this.#wanted.get(channel)
    if (wanted?.home !== shard) return
    wanted.live = true
    this.#tellGap(wanted)
    this.#waiters.release(channel)
  }

  left(channel: string): void {
    if (!this.#wanted.has(channel)) this.#waiters.release(channel)
  }

  refused(shard: Shard, channel: string, error: unknown): void {
    const wanted = this.#wanted.get(channel)
    if (wanted?.home !== shard) return
    const refusal = refusalOf(error)
    if (refusal.kind === 'moved') {
      this.#options.router.moved(refusal.slot, refusal.address, shard)
      this.#place(channel, wanted)
      if (wanted.home !== shard) return
    }
    this.#options.router.suspect()
    this.#lose(channel, wanted)
  }

  unsubscribed(shard: Shard, channel: string | undefined): void {
    const wanted = channel === undefined ? undefined : this.#wanted.get(channel)
    if (channel !== undefined && wanted?.home === shard) this.#lose(channel, wanted)
    this.#options.router.suspect()
  }

  /** Nothing is heard from the shard until its subscriptions live again. */
  deaf(shard: Shard): void {
    for (const [channel, wanted] of this.#wanted) {
      if (wanted.home === shard) this.#lose(channel, wanted)
    }
    // Who waits for a server to be told that a topic is not wanted need not wait for one that is away.
    for (const channel of this.#waiters.keys) if (!this.#wanted.has(channel)) this.left(channel)
  }

  /** The routes are new: what belongs elsewhere now goes there. */
  reroute(): void {
    for (const [channel, wanted] of this.#wanted) this.#place(channel, wanted)
  }

  stop(): void {
    this.#wanted.clear()
    this.#waiters.releaseAll()
  }

  #place(channel: string, wanted: Wanted): void {
    const home = this.#options.router.shardOf(wanted.lane)
    if (home === wanted.home) return
    wanted.home?.unwant(channel)
    if (wanted.live) wanted.gapped = true
    wanted.live = false
    wanted.home = home
    home?.want(channel)
    if (home === undefined || home.isDeaf) this.#lose(channel, wanted)
  }

  /** It is not subscribed now, and whoever waits for it need not wait longer: the gap is told when it is. */
  #lose(channel: string, wanted: Wanted): void {
    wanted.live = false
    wanted.gapped = true
    this.#waiters.release(channel)
  }

  #tellGap(wanted: Wanted): void {
    if (!wanted.gapped) return
    wanted.gapped = false
    this.#options.onGap(wanted.topic)
  }
}
