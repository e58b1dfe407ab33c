import { after, before, describe } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { MASTER_NAME, RedisSentinel } from '../../../../tests/services/redis-sentinel.ts'
import { brokerFaultCases } from '../broker-faults.case.ts'
import { ioredis } from '../redis/ioredis.ts'
import { nodeRedis } from '../redis/node-redis.ts'
import { createRedisBroker } from './redis.ts'

const { skip: missing } = await need(redis)

const ONE_SERVER = 'struck where there is one server, which is not different behind a sentinel'

for (const driverOf of [ioredis, nodeRedis]) {
  describe(`a sentinel and ${driverOf.name}`, () => {
    let servers: RedisSentinel
    before(async () => {
      if (!missing) servers = await RedisSentinel.start()
    })
    after(() => servers?.stop())
    brokerFaultCases({
      name: `redis behind a sentinel by ${driverOf.name}`,
      missing,
      skip: {
        'a server dies and comes back': ONE_SERVER,
        'a server freezes and goes on': ONE_SERVER,
        'the connections that listen are cut': ONE_SERVER,
        'a replica takes over in agreement':
          'the old master is told after ten seconds; open.test.ts shows that its role is looked at',
        'topics move to another server': 'a master and its replica have no slots',
        'frames of a stranger are counted and dropped': ONE_SERVER,
        'a node that reads too slowly is cut, is told, and lives again': ONE_SERVER,
        'what waits for a server is bounded in frames and bytes': ONE_SERVER,
        'what has waited too long is dropped instead of sent': ONE_SERVER,
      },
      async newCluster() {
        const { host, port } = servers.sentinel
        // The first sentinel is one that nobody runs: the next one is asked.
        const sentinels = [
          { host, port: 1 },
          { host, port },
        ]
        const driver = driverOf({ sentinels, name: MASTER_NAME })
        return {
          frameBytesMax: 1_048_576,
          newBroker: () => createRedisBroker({ driver, limits: { heartbeatMs: 300 } }),
          faults: {
            async killMaster() {
              await servers.killMaster()
              return undefined
            },
          },
          stop: async () => {},
        }
      },
    })
  })
}
