/** The public door: rooms across nodes. */
export type { Broker, BrokerHealth, BrokerListener, Frame, Topic } from './broker.ts'
export { MemoryHub, type MemoryHubOptions } from './brokers/memory.ts'
export {
  type BrokerPart,
  createPartitionedBroker,
  type PartitionedOptions,
} from './brokers/partitioned.ts'
export { createRedisBroker } from './brokers/redis.ts'
export { createRedisClusterBroker } from './brokers/redis-cluster.ts'
export { type Clock, systemClock, type Timer } from './clock.ts'
export { createDelivery, type DeliveryOptions } from './delivery/delivery.ts'
export { cutOff } from './delivery/engine.ts'
export type {
  DeliverOptions,
  DeliveryLimits,
  DeliveryListener,
  RoomDelivery,
} from './delivery/room-delivery.ts'
export type { RedisBroker, RedisBrokerOptions } from './redis/broker.ts'
export type { RedisAddress, RedisDriver } from './redis/driver.ts'
export { REDIS_LIMITS, type RedisLimits } from './redis/limits.ts'
