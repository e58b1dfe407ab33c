/** The real brokers that a comparison runs over, on loopback. */
import type { Redis } from 'ioredis'
import { nats } from '../../../tests/services/nats.ts'
import type { Part, Running } from '../../../tests/services/part.ts'
import { redis } from '../../../tests/services/redis.ts'
import { bytesOfPorts } from './bus-bytes.ts'
import type { GroundKind } from './candidates.ts'
import { askingClient, type ClusterSize, startCluster, stopNodes } from './redis-nodes.ts'

export interface Ground {
  readonly urls: readonly string[]
  /** Between the nodes of the broker, both ways, so far. Undefined where this machine cannot tell. */
  busBytes(): Promise<number | undefined>
  /** What Redis itself counted of its clients so far (INFO stats). Undefined for other brokers. */
  ownCount(): Promise<OwnCount | undefined>
  stop(): Promise<void>
}

/** Bytes that the broker got from its clients, and gave them. */
export interface OwnCount {
  readonly in: number
  readonly out: number
}

/** The seed's: six nodes. Partitions are as many as masters. */
export const GROUND_SIZE: ClusterSize = { masters: 3, replicasEach: 1 }

export const PART_OF: Readonly<Record<GroundKind, Part>> = {
  redis,
  'redis-cluster': redis,
  'redis-partitions': redis,
  nats,
}

export async function startGround(kind: GroundKind, size = GROUND_SIZE): Promise<Ground> {
  if (kind === 'redis') return redisGround([await redis.start()])
  if (kind === 'redis-partitions')
    return redisGround(await Promise.all(Array.from({ length: size.masters }, () => redis.start())))
  if (kind === 'redis-cluster') return clusterGround(size)
  const server = await nats.start()
  return {
    urls: [server.url],
    busBytes: async () => 0,
    ownCount: async () => undefined,
    stop: () => server.stop(),
  }
}

function redisGround(servers: readonly Running[]): Ground {
  const clients = servers.map(askingClient)
  return {
    urls: servers.map(({ url }) => url),
    busBytes: async () => 0,
    ownCount: () => countOf(clients),
    async stop() {
      for (const client of clients) client.disconnect()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

async function clusterGround(size: ClusterSize): Promise<Ground> {
  const nodes = await startCluster(size)
  const clients = nodes.map(({ client }) => client)
  return {
    urls: nodes.map(({ running }) => running.url),
    busBytes: () => bytesOfPorts(nodes.map(({ busPort }) => busPort)),
    ownCount: () => countOf(clients),
    stop: () => stopNodes(nodes),
  }
}

async function countOf(clients: readonly Redis[]): Promise<OwnCount> {
  const infos = await Promise.all(clients.map((client) => client.info('stats')))
  const sum = (name: string): number =>
    infos.reduce((total, info) => total + Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1]), 0)
  return { in: sum('total_net_input_bytes'), out: sum('total_net_output_bytes') }
}
