import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryHub } from '@madang/fanout'
import { FakeClock, type FaultRates, seededRandom } from '@madang/fanout/testing'
import fc from 'fast-check'
import { FEED_LIMITS, type FeedLimits } from './feed-limits.ts'
import { FeedNode, type FeedReader } from './testing/feed-node.ts'
import { idOf, ModelLog } from './testing/model-log.ts'

/** What one seed decides besides the order of things. */
interface Weather {
  readonly rates: FaultRates
  readonly limits: Partial<FeedLimits>
  /** How long the store takes at most, in ms. */
  readonly storeMsMax: number
  readonly outages: boolean
}

const channels = [idOf(1), idOf(2)]

/** Two nodes, two channels, and people who send, come, go and come back at random. */
class World {
  readonly clock = new FakeClock()
  readonly model = new ModelLog()
  readonly hub: MemoryHub
  readonly nodes: readonly FeedNode[]
  /** Everybody who was ever admitted, those who left included. */
  readonly admitted: FeedReader[] = []
  readonly #random: () => number
  readonly #weather: Weather

  constructor(seed: number, weather: Weather) {
    const { clock, model } = this
    this.#random = seededRandom(seed)
    this.#weather = weather
    this.hub = new MemoryHub({ defer: (run) => void clock.after(0, run) })
    this.nodes = [0, 1].map(
      (n) => new FeedNode({ ...weather, hub: this.hub, clock, model, seed: seed * 2 + n }),
    )
    model.latency = () =>
      new Promise((resolve) => void clock.after(this.#upTo(weather.storeMsMax), resolve))
  }

  async run(steps: number): Promise<void> {
    for (const node of this.nodes) await node.start()
    for (let i = 0; i < steps; i++) {
      this.#act()
      if (this.#random() < 0.6) await this.clock.run(this.#upTo(30))
    }
    await this.#calm()
    await this.#end()
  }

  #upTo(max: number): number {
    return Math.floor(this.#random() * (max + 1))
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.#upTo(list.length - 1)]
  }

  #act(): void {
    const node = this.#pick(this.nodes)
    const channel = this.#pick(channels)
    if (node === undefined || channel === undefined) return
    const chance = this.#random()
    if (chance < 0.5) this.#send(node, channel)
    else if (chance < 0.75) void this.#join(node, channel)
    else if (chance < 0.95) {
      const reader = this.#pick([...node.readers])
      if (reader !== undefined) node.leave(reader)
    } else if (this.#weather.outages) this.#fault(node)
  }

  /** The answer of the commit reaches the node some time after the commit, in the order of the commits of that node. */
  #send(node: FeedNode, channel: string): void {
    const count = 1 + this.#upTo(2)
    const events = Array.from({ length: count }, () => {
      const kind = this.#pick(['created', 'created', 'edited', 'deleted'] as const) ?? 'created'
      const target = 1 + this.#upTo(this.model.log(channel).length)
      return this.model.append(channel, kind === 'created' ? { kind } : { kind, target })
    })
    this.clock.after(2, () => node.feeds.accept(events))
  }

  async #join(node: FeedNode, channel: string): Promise<void> {
    const head = this.model.log(channel).length
    const cursor = this.#random() < 0.2 ? null : Math.max(0, head - this.#upTo(30))
    try {
      this.admitted.push(await node.join(channel, cursor))
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
    }
  }

  #fault(node: FeedNode): void {
    const forMs = this.#upTo(3_000)
    if (this.#random() < 0.5) {
      node.broker.cut()
      this.clock.after(forMs, () => node.broker.heal())
    } else {
      this.model.failing = true
      this.clock.after(forMs, () => {
        this.model.failing = false
      })
    }
  }

  async #calm(): Promise<void> {
    for (const node of this.nodes) node.broker.setRates({})
    await this.clock.run(5_000)
    await this.clock.run(FEED_LIMITS.compareIntervalMs * 1.3 + FEED_LIMITS.repairPauseMsMax * 2)
  }

  async #end(): Promise<void> {
    for (const node of this.nodes) {
      assert.equal(node.count('listener_threw'), 0, 'a reader saw a gap or an overlap')
      for (const reader of node.readers) {
        assert.equal(reader.at, this.model.log(reader.channelId).length, 'a reader is complete')
        node.leave(reader)
      }
    }
    await this.clock.run(1)
    for (const node of this.nodes) {
      assert.deepEqual(node.feeds.size(), { feeds: 0, pendingEvents: 0, tailEvents: 0 })
      assert.equal(node.dispatcher.topics, 0)
      await node.stop()
    }
    // The store may still be at work on a call that nobody waits for.
    await this.clock.run(this.#weather.storeMsMax)
    assert.deepEqual([this.hub.topics, this.clock.timers], [0, 0])
  }
}

async function holds(numRuns: number, weather: Weather): Promise<void> {
  let admitted = 0
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const world = new World(seed, weather)
      await world.run(40)
      admitted += world.admitted.length
    }),
    { numRuns },
  )
  assert.ok(admitted > numRuns, `${admitted} readers entered`)
}

// Small bounds, so that tails, pages and replays all come to their ends.
const limits = { tailEventsMax: 8, pageEventsMax: 6, replayEventsMax: 20, readAheadEvents: 2 }

test('sends that race readers leave no gap and no overlap on a broker that works', () =>
  holds(700, { rates: {}, limits, storeMsMax: 10, outages: false }))

test('nor where frames are lost, repeated, late and out of order', () =>
  holds(700, {
    rates: { drop: 0.2, duplicate: 0.2, delay: 0.3, reorder: 0.2 },
    limits,
    storeMsMax: 40,
    outages: false,
  }))

test('nor where broker and store go away and come back', () =>
  holds(700, {
    rates: { drop: 0.1, duplicate: 0.1, delay: 0.2, reorder: 0.1 },
    limits: { ...limits, feedPendingEventsMax: 6 },
    storeMsMax: 200,
    outages: true,
  }))
