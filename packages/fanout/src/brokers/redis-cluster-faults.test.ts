import { after, before } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { type ClusterNode, RedisCluster } from '../../../../tests/services/redis-cluster.ts'
import { tell } from '../../../../tests/services/redis-talk.ts'
import { type BrokerFaults, brokerFaultCases } from '../broker-faults.case.ts'
import type { RedisBroker } from '../redis/broker.ts'
import { channelOf } from '../redis/channel.ts'
import { ioredisCluster } from '../redis/ioredis.ts'
import { nodeRedisCluster } from '../redis/node-redis.ts'
import { slotOf } from '../redis/slot.ts'
import { createRedisClusterBroker } from './redis-cluster.ts'

const { skip: missing } = await need(redis)

/** A server that stands still is noticed soon. */
const LIMITS = { heartbeatMs: 300, replyMsMax: 2_000 }
const SAME_OUTBOX = 'the outbox is that of one server, which is back sooner than a cluster'

for (const driverOf of [ioredisCluster, nodeRedisCluster]) {
  let cluster: RedisCluster
  let cases = 0
  brokerFaultCases({
    name: `redis-cluster by ${driverOf.name}`,
    missing,
    skip: {
      'what waits for a server is bounded in frames and bytes': SAME_OUTBOX,
      'what has waited too long is dropped instead of sent': SAME_OUTBOX,
    },
    around() {
      before(async () => {
        cluster = await RedisCluster.start()
      })
      after(() => cluster.stop())
    },
    async newCluster() {
      const driver = driverOf(cluster.urls)
      const prefix = `case ${cases++}:`
      return {
        frameBytesMax: 1_048_576,
        newBroker: () => createRedisClusterBroker({ driver, prefix, limits: LIMITS }),
        faults: faultsOf(cluster, (topic) => channelOf(prefix, topic)),
        stop: async () => {},
      }
    },
  })
}

function faultsOf(cluster: RedisCluster, channelFor: (topic: string) => string): BrokerFaults {
  const slotFor = (topic: string) => slotOf(channelFor(topic))
  const firstMaster = async ([topic = '']: readonly string[]) => cluster.masterOf(slotFor(topic))
  /** The topics that a master serves. */
  const topicsAt = async (master: ClusterNode, topics: readonly string[]) => {
    const owners = await Promise.all(topics.map((topic) => cluster.masterOf(slotFor(topic))))
    return topics.filter((_, i) => owners[i] === master)
  }
  return {
    async kill({ noticed }) {
      await Promise.all([noticed(), cluster.kill()])
      await cluster.restart()
      return undefined
    },
    async freeze({ topics, noticed }) {
      const master = await firstMaster(topics)
      const hurt = await topicsAt(master, topics)
      process.kill(master.server.pid, 'SIGSTOP')
      await noticed().finally(() => process.kill(master.server.pid, 'SIGCONT'))
      await cluster.waitReady()
      return hurt
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
