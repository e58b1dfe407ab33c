import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brokerCases } from '../broker.case.ts'
import type { Broker } from '../broker.ts'
import { hears, type Node, say } from '../testing/ground.ts'
import { Recorder } from '../testing/recorder.ts'
import { MemoryHub } from './memory.ts'
import { createPartitionedBroker, type PartitionedOptions } from './partitioned.ts'

const NAMES = ['north', 'south', 'west']

brokerCases({
  name: 'partitioned',
  async newCluster() {
    const ground = new Hubs()
    return {
      frameBytesMax: ground.hubs[0]?.frameBytesMax ?? 0,
      newBroker: () => ground.newBroker(),
      topics: async () => ground.hubs.reduce((sum, hub) => sum + hub.topics, 0),
      outage: {
        cut: async () => ground.hubs.forEach((hub) => void hub.cut()),
        heal: async () => ground.hubs.forEach((hub) => void hub.heal()),
        queueFramesMax: ground.hubs[0]?.queueFramesMax ?? 0,
      },
      stop: async () => {},
    }
  },
})

/** Hubs of memory brokers, one per part. */
class Hubs {
  readonly hubs = NAMES.map(() => new MemoryHub({ frameBytesMax: 1_000_000, queueFramesMax: 500 }))

  newBroker(options?: PartitionedOptions): Broker {
    const parts = this.hubs.map((hub, i) => ({ name: NAMES[i] ?? '', broker: hub.newBroker() }))
    return createPartitionedBroker(parts, options)
  }

  async node(options?: PartitionedOptions): Promise<Node> {
    const node = { broker: this.newBroker(options), heard: new Recorder() }
    await node.broker.start(node.heard)
    return node
  }

  /** Topics that live on the hub, found by asking which hub holds them. */
  async topicsOn(hub: MemoryHub, count: number): Promise<readonly string[]> {
    const scout = await this.node()
    const found: string[] = []
    for (let i = 0; found.length < count; i++) {
      await scout.broker.subscribe(`topic ${i}`)
      if (hub.topics === 1) found.push(`topic ${i}`)
      await scout.broker.unsubscribe(`topic ${i}`)
    }
    await scout.broker.stop()
    return found
  }
}

async function scene(options?: PartitionedOptions) {
  const ground = new Hubs()
  const [north, south] = ground.hubs
  assert.ok(north && south)
  const [northern, southern] = [await ground.topicsOn(north, 3), await ground.topicsOn(south, 3)]
  const [a, b] = [await ground.node(options), await ground.node(options)]
  for (const topic of [...northern, ...southern]) await a.broker.subscribe(topic)
  const end = async () => {
    await a.broker.stop()
    await b.broker.stop()
  }
  return { north, south, northern, southern, a, b, end }
}

describe('a part that is away', () => {
  it('takes only its own topics with it', async () => {
    const { north, northern, southern, a, b, end } = await scene()
    north.cut()
    await a.heard.until('it is told', () => a.heard.healths.length === 2)
    for (const topic of [...northern, ...southern]) say(b, topic, 'meanwhile')
    for (const topic of southern) await hears(a, topic, 'meanwhile')
    for (const topic of northern) assert.deepEqual(a.heard.texts(topic), [])
    assert.deepEqual(a.heard.gaps, [])
    north.heal()
    for (const topic of northern) await hears(a, topic, 'meanwhile')
    await end()
  })

  it('is named, beside the others that are away', async () => {
    const { north, south, a, end } = await scene()
    const [first] = a.heard.healths
    assert.deepEqual(first, { connected: true, detail: 'all 3 parts' })
    const steps: [() => void, boolean, RegExp][] = [
      [() => north.cut(), false, /^1 of 3 parts away: north: the hub is cut$/],
      [() => south.cut(), false, /^2 of 3 .*north: .*; south: /],
      [() => north.heal(), false, /^1 of 3 .*: south: /],
      [() => south.heal(), true, /^all 3 parts$/],
    ]
    for (const [i, [step, connected, detail]] of steps.entries()) {
      step()
      await a.heard.until('it is told', () => a.heard.healths.length === i + 2)
      assert.equal(a.heard.healths.at(-1)?.connected, connected)
      assert.match(a.heard.healths.at(-1)?.detail ?? '', detail)
    }
    await end()
  })

  it('tells a gap for each topic that is subscribed there', async () => {
    const { north, northern, a, end } = await scene()
    const [left = '', ...stays] = northern
    await a.broker.unsubscribe(left)
    north.cut()
    north.heal()
    await a.heard.until('it is told', () => a.heard.gaps.length >= stays.length)
    assert.deepEqual(a.heard.gaps, stays)
    await end()
  })

  it('tells one gap without a topic where naming each would cost more', async () => {
    const { north, a, end } = await scene({ gapTopicsMax: 2 })
    north.cut()
    north.heal()
    await a.heard.until('it is told', () => a.heard.gaps.length > 0)
    assert.deepEqual(a.heard.gaps, [undefined])
    await end()
  })

  it('tells every topic even where the listener throws or unsubscribes at the first', async () => {
    const { north, northern, a, end } = await scene()
    const [first = '', second = '', third = ''] = northern
    const told: (string | undefined)[] = []
    a.heard.onGap = (topic) => {
      told.push(topic)
      if (topic === first) void a.broker.unsubscribe(second)
      if (told.length === 1) throw new Error('a listener that throws, on purpose')
    }
    north.cut()
    north.heal()
    await a.heard.until('it is back', () => a.heard.healths.at(-1)?.connected === true)
    await a.broker.subscribe('later')
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(told, [first, third])
    await end()
  })
})

describe('a partitioned broker', () => {
  it('sums what its parts dropped', async () => {
    const { northern, southern, b, end } = await scene()
    const huge = Buffer.alloc(1_000_001)
    for (const topic of [...northern, ...southern]) {
      assert.equal(b.broker.publish(topic, huge), false)
    }
    assert.equal(b.broker.droppedFrames, 6)
    await end()
  })

  it('refuses a list that no two nodes could agree on', () => {
    const broker = new MemoryHub().newBroker()
    assert.throws(() => createPartitionedBroker([]), /at least one part/)
    const twice = [
      { name: 'x', broker },
      { name: 'x', broker },
    ]
    assert.throws(() => createPartitionedBroker(twice), /two parts have the name "x"/)
  })
})
