/** One node of a test: feeds over a broker that misbehaves by seed, and readers that check what they see. */
import assert from 'node:assert/strict'
import type { MemoryHub } from '@madang/fanout'
import { type FakeClock, type FaultRates, FaultyBroker, seededRandom } from '@madang/fanout/testing'
import type { Id, LogEvent } from '@madang/protocol'
import { createDispatcher } from '../dispatcher.ts'
import { FEED_LIMITS, type FeedLimits, FRAME_BYTES_MAX } from '../feed-limits.ts'
import type { Entered } from '../feeds.ts'
import { createFeeds } from '../node-feeds.ts'
import { createNotes } from '../notes.ts'
import type { FeedCount } from '../report.ts'
import type { ModelLog } from './model-log.ts'

export interface FeedNodeOptions {
  readonly hub: MemoryHub
  readonly clock: FakeClock
  readonly model: ModelLog
  readonly seed?: number
  readonly rates?: FaultRates
  readonly limits?: Partial<FeedLimits>
}

/** Somebody who entered a channel at a cursor, and must see each later event once and in order. */
export class FeedReader {
  readonly channelId: Id
  readonly seen: LogEvent[] = []
  entered: Entered | undefined
  /** The last seq that this reader has; unknown before it has entered. */
  at: number

  constructor(channelId: Id, cursor: number | null) {
    this.channelId = channelId
    this.at = cursor ?? 0
  }

  admit(entered: Entered, cursor: number | null): void {
    assert.equal(this.entered, undefined, 'a reader is admitted once')
    this.entered = entered
    if (entered.outcome === 'limited' || cursor === null) {
      assert.deepEqual(entered.events, [])
      this.at = entered.head
    }
    for (const event of entered.events) this.see(event)
    assert.equal(this.at, entered.head, 'the events of entry reach exactly to the head')
  }

  see(event: LogEvent): void {
    assert.equal(event.seq, this.at + 1, 'a reader sees no gap and no overlap')
    this.at = event.seq
    this.seen.push(event)
  }
}

export class FeedNode {
  readonly broker: FaultyBroker
  readonly dispatcher: ReturnType<typeof createDispatcher>
  readonly feeds: ReturnType<typeof createFeeds>
  readonly notes: ReturnType<typeof createNotes>
  readonly readers = new Set<FeedReader>()
  readonly delivered: LogEvent[] = []
  readonly counts = new Map<FeedCount, number>()
  /** Called within each delivery. */
  onDeliver: (event: LogEvent) => void = () => {}

  constructor({ hub, clock, model, seed = 1, rates = {}, limits = {} }: FeedNodeOptions) {
    const report = {
      count: (what: FeedCount, by = 1) => void this.counts.set(what, this.count(what) + by),
      warn: () => {},
    }
    this.broker = new FaultyBroker(hub.newBroker(), { seed, clock, rates, delayMsMax: 150 })
    this.dispatcher = createDispatcher({
      broker: this.broker,
      report,
      frameBytesMax: FRAME_BYTES_MAX,
    })
    this.notes = createNotes(this.dispatcher)
    this.feeds = createFeeds({
      store: model,
      dispatcher: this.dispatcher,
      clock,
      random: seededRandom(seed + 1),
      limits: { ...FEED_LIMITS, ...limits },
      report,
    })
  }

  async start(): Promise<this> {
    await this.dispatcher.start()
    await this.feeds.start({ deliver: (event) => this.#deliver(event) })
    return this
  }

  count(what: FeedCount): number {
    return this.counts.get(what) ?? 0
  }

  /** Comes, and sees everything after the cursor until it leaves. Rejects as `watch` and `enter` do, and is gone then. */
  async join(channelId: Id, cursor: number | null): Promise<FeedReader> {
    const reader = new FeedReader(channelId, cursor)
    await this.feeds.watch(channelId)
    try {
      await this.feeds.enter(channelId, cursor, (entered) => {
        reader.admit(entered, cursor)
        this.readers.add(reader)
      })
      return reader
    } catch (error) {
      this.feeds.unwatch(channelId)
      throw error
    }
  }

  leave(reader: FeedReader): void {
    if (this.readers.delete(reader)) this.feeds.unwatch(reader.channelId)
  }

  async stop(): Promise<void> {
    this.notes.stop()
    await this.feeds.stop()
    await this.dispatcher.stop()
  }

  #deliver(event: LogEvent): void {
    this.delivered.push(event)
    for (const reader of this.readers) if (reader.channelId === event.channelId) reader.see(event)
    this.onDeliver(event)
  }
}
