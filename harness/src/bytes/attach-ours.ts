/** Our adapter over each of our brokers, wired as the package's README says. */
import {
  type Broker,
  createAdapter,
  createPartitionedBroker,
  createRedisBroker,
  createRedisClusterBroker,
} from '@madang/fanout'
import { ioredis, ioredisCluster } from '@madang/fanout/redis/ioredis'
import { nodeRedisCluster } from '@madang/fanout/redis/node-redis'
import type { OurKind } from './candidates.ts'
import type { Link } from './wiring.ts'

type Urls = readonly string[]

const redisBroker = (url = ''): Broker => createRedisBroker({ driver: ioredis({ url }) })

const BROKERS: Readonly<Record<OurKind, (urls: Urls) => Broker>> = {
  'ours-redis': ([url]) => redisBroker(url),
  'ours-cluster-ioredis': (urls) => createRedisClusterBroker({ driver: ioredisCluster(urls) }),
  'ours-cluster-node-redis': (urls) => createRedisClusterBroker({ driver: nodeRedisCluster(urls) }),
  'ours-partitioned': (urls) =>
    createPartitionedBroker(
      urls.map((url, index) => ({ name: `part-${index}`, broker: redisBroker(url) })),
    ),
}

/** `heartbeatMs`: of the adapter; its default where it is not given. */
export function attachOurs(kind: OurKind, urls: Urls, heartbeatMs?: number): Link {
  const beat =
    heartbeatMs === undefined ? {} : { heartbeatMs, deadAfterMs: Math.max(8_000, 3 * heartbeatMs) }
  return {
    adapter: createAdapter(BROKERS[kind](urls), beat),
    // The adapter stops its broker with the last namespace.
    async stop() {},
  }
}
