import { need, type Running } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { tell } from '../../../../tests/services/redis-talk.ts'
import { brokerFaultCases, type FaultyCluster } from '../broker-faults.case.ts'
import type { RedisBroker } from '../redis/broker.ts'
import { channelOf } from '../redis/channel.ts'
import type { RedisDriver, RedisServer } from '../redis/driver.ts'
import { ioredis } from '../redis/ioredis.ts'
import { nodeRedis } from '../redis/node-redis.ts'
import { createRedisBroker } from './redis.ts'

const { skip: missing } = await need(redis)

/** A server that stands still is noticed soon. */
const LIMITS = { heartbeatMs: 300, replyMsMax: 2_000 }
const BOUNDS = { queueFramesMax: 50, queueBytesMax: 10_000, ageMsMax: 300 }
const NO_CLUSTER = 'one server has no replicas and no slots'

for (const driverOf of [ioredis, nodeRedis]) {
  brokerFaultCases({
    name: `redis by ${driverOf.name}`,
    missing,
    skip: {
      'a replica takes over in agreement': NO_CLUSTER,
      'a master is killed and its replica takes over': NO_CLUSTER,
      'topics move to another server': NO_CLUSTER,
    },
    newCluster: () => newCluster(driverOf),
  })
}

async function newCluster(driverOf: (server: RedisServer) => RedisDriver): Promise<FaultyCluster> {
  const server = await redis.start()
  const driver = driverOf({ url: server.url })
  return {
    frameBytesMax: 1_048_576,
    newBroker: () => createRedisBroker({ driver, limits: LIMITS }),
    outage: { cut: () => server.kill(), heal: () => server.restart(), queueFramesMax: 10_000 },
    faults: faultsOf(server, driver),
    stop: () => server.stop(),
  }
}

function faultsOf(server: Running, driver: RedisDriver): FaultyCluster['faults'] {
  return {
    async kill({ noticed }) {
      await Promise.all([noticed(), server.kill()])
      await server.restart()
      return undefined
    },
    async freeze({ noticed }) {
      process.kill(server.pid, 'SIGSTOP')
      await noticed().finally(() => process.kill(server.pid, 'SIGCONT'))
      return undefined
    },
    async cut({ noticed, listeners }) {
      await Promise.all([noticed(listeners), tell(server.port, 'CLIENT KILL TYPE pubsub')])
      return undefined
    },
    async slow(node, [topic = ''], speaker) {
      await tell(server.port, 'CONFIG SET client-output-buffer-limit "pubsub 100kb 0 0"')
      const gaps = node.heard.gaps.length
      speaker.broker.publish(topic, Buffer.alloc(500_000))
      await node.heard.until('the cut is told', () => node.heard.gaps.length > gaps)
      await tell(server.port, 'CONFIG SET client-output-buffer-limit "pubsub 32mb 8mb 60"')
    },
    stranger: {
      async say(topic, frame) {
        await tell(server.port, ['PUBLISH', channelOf('madang:', topic), frame])
      },
      malformedFrames: (broker) => (broker as RedisBroker).malformedFrames,
    },
    bounded: {
      ...BOUNDS,
      newBroker: () => createRedisBroker({ driver, limits: { ...LIMITS, ...BOUNDS } }),
    },
  }
}
