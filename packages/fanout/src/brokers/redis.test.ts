import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { brokerCases } from '../broker.case.ts'
import type { RedisDriver } from '../redis/driver.ts'
import { ioredis } from '../redis/ioredis.ts'
import { nodeRedis } from '../redis/node-redis.ts'
import { createRedisBroker } from './redis.ts'

const { skip: missing } = await need(redis)

const LIMITS = { queueFramesMax: 10_000, ageMsMax: 60_000 }

for (const driverOf of [ioredis, nodeRedis]) {
  brokerCases({
    name: `redis by ${driverOf.name}`,
    missing,
    async newCluster() {
      const server = await redis.start()
      const driver = driverOf({ url: server.url })
      return {
        frameBytesMax: 1_048_576,
        newBroker: () => createRedisBroker({ driver, limits: LIMITS }),
        topics: () => channelsOf(driver),
        outage: {
          cut: () => server.kill(),
          heal: () => server.restart(),
          queueFramesMax: LIMITS.queueFramesMax,
        },
        stop: () => server.stop(),
      }
    },
  })
}

/** How many channels the server holds. */
async function channelsOf(driver: RedisDriver): Promise<number> {
  const events = { onFrame() {}, onUnsubscribed() {}, onClosed() {} }
  const { signal } = new AbortController()
  const connection = await driver.open({ address: undefined, sharded: false, events, signal })
  const channels = await connection.command(['PUBSUB', 'CHANNELS'])
  connection.close()
  if (!Array.isArray(channels)) throw new Error(`${channels} are no channels`)
  return channels.length
}
