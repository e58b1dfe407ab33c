import { after, before, describe } from 'node:test'
import { need, type Running } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { tell } from '../../../../tests/services/redis-talk.ts'
import { brokerCases } from '../broker.case.ts'
import { type BrokerFaults, brokerFaultCases, type FaultyCluster } from '../broker-faults.case.ts'
import type { RedisBroker } from '../redis/broker.ts'
import { channelOf } from '../redis/channel.ts'
import { ioredis } from '../redis/ioredis.ts'
import { nodeRedis } from '../redis/node-redis.ts'
import { freezing, killing } from '../testing/strikes.ts'
import { WatchedDriver } from '../testing/watched-driver.ts'
import { createRedisBroker } from './redis.ts'

const { skip: missing } = await need(redis)

/** Generous: no frame is lost because a machine is slow. */
const LIMITS = { replyMsMax: 60_000, queueFramesMax: 10_000, ageMsMax: 60_000 }
/** A server that stands still is noticed soon. */
const HASTY = { heartbeatMs: 300, replyMsMax: 1_500 }
const BOUNDS = { queueFramesMax: 50, queueBytesMax: 10_000, ageMsMax: 300 }
const NO_CLUSTER = 'one server has no replicas and no slots'

for (const driverOf of [ioredis, nodeRedis]) {
  describe(`a server and ${driverOf.name}`, () => {
    let server: Running
    let cases = 0
    before(async () => {
      if (!missing) server = await redis.start()
    })
    after(() => server?.stop())

    const newCluster = async (): Promise<FaultyCluster> => {
      const driver = new WatchedDriver(driverOf({ url: server.url }))
      const prefix = `case ${cases++}:`
      return {
        frameBytesMax: 1_048_576,
        newBroker: () => createRedisBroker({ driver, prefix, limits: LIMITS }),
        topics: () => channelsOf(server),
        outage: {
          cut: () => server.kill(),
          heal: () => server.restart(),
          queueFramesMax: LIMITS.queueFramesMax,
        },
        faults: faultsOf(server, driver, prefix),
        stop: async () => {},
      }
    }
    const name = `redis by ${driverOf.name}`
    brokerCases({ name, missing, newCluster })
    brokerFaultCases({
      name,
      missing,
      newCluster,
      skip: {
        'a replica takes over in agreement': NO_CLUSTER,
        'a master is killed and its replica takes over': NO_CLUSTER,
        'topics move to another server': NO_CLUSTER,
      },
    })
  })
}

/** How many channels the server holds. */
async function channelsOf({ port }: Running): Promise<number> {
  return Number(/pubsub_channels:(\d+)/.exec(await tell(port, 'INFO stats'))?.[1])
}

function faultsOf(server: Running, driver: WatchedDriver, prefix: string): BrokerFaults {
  return {
    kill: killing(server),
    freeze: {
      newBroker: () => createRedisBroker({ driver, prefix, limits: HASTY }),
      strike: freezing(server, () => driver.deaf()),
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
        await tell(server.port, ['PUBLISH', channelOf(prefix, topic), frame])
      },
      malformedFrames: (broker) => (broker as RedisBroker).malformedFrames,
    },
    bounded: {
      ...BOUNDS,
      newBroker: () => createRedisBroker({ driver, prefix, limits: { ...LIMITS, ...BOUNDS } }),
    },
  }
}
