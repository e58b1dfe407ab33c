/** The broker over a Redis Cluster (7.0 or later): sharded pub/sub, so that a frame concerns the shard of its topic and nobody else. */
import { type RedisBroker, type RedisBrokerOptions, RoutedBroker } from '../redis/broker.ts'
import { Cluster } from '../redis/cluster.ts'

export function createRedisClusterBroker(options: RedisBrokerOptions): RedisBroker {
  return new RoutedBroker(options, new Cluster(options.driver))
}
