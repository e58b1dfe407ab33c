/** A node's feeds: one per channel that has a local reader, over the dispatcher's frames and shared reads of the store. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import { StoreError } from '../store/store.ts'
import { ChannelFeed } from './channel-feed.ts'
import { Comparison } from './comparison.ts'
import type { Dispatcher } from './dispatcher.ts'
import { enterFeed } from './enter.ts'
import type { FeedLimits } from './feed-limits.ts'
import type { Entered, FeedListener, Feeds } from './feeds.ts'
import { type FeedStore, SharedReads } from './reads.ts'
import type { FeedReport } from './report.ts'
import { channelOf, channelTopic, type NodeTopic } from './topics.ts'

export interface FeedsOptions {
  readonly store: FeedStore
  /** Started by whoever composes the node, before the first `watch`. */
  readonly dispatcher: Dispatcher
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly limits: FeedLimits
  readonly report: FeedReport
}

/** What the feeds hold at this moment, for metrics. */
export interface FeedsSize {
  readonly feeds: number
  /** Events that wait for a hole to be filled. */
  readonly pendingEvents: number
  readonly tailEvents: number
}

/** Made before the dispatcher is started, because it registers itself there. */
export function createFeeds(options: FeedsOptions): Feeds & { size(): FeedsSize } {
  return new NodeFeeds(options)
}

interface Watched {
  readonly feed: ChannelFeed
  readonly opened: Promise<void>
  resolve(): void
  reject(error: unknown): void
  readers: number
}

class NodeFeeds implements Feeds {
  readonly #options: FeedsOptions
  readonly #reads: SharedReads
  readonly #comparison: Comparison
  readonly #watched = new Map<Id, Watched>()
  /** Channels whose last reader left in this turn. */
  readonly #left = new Set<Id>()
  #sweep: Timer | undefined
  #listener: FeedListener | undefined
  #stopped = false

  constructor(options: FeedsOptions) {
    const { dispatcher } = options
    this.#options = options
    this.#reads = new SharedReads(options)
    this.#comparison = new Comparison({
      ...options,
      reads: this.#reads,
      connected: () => dispatcher.health.connected,
      channels: () => [...this.#watched.keys()],
      onHead: (id, head) => this.#watched.get(id)?.feed.input({ type: 'heads', head }),
      onDone: () => this.#trim(),
    })
    dispatcher.handle('event', (_topic, event) => this.#take(event))
    dispatcher.onGap((topic) => this.#gap(topic))
    dispatcher.onHealth(() => this.#comparison.hurry())
  }

  async start(listener: FeedListener): Promise<void> {
    this.#listener = listener
    this.#comparison.start()
  }

  watch(channelId: Id): Promise<void> {
    if (this.#stopped) return Promise.reject(new StoreError('unavailable', 'The node is stopping.'))
    const watched = this.#watched.get(channelId) ?? this.#open(channelId)
    watched.readers += 1
    this.#left.delete(channelId)
    return watched.opened
  }

  unwatch(channelId: Id): void {
    const watched = this.#watched.get(channelId)
    if (watched === undefined || watched.readers === 0) return
    watched.readers -= 1
    if (watched.readers > 0) return
    // Not at once: who comes back in the same turn finds the feed as it was.
    this.#left.add(channelId)
    this.#sweep ??= this.#options.clock.after(0, () => this.#sweepLeft())
  }

  async enter(
    channelId: Id,
    cursor: number | null,
    admit: (entered: Entered) => void,
  ): Promise<void> {
    const watched = this.#watched.get(channelId)
    if (watched === undefined || !watched.feed.state.opened) {
      throw new StoreError('unavailable', 'The channel is not watched here.')
    }
    const { replayEventsMax } = this.#options.limits
    const { feed } = watched
    await enterFeed({ feed, reads: this.#reads, replayEventsMax, cursor, admit })
  }

  accept(events: readonly LogEvent[]): void {
    if (this.#stopped) return
    for (const event of events) {
      this.#options.dispatcher.publish(channelTopic(event.channelId), {
        kind: 'event',
        body: event,
      })
      this.#take(event)
    }
  }

  head(channelId: Id): number | undefined {
    const watched = this.#watched.get(channelId)
    if (watched === undefined || watched.readers === 0) return undefined
    return watched.feed.deliveredHead
  }

  size(): FeedsSize {
    let [pendingEvents, tailEvents] = [0, 0]
    for (const { feed } of this.#watched.values()) {
      pendingEvents += feed.state.pending.length
      tailEvents += feed.state.tail.length
    }
    return { feeds: this.#watched.size, pendingEvents, tailEvents }
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#comparison.stop()
    this.#sweep?.cancel()
    const error = new StoreError('unavailable', 'The node is stopping.')
    for (const channelId of [...this.#watched.keys()]) this.#close(channelId, error)
    this.#reads.stop()
    this.#listener = undefined
  }

  #open(channelId: Id): Watched {
    const { limits, clock, report } = this.#options
    const feed = new ChannelFeed(channelId, {
      bounds: limits,
      clock,
      report,
      deliver: (event) => this.#deliver(event),
      read: (asking, after, known) => void this.#repair(asking, after, known),
    })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    // Whoever watches hears of a failure; nobody has to.
    promise.catch(() => {})
    const watched = { feed, opened: promise, resolve, reject, readers: 0 }
    this.#watched.set(channelId, watched)
    void this.#learnHead(watched)
    return watched
  }

  /** First the topic, then the head: what is committed after the head was read comes as a frame. */
  async #learnHead({ feed, resolve }: Watched): Promise<void> {
    try {
      await this.#options.dispatcher.hold(channelTopic(feed.channelId))
      if (feed.closed) return
      const heads = await this.#reads.heads([feed.channelId])
      feed.input({ type: 'opened', head: heads.get(feed.channelId) ?? 0 })
      resolve()
    } catch (error) {
      if (!feed.closed) this.#close(feed.channelId, error)
    }
  }

  #close(channelId: Id, error: unknown): void {
    const watched = this.#watched.get(channelId)
    if (watched === undefined) return
    this.#watched.delete(channelId)
    this.#left.delete(channelId)
    watched.feed.close()
    watched.reject(error)
    this.#options.dispatcher.release(channelTopic(channelId))
  }

  #sweepLeft(): void {
    this.#sweep = undefined
    const error = new StoreError('unavailable', 'The channel is no longer watched here.')
    for (const channelId of [...this.#left]) this.#close(channelId, error)
  }

  #take(event: LogEvent): void {
    this.#watched.get(event.channelId)?.feed.input({ type: 'event', event })
  }

  #deliver(event: LogEvent): void {
    const watched = this.#watched.get(event.channelId)
    if (watched === undefined || watched.readers === 0) return
    try {
      this.#listener?.deliver(event)
    } catch (error) {
      this.#options.report.count('listener_threw')
      this.#options.report.warn('a listener of feeds threw', { error, channelId: event.channelId })
    }
  }

  async #repair(feed: ChannelFeed, after: number, known: number): Promise<void> {
    const { random, report } = this.#options
    try {
      const { events, head } = await this.#reads.page({ channelId: feed.channelId, after, known })
      feed.input({ type: 'page', events, head })
    } catch (error) {
      if (feed.closed) return
      report.warn('a hole could not be repaired yet', { error, channelId: feed.channelId, after })
      feed.input({ type: 'repairFailed', chance: random() })
    }
  }

  #gap(topic?: NodeTopic): void {
    if (this.#stopped) return
    const channelId = topic === undefined ? undefined : channelOf(topic)
    if (topic === undefined) {
      for (const { feed } of this.#watched.values()) feed.input({ type: 'gap' })
    } else if (channelId !== undefined) {
      this.#watched.get(channelId)?.feed.input({ type: 'gap' })
    }
    if (topic === undefined || channelId !== undefined) this.#comparison.gap()
  }

  /** Lets go of the tails that are quiet for longest, where all together are too much. */
  #trim(): void {
    let over = this.size().tailEvents - this.#options.limits.tailsEventsMax
    if (over <= 0) return
    const feeds = [...this.#watched.values()].map(({ feed }) => feed)
    feeds.sort((a, b) => a.deliveredAt - b.deliveredAt)
    for (const feed of feeds) {
      if (over <= 0) return
      over -= feed.state.tail.length
      feed.input({ type: 'trim' })
    }
  }
}
