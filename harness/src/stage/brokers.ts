/** The real brokers that nodes can be put on, each on loopback, each to be taken away and given back. */
import { randomBytes } from 'node:crypto'
import { nats } from '../../../tests/services/nats.ts'
import type { Running } from '../../../tests/services/part.ts'
import { redis } from '../../../tests/services/redis.ts'
import { RedisCluster } from '../../../tests/services/redis-cluster.ts'
import { freePort } from '../../../tests/services/server-process.ts'

/** What carries frames between nodes. */
export interface Carrier {
  readonly name: BrokerName
  /** How a node finds it. */
  readonly env: Readonly<Record<string, string>>
  /** Its servers, to be frozen or spoken to; none where there is no broker. A cluster's masters and replicas are in `cluster`. */
  readonly servers: readonly Running[]
  readonly cluster?: RedisCluster
  /** Kills all of its servers. */
  cut(): Promise<void>
  /** Starts them again. */
  heal(): Promise<void>
  stop(): Promise<void>
}

const MAKERS = {
  none: async () => carrier({}, []),
  redis: async (machine) => {
    if (machine !== undefined) return redisFor(machine)
    const server = await redis.start({ args: ['--enable-debug-command', 'local'] })
    return carrier({ REDIS_URL: server.url }, [server])
  },
  'redis-cluster': async () => {
    const cluster = await RedisCluster.start()
    const hosts = cluster.urls.map((url) => new URL(url).host)
    const env = { REDIS_URL: `redis+cluster://${hosts.join()}` }
    return { ...carrier(env, [cluster]), servers: [], cluster }
  },
  'redis-partitions': async () => {
    const servers = await Promise.all([redis.start(), redis.start()])
    return carrier({ REDIS_URL: servers.map(({ url }) => url).join() }, servers)
  },
  nats: async () => {
    const server = await nats.start()
    return carrier({ NATS_URL: server.url }, [server])
  },
  'nats-cluster': async () => {
    const routes = [await freePort(), await freePort()]
    const servers = await Promise.all(
      routes.map((port) => nats.start({ config: member(port, routes) })),
    )
    return carrier({ NATS_URL: servers.map(({ url }) => url).join() }, servers)
  },
} as const satisfies Readonly<Record<string, (machine?: string) => Promise<Omit<Carrier, 'name'>>>>

export type BrokerName = keyof typeof MAKERS

export const BROKERS = Object.keys(MAKERS).filter((name): name is BrokerName => name in MAKERS)

/** Those that hosts of their own can reach. */
const REACHABLE: readonly BrokerName[] = ['none', 'redis']

/** `machine`: the address at which hosts of their own find this machine; undefined: there are none. */
export async function startCarrier(name: BrokerName, machine?: string): Promise<Carrier> {
  if (machine !== undefined && !REACHABLE.includes(name))
    throw new Error(`${name} listens on loopback alone: hosts of their own do not reach it`)
  return { name, ...(await MAKERS[name](machine)) }
}

/** What listens elsewhere than on loopback lets nobody in who does not know the password. */
async function redisFor(machine: string) {
  const password = randomBytes(16).toString('hex')
  const server = await redis.start({
    args: ['--bind', '127.0.0.1', machine, '--requirepass', password],
  })
  const env = { REDIS_URL: `redis://:${password}@${machine}:${server.port}` }
  return carrier(env, [server])
}

/** One of a cluster, which lets a connection go every second or so when it is asked to end. */
const member = (port: number, routes: readonly number[]): string => `
  cluster {
    name: stage
    listen: "127.0.0.1:${port}"
    routes: [${routes.map((route) => `"nats://127.0.0.1:${route}"`).join()}]
  }
  lame_duck_grace_period: "1s"
  lame_duck_duration: "30s"
`

interface Server {
  kill(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

function carrier<S extends Server>(env: Readonly<Record<string, string>>, servers: readonly S[]) {
  const all = async (act: keyof Server) => {
    await Promise.all(servers.map((server) => server[act]()))
  }
  return {
    env,
    servers,
    cut: () => all('kill'),
    heal: () => all('restart'),
    stop: () => all('stop'),
  }
}
