/** The stock adapters, each wired as its documentation says. */
import { createAdapter, createShardedAdapter } from '@socket.io/redis-adapter'
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter'
import { Cluster, Redis } from 'ioredis'
import type { AdapterKind, OurKind } from './candidates.ts'
import type { Link } from './wiring.ts'

type Attach = (urls: readonly string[]) => Promise<Link>

type Client = Redis | Cluster

const sharded = (pub: unknown, sub: unknown): Link['adapter'] =>
  createShardedAdapter(pub, sub, { subscriptionMode: 'dynamic' })

export const STOCK_LINKS: Readonly<Record<Exclude<AdapterKind, OurKind>, Attach>> = {
  async 'stock-redis'(urls) {
    const pub = new Redis(first(urls))
    return linked(createAdapter, pub, pub.duplicate())
  },

  async 'stock-redis-cluster'(urls) {
    return linked(createAdapter, new Cluster([...urls]), new Cluster([...urls]))
  },

  async 'stock-sharded-ioredis'(urls) {
    const sub = new Cluster([...urls], { shardedSubscribers: true })
    return linked(sharded, new Cluster([...urls]), sub)
  },

  async 'stock-sharded-node-redis'(urls) {
    // A third of a second to load, which no other candidate needs.
    const { createCluster } = await import('redis')
    const rootNodes = urls.map((url) => ({ url }))
    const pub = createCluster({ rootNodes })
    const sub = pub.duplicate()
    for (const client of [pub, sub]) client.on('error', () => undefined)
    await Promise.all([pub.connect(), sub.connect()])
    return {
      adapter: sharded(pub, sub),
      async stop() {
        pub.destroy()
        sub.destroy()
      },
    }
  },

  async 'stock-streams'(urls) {
    return linked(createStreamsAdapter, new Redis(first(urls)))
  },
}

const first = (urls: readonly string[]): string => {
  const [url] = urls
  if (url === undefined) throw new Error('there is no broker to connect to')
  return url
}

/** What a client complains of meanwhile shows in what is delivered. */
function linked<Clients extends readonly Client[]>(
  create: (...clients: Clients) => Link['adapter'],
  ...clients: Clients
): Link {
  for (const client of clients) client.on('error', () => undefined)
  return {
    adapter: create(...clients),
    async stop() {
      for (const client of clients) client.disconnect()
    },
  }
}
