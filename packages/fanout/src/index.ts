/** The public door: rooms across nodes. */
export { createAdapter, type FanoutAdapter } from './adapter/create-adapter.ts'
export type { ExchangeCounters, ExchangeView } from './adapter/exchange.ts'
export type { AdapterEvent, AdapterOptions } from './adapter/options.ts'
export { IncompleteError } from './adapter/questions.ts'
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
export { cutOff } from './delivery/cut-off.ts'
export { createDelivery, type DeliveryOptions } from './delivery/delivery.ts'
export type {
  DeliverOptions,
  DeliveryLimits,
  DeliveryListener,
  RoomDelivery,
} from './delivery/room-delivery.ts'
export { slimConnections } from './delivery/slim.ts'
export {
  createWriter,
  type EncodedEvent,
  encodeEvent,
  eventFromFrame,
  type Meter,
  type PacketEncoder,
  type WriteOptions,
  type Writer,
  type WriterLimits,
  type WriterListener,
  type WriterOptions,
} from './delivery/writer.ts'
export type { RedisBroker, RedisBrokerOptions } from './redis/broker.ts'
export type { RedisAddress, RedisDriver } from './redis/driver.ts'
export { REDIS_LIMITS, type RedisLimits } from './redis/limits.ts'
