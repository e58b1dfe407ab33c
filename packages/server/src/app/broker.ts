/** Makes the broker that the configuration names. Nothing is reached before it is started. */
import {
  type Broker,
  createPartitionedBroker,
  createRedisBroker,
  createRedisClusterBroker,
  MemoryHub,
} from '@madang/fanout'
import { createIpcBroker } from '@madang/fanout/ipc'
import { createNatsBroker } from '@madang/fanout/nats'
import { ioredis, ioredisCluster } from '@madang/fanout/redis/ioredis'
import type { RedisPlace } from '../config/broker-places.ts'
import type { BrokerConfig } from '../config.ts'

export function createBroker(config: BrokerConfig): Broker {
  switch (config.kind) {
    case 'none':
      return new MemoryHub().newBroker()
    case 'ipc':
      return createIpcBroker({ path: config.path })
    case 'nats':
      return createNatsBroker({ servers: config.servers, prefix: config.prefix })
    case 'redis': {
      const parts = config.places.map((place) => ({
        name: nameOf(place),
        broker: redisBroker(place, `${config.prefix}:`),
      }))
      const [only] = parts
      return parts.length === 1 && only ? only.broker : createPartitionedBroker(parts)
    }
  }
}

function redisBroker(place: RedisPlace, prefix: string): Broker {
  switch (place.kind) {
    case 'server':
      return createRedisBroker({ driver: ioredis({ url: place.url }), prefix })
    case 'cluster': {
      const [first = ''] = place.urls
      const driver = ioredisCluster(place.urls, { ...accessOf(first), tls: isTls(first) })
      return createRedisClusterBroker({ driver, prefix })
    }
    case 'sentinel': {
      const { sentinels, name, url } = place
      return createRedisBroker({ driver: ioredis({ sentinels, name, ...accessOf(url) }), prefix })
    }
  }
}

/** What decides the topics of a partition: its address, so that every node with the same list agrees, and no password. */
function nameOf(place: RedisPlace): string {
  if (place.kind === 'sentinel') return place.name
  const urls = place.kind === 'cluster' ? place.urls : [place.url]
  return urls.map((url) => new URL(url).host).join('+')
}

function accessOf(url: string): { username?: string; password?: string } {
  const { username, password } = new URL(url)
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  }
}

const isTls = (url: string): boolean => url.startsWith('rediss:')
