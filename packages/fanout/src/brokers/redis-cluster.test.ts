import { after, before, describe } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { type ClusterNode, RedisCluster } from '../../../../tests/services/redis-cluster.ts'
import { tell } from '../../../../tests/services/redis-talk.ts'
import { brokerCases } from '../broker.case.ts'
import { type BrokerFaults, brokerFaultCases, type FaultyCluster } from '../broker-faults.case.ts'
import type { RedisBroker } from '../redis/broker.ts'
import { channelOf } from '../redis/channel.ts'
import { ioredisCluster } from '../redis/ioredis.ts'
import type { RedisLimits } from '../redis/limits.ts'
import { nodeRedisCluster } from '../redis/node-redis.ts'
import { slotOf } from '../redis/slot.ts'
import { killing, standStill } from '../testing/strikes.ts'
import { WatchedDriver } from '../testing/watched-driver.ts'
import { createRedisClusterBroker } from './redis-cluster.ts'

const { skip: missing } = await need(redis)

/** Generous: no frame is lost because a machine is slow. */
const LIMITS = { replyMsMax: 60_000, queueFramesMax: 10_000, ageMsMax: 60_000 }
/** A server that stands still is noticed soon. */
const HASTY = { heartbeatMs: 300, replyMsMax: 1_500 }
const SAME_OUTBOX = 'the outbox is that of one server, which is back sooner than a cluster'

for (const driverOf of [ioredisCluster, nodeRedisCluster]) {
  // Dear to start: all cases share it, each with channels of its own.
  describe(`a cluster and ${driverOf.name}`, () => {
    let servers: RedisCluster
    let cases = 0
    before(async () => {
      if (!missing) servers = await RedisCluster.start()
    })
    after(() => servers?.stop())

    const newCluster = async (): Promise<FaultyCluster> => {
      const driver = new WatchedDriver(driverOf(servers.urls))
      const prefix = `case ${cases++}:`
      const newBroker = (limits: Partial<RedisLimits>) =>
        createRedisClusterBroker({ driver, prefix, limits })
      return {
        frameBytesMax: 1_048_576,
        newBroker: () => newBroker(LIMITS),
        topics: () => channelsOf(servers),
        outage: {
          cut: () => servers.kill(),
          heal: () => servers.restart(),
          queueFramesMax: LIMITS.queueFramesMax,
        },
        faults: faultsOf(servers, driver, newBroker, (topic) => channelOf(prefix, topic)),
        stop: async () => {},
      }
    }
    const name = `redis-cluster by ${driverOf.name}`
    brokerCases({ name, missing, newCluster })
    brokerFaultCases({
      name,
      missing,
      newCluster,
      skip: {
        'what waits for a server is bounded in frames and bytes': SAME_OUTBOX,
        'what has waited too long is dropped instead of sent': SAME_OUTBOX,
      },
    })
  })
}

/** How many shard channels the nodes hold. */
async function channelsOf(cluster: RedisCluster): Promise<number> {
  const counts = cluster.nodes.map(async ({ server }) => {
    const stats = await tell(server.port, 'INFO stats')
    return Number(/pubsubshard_channels:(\d+)/.exec(stats)?.[1])
  })
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

function faultsOf(
  cluster: RedisCluster,
  driver: WatchedDriver,
  newBroker: (limits: Partial<RedisLimits>) => RedisBroker,
  channelFor: (topic: string) => string,
): BrokerFaults {
  const slotFor = (topic: string) => slotOf(channelFor(topic))
  const firstMaster = async ([topic = '']: readonly string[]) => cluster.masterOf(slotFor(topic))
  /** The topics that a master serves. */
  const topicsAt = async (master: ClusterNode, topics: readonly string[]) => {
    const owners = await Promise.all(topics.map((topic) => cluster.masterOf(slotFor(topic))))
    return topics.filter((_, i) => owners[i] === master)
  }
  return {
    kill: killing(cluster),
    freeze: {
      newBroker: () => newBroker(HASTY),
      async strike(scene) {
        const master = await firstMaster(scene.topics)
        const hurt = await topicsAt(master, scene.topics)
        await standStill(master.server.pid, scene, () => driver.deaf(master.server.port))
        await cluster.waitReady()
        return hurt
      },
    },
    async cut({ topics, noticed, listeners }) {
      const master = await firstMaster(topics)
      const hurt = await topicsAt(master, topics)
      await Promise.all([noticed(listeners), tell(master.server.port, 'CLIENT KILL TYPE pubsub')])
      return hurt
    },
    async failover({ topics }) {
      const master = await firstMaster(topics)
      const hurt = await topicsAt(master, topics)
      await cluster.failover(master)
      await cluster.waitReady()
      return hurt
    },
    async killMaster({ topics }) {
      const master = await firstMaster(topics)
      const hurt = await topicsAt(master, topics)
      await cluster.killMaster(master)
      await cluster.restart()
      return hurt
    },
    async move({ topics }) {
      const moving = topics.slice(0, 5)
      for (const topic of moving) {
        const from = await cluster.masterOf(slotFor(topic))
        const to = (await cluster.masters()).find((master) => master !== from)
        if (to !== undefined) await cluster.moveSlot(slotFor(topic), to)
      }
      return moving
    },
    async slow(node, topics, speaker) {
      const [topic = ''] = topics
      const { server } = await firstMaster(topics)
      await tell(server.port, 'CONFIG SET client-output-buffer-limit "pubsub 100kb 0 0"')
      const gaps = node.heard.gaps.length
      speaker.broker.publish(topic, Buffer.alloc(500_000))
      await node.heard.until('the cut is told', () => node.heard.gaps.length > gaps)
      await tell(server.port, 'CONFIG SET client-output-buffer-limit "pubsub 32mb 8mb 60"')
    },
    stranger: {
      async say(topic, frame) {
        const { server } = await cluster.masterOf(slotFor(topic))
        await tell(server.port, ['SPUBLISH', channelFor(topic), frame])
      },
      malformedFrames: (broker) => (broker as RedisBroker).malformedFrames,
    },
  }
}
