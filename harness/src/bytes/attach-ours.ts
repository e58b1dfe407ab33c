/** Our adapter over each of our brokers, wired as the package's README says. A driver is loaded only where it is used. */
import {
  type Broker,
  createAdapter,
  createPartitionedBroker,
  createRedisBroker,
  createRedisClusterBroker,
} from '@madang/fanout'
import type { OurKind } from './candidates.ts'
import type { Link } from './wiring.ts'

type Urls = readonly string[]

const BROKERS: Readonly<Record<OurKind, (urls: Urls) => Promise<Broker>>> = {
  'ours-redis': ([url]) => redisBroker(url),
  async 'ours-cluster-ioredis'(urls) {
    const { ioredisCluster } = await import('@madang/fanout/redis/ioredis')
    return createRedisClusterBroker({ driver: ioredisCluster(urls) })
  },
  async 'ours-cluster-node-redis'(urls) {
    const { nodeRedisCluster } = await import('@madang/fanout/redis/node-redis')
    return createRedisClusterBroker({ driver: nodeRedisCluster(urls) })
  },
  async 'ours-partitioned'(urls) {
    const brokers = await Promise.all(urls.map(redisBroker))
    return createPartitionedBroker(
      brokers.map((broker, index) => ({ name: `part-${index}`, broker })),
    )
  },
  async 'ours-nats'(urls) {
    const { createNatsBroker } = await import('@madang/fanout/nats')
    return createNatsBroker({ servers: urls })
  },
}

async function redisBroker(url = ''): Promise<Broker> {
  const { ioredis } = await import('@madang/fanout/redis/ioredis')
  return createRedisBroker({ driver: ioredis({ url }) })
}

/** `heartbeatMs`: of the adapter; its default where it is not given. */
export async function attachOurs(kind: OurKind, urls: Urls, heartbeatMs?: number): Promise<Link> {
  const beat =
    heartbeatMs === undefined ? {} : { heartbeatMs, deadAfterMs: Math.max(8_000, 3 * heartbeatMs) }
  return {
    adapter: createAdapter(await BROKERS[kind](urls), beat),
    // The adapter stops its broker with the last namespace.
    async stop() {},
  }
}
