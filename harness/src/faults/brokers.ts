/** The real brokers that nodes can be put on, each on loopback, each to be taken away and given back. */
import { nats } from '../../../tests/services/nats.ts'
import { redis } from '../../../tests/services/redis.ts'
import { RedisCluster } from '../../../tests/services/redis-cluster.ts'

/** What carries frames between nodes. */
export interface Carrier {
  /** How a node finds it. */
  readonly env: Readonly<Record<string, string>>
  /** Takes all of its servers away, and gives them back; none where there is nothing to take. */
  readonly outage:
    | {
        /** Kills all of its servers. */
        cut(): Promise<void>
        /** Starts them again. */
        heal(): Promise<void>
      }
    | undefined
  stop(): Promise<void>
}

const CARRIERS = {
  none: async () => ({ env: {}, outage: undefined, stop: async () => {} }),
  redis: async () => {
    const server = await redis.start()
    return carrier({ REDIS_URL: server.url }, [server])
  },
  'redis-cluster': async () => {
    const cluster = await RedisCluster.start()
    const hosts = cluster.urls.map((url) => new URL(url).host)
    return carrier({ REDIS_URL: `redis+cluster://${hosts.join()}` }, [cluster])
  },
  'redis-partitions': async () => {
    const servers = await Promise.all([redis.start(), redis.start()])
    return carrier({ REDIS_URL: servers.map(({ url }) => url).join() }, servers)
  },
  nats: async () => {
    const server = await nats.start()
    return carrier({ NATS_URL: server.url }, [server])
  },
} as const satisfies Readonly<Record<string, () => Promise<Carrier>>>

export type BrokerName = keyof typeof CARRIERS

export const BROKERS = Object.keys(CARRIERS).filter((name): name is BrokerName => name in CARRIERS)

export function startCarrier(name: BrokerName): Promise<Carrier> {
  return CARRIERS[name]()
}

interface Server {
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

function carrier(env: Readonly<Record<string, string>>, servers: readonly Server[]): Carrier {
  const all = async (act: keyof Server) => {
    await Promise.all(servers.map((server) => server[act]()))
  }
  const outage = { cut: () => all('kill'), heal: () => all('restart') }
  return { env, outage, stop: () => all('stop') }
}
