/** The broker over one Redis server, or over the master that sentinels know: plain pub/sub. */
import { type RedisBroker, type RedisBrokerOptions, RoutedBroker } from '../redis/broker.ts'
import { OneServer } from '../redis/one-server.ts'

export function createRedisBroker(options: RedisBrokerOptions): RedisBroker {
  return new RoutedBroker(options, new OneServer(options.driver))
}
