/** What a broker over a network must survive: the faults that its servers and connections really have. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Broker, Topic } from './broker.ts'
import { assertGapTold, assertInOrder, Chatter } from './testing/chatter.ts'
import { type BrokerCluster, bytes, Ground, hears, type Node, say } from './testing/ground.ts'

/** Does its harm and resolves when the servers are well again: to the topics whose subscriptions were surely lost, or to nothing where all were. */
export type Strike = (scene: Scene) => Promise<readonly Topic[] | undefined>

export interface Scene {
  readonly topics: readonly Topic[]
  /** The nodes that subscribe. */
  readonly listeners: readonly Node[]
  /** Resolves when these nodes (all, unless given) have told from this call on that the server is away. */
  noticed(nodes?: readonly Node[]): Promise<void>
}

/** What can be done to the servers of a broker. What cannot is named in `skip`. */
export interface BrokerFaults {
  /** The server dies and is started again. */
  readonly kill?: Strike
  /** The server stands still, its connections open, and goes on. The brokers are ones that lose patience soon. */
  readonly freeze?: { readonly strike: Strike; newBroker(): Broker }
  /** The server lives and cuts the connections that listen. */
  readonly cut?: Strike
  /** A replica becomes the master, in agreement. */
  readonly failover?: Strike
  /** A master dies, its replica takes over, and it comes back. */
  readonly killMaster?: Strike
  /** Some topics move to another server. */
  readonly move?: Strike
  /** The server cuts a node for reading too slowly. */
  readonly slow?: (node: Node, topics: readonly Topic[], speaker: Node) => Promise<void>
  readonly stranger?: {
    /** Publishes as somebody who is no node of ours. */
    say(topic: Topic, frame: Uint8Array): Promise<void>
    malformedFrames(broker: Broker): number
  }
  /** A broker with small bounds; needs `outage`. */
  readonly bounded?: {
    newBroker(): Broker
    readonly queueFramesMax: number
    readonly queueBytesMax: number
    readonly ageMsMax: number
  }
}

export interface FaultyCluster extends BrokerCluster {
  readonly faults: BrokerFaults
}

export interface BrokerFaultCasesOptions {
  readonly name: string
  newCluster(): Promise<FaultyCluster>
  /** Cases that this broker's servers cannot have, with the reason. */
  readonly skip?: Partial<Record<BrokerFaultCaseName, string>>
  readonly missing?: string | false
}

const TOPICS = Array.from({ length: 60 }, (_, i) => `topic ${i}`)

/** Two nodes listen, a third one counts aloud, and the strike falls: everything lives again, what was lost is told, nothing comes twice. */
async function survives(
  ground: Ground,
  t: TestContext,
  strike: Strike | undefined,
  newBroker = () => ground.cluster.newBroker(),
) {
  assert.ok(strike, 'this cannot be done here: name the case in `skip`, with the reason')
  const listeners = [await ground.nodeOf(newBroker()), await ground.nodeOf(newBroker())]
  const speaker = await ground.nodeOf(newBroker())
  for (const { broker } of listeners) {
    await Promise.all(TOPICS.map((topic) => broker.subscribe(topic)))
  }
  const chatter = new Chatter(speaker, TOPICS)
  chatter.start()
  try {
    await chatter.heardBy(listeners)
    const froms = listeners.map(({ heard }) => heard.log.length)
    const since = performance.now()
    const scene = { topics: TOPICS, listeners, noticed: (nodes = ground.all) => noticed(nodes) }
    const hurt = (await strike(scene)) ?? TOPICS
    const well = performance.now()
    const mark = chatter.count
    await chatter.heardBy(listeners)
    const now = performance.now()
    t.diagnostic(`struck for ${ms(well - since)}, all topics live ${ms(now - well)} after that`)
    for (const [i, node] of listeners.entries()) {
      assertInOrder(node, TOPICS)
      assertGapTold(node, hurt, froms[i] ?? 0, mark)
    }
    await Promise.all(
      [...listeners, speaker].map(({ heard }) =>
        heard.until('the end of it is told', () => heard.healths.at(-1)?.connected === true),
      ),
    )
  } finally {
    await chatter.stop()
  }
}

const ms = (time: number): string => `${Math.round(time)} ms`

async function noticed(nodes: readonly Node[]): Promise<void> {
  const outages = ({ heard }: Node) => heard.healths.filter(({ connected }) => !connected).length
  await Promise.all(
    nodes.map((node) => {
      const before = outages(node)
      return node.heard.until('the outage is told', () => outages(node) > before)
    }),
  )
}

const cases = {
  'a server dies and comes back': (ground: Ground, t: TestContext, { kill }: BrokerFaults) =>
    survives(ground, t, kill),

  'a server freezes and goes on': (ground: Ground, t: TestContext, { freeze }: BrokerFaults) =>
    survives(ground, t, freeze?.strike, freeze?.newBroker),

  'the connections that listen are cut': (ground: Ground, t: TestContext, { cut }: BrokerFaults) =>
    survives(ground, t, cut),

  'a replica takes over in agreement': (
    ground: Ground,
    t: TestContext,
    { failover }: BrokerFaults,
  ) => survives(ground, t, failover),

  'a master is killed and its replica takes over': (
    ground: Ground,
    t: TestContext,
    { killMaster }: BrokerFaults,
  ) => survives(ground, t, killMaster),

  'topics move to another server': (ground: Ground, t: TestContext, { move }: BrokerFaults) =>
    survives(ground, t, move),

  async 'topics that leave and come back within one round trip are not deaf'(ground: Ground) {
    const [a, b] = await ground.nodes()
    const topics = Array.from({ length: 200 }, (_, i) => `again ${i}`)
    await Promise.all(topics.map((topic) => a.broker.subscribe(topic)))
    const calls = topics.map(async (topic, i) => {
      void a.broker.unsubscribe(topic)
      if (i % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (i % 3 === 0) {
        void a.broker.subscribe(topic)
        void a.broker.unsubscribe(topic)
      }
      await a.broker.subscribe(topic)
    })
    await Promise.all(calls)
    for (const topic of topics) say(b, topic, 'heard')
    for (const topic of topics) await hears(a, topic, 'heard')
    assert.equal(a.heard.frames.length, topics.length)
  },

  async 'frames of a stranger are counted and dropped'(
    ground: Ground,
    _: TestContext,
    { stranger }: BrokerFaults,
  ) {
    assert.ok(stranger)
    const [a, b] = await ground.nodes()
    await a.broker.subscribe('t')
    const frames = [
      Buffer.alloc(0),
      Buffer.alloc(1),
      bytes('{"type":3,"data":{}}'),
      Buffer.alloc(9, 0xff),
      Buffer.alloc(100, 0xc1),
    ]
    for (const frame of frames) await stranger.say('t', frame)
    say(b, 't', 'ours')
    await hears(a, 't', 'ours')
    assert.deepEqual(a.heard.texts('t'), ['ours'])
    assert.equal(stranger.malformedFrames(a.broker), frames.length)
    assert.equal(a.heard.healths.length, 1)
  },

  async 'a node that reads too slowly is cut, is told, and lives again'(
    ground: Ground,
    t: TestContext,
    { slow }: BrokerFaults,
  ) {
    assert.ok(slow)
    const [a, b] = await ground.nodes()
    await Promise.all(TOPICS.map((topic) => a.broker.subscribe(topic)))
    const chatter = new Chatter(b, TOPICS)
    chatter.start()
    try {
      await chatter.heardBy([a])
      const from = a.heard.log.length
      await slow(a, TOPICS, b)
      const mark = chatter.count
      const since = performance.now()
      await chatter.heardBy([a])
      t.diagnostic(`all topics live ${ms(performance.now() - since)} after that`)
      const hurt = TOPICS.filter((topic) =>
        a.heard.gaps.some((gap) => gap === undefined || gap === topic),
      )
      assert.ok(hurt.length > 0, 'no gap was told')
      assertGapTold(a, hurt, from, mark)
    } finally {
      await chatter.stop()
    }
  },

  async 'what waits for a server is bounded in frames and bytes'(
    ground: Ground,
    _: TestContext,
    { bounded }: BrokerFaults,
  ) {
    assert.ok(bounded)
    const a = await ground.nodeOf(bounded.newBroker())
    await away(ground, [a])
    for (let i = 0; i < bounded.queueFramesMax; i++) say(a, 't', 'x')
    assert.equal(a.broker.publish('t', bytes('one more')), false)
    assert.equal(a.broker.droppedFrames, 1)
    await ground.cluster.outage?.heal()
    await a.heard.until('it is back', () => a.heard.healths.at(-1)?.connected === true)
    await away(ground, [a])
    const half = Buffer.alloc(Math.ceil(bounded.queueBytesMax / 2) + 1)
    const dropped = a.broker.droppedFrames
    assert.equal(a.broker.publish('t', half), true)
    assert.equal(a.broker.publish('t', half), false)
    assert.equal(a.broker.droppedFrames, dropped + 1)
    await ground.cluster.outage?.heal()
  },

  async 'what has waited too long is dropped instead of sent'(
    ground: Ground,
    _: TestContext,
    { bounded }: BrokerFaults,
  ) {
    assert.ok(bounded)
    const a = await ground.nodeOf(bounded.newBroker())
    const b = await ground.node()
    await b.broker.subscribe('t')
    await away(ground, [a, b])
    say(a, 't', 'old')
    await wait(bounded.ageMsMax + 100)
    await ground.cluster.outage?.heal()
    for (const { heard } of [a, b]) {
      await heard.until('it is back', () => heard.healths.at(-1)?.connected === true)
    }
    await b.broker.subscribe('t')
    say(a, 't', 'new')
    await hears(b, 't', 'new')
    assert.deepEqual(b.heard.texts('t'), ['new'])
    assert.equal(a.broker.droppedFrames, 1)
  },
}

/** Cuts the server off, and waits until the nodes know. */
async function away({ cluster }: Ground, nodes: readonly Node[]): Promise<void> {
  assert.ok(cluster.outage, 'needs an outage')
  await cluster.outage.cut()
  for (const { heard } of nodes) {
    await heard.until('the outage is told', () => heard.healths.at(-1)?.connected === false)
  }
  // It is told when the first of a node's connections is gone; the others need a moment.
  await wait(50)
}

export type BrokerFaultCaseName = keyof typeof cases

/** Registers the suite. What a case leaves unhandled, a rejection or an exception, fails it. */
export function brokerFaultCases(options: BrokerFaultCasesOptions): void {
  const reasons = new Map(Object.entries(options.skip ?? {}))
  describe(`${options.name} survives`, () => {
    for (const [title, run] of Object.entries(cases)) {
      test(title, { skip: options.missing || (reasons.get(title) ?? false) }, async (t) => {
        const cluster = await options.newCluster()
        const ground = new Ground(cluster)
        try {
          await run(ground, t, cluster.faults)
        } finally {
          await ground.end()
        }
      })
    }
  })
}
