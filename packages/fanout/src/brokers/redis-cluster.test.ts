import { after, before } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { RedisCluster } from '../../../../tests/services/redis-cluster.ts'
import { tell } from '../../../../tests/services/redis-talk.ts'
import { brokerCases } from '../broker.case.ts'
import { ioredisCluster } from '../redis/ioredis.ts'
import { nodeRedisCluster } from '../redis/node-redis.ts'
import { createRedisClusterBroker } from './redis-cluster.ts'

const { skip: missing } = await need(redis)

const LIMITS = { queueFramesMax: 10_000, ageMsMax: 60_000 }

for (const driverOf of [ioredisCluster, nodeRedisCluster]) {
  let cluster: RedisCluster
  let cases = 0
  brokerCases({
    name: `redis-cluster by ${driverOf.name}`,
    missing,
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
        topics: () => channelsOf(cluster),
        outage: {
          cut: () => cluster.kill(),
          heal: () => cluster.restart(),
          queueFramesMax: LIMITS.queueFramesMax,
        },
        stop: async () => {},
      }
    },
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
