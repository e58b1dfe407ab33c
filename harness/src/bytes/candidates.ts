/** What is compared: every way of carrying a room's messages between servers, each with the brokers that it runs over. */

export type GroundKind = 'redis' | 'redis-cluster' | 'redis-partitions' | 'nats'

/** How a server is wired: see attach-stock.ts and attach-ours.ts. */
export type AdapterKind =
  | 'stock-redis'
  | 'stock-redis-cluster'
  | 'stock-sharded-ioredis'
  | 'stock-sharded-node-redis'
  | 'stock-streams'
  | OurKind

export type OurKind =
  | 'ours-redis'
  | 'ours-cluster-ioredis'
  | 'ours-cluster-node-redis'
  | 'ours-partitioned'
  | 'ours-nats'

export interface Candidate {
  readonly whose: 'stock' | 'ours'
  readonly kind: AdapterKind
  readonly ground: GroundKind
  /** For a table. */
  readonly name: string
}

const stock = (kind: AdapterKind, ground: GroundKind, name: string): Candidate => ({
  whose: 'stock',
  kind,
  ground,
  name,
})
const ours = (kind: OurKind, ground: GroundKind, name: string): Candidate => ({
  whose: 'ours',
  kind,
  ground,
  name,
})

export const STOCK: readonly Candidate[] = [
  stock('stock-redis', 'redis', 'redis-adapter, one Redis'),
  stock('stock-redis-cluster', 'redis-cluster', 'redis-adapter, cluster'),
  stock('stock-sharded-ioredis', 'redis-cluster', 'sharded, cluster, ioredis'),
  stock('stock-sharded-node-redis', 'redis-cluster', 'sharded, cluster, node-redis'),
  stock('stock-streams', 'redis', 'redis-streams-adapter, one Redis'),
]

export const OURS: readonly Candidate[] = [
  ours('ours-redis', 'redis', 'one Redis'),
  ours('ours-cluster-ioredis', 'redis-cluster', 'cluster, ioredis'),
  ours('ours-cluster-node-redis', 'redis-cluster', 'cluster, node-redis'),
  ours('ours-partitioned', 'redis-partitions', 'partitioned Redis'),
  ours('ours-nats', 'nats', 'NATS'),
]

export const labelOf = ({ whose, name }: Candidate): string => `${whose}: ${name}`
