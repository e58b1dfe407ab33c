/** Which server a channel belongs to: always the same one, or what a cluster says. */
import type { Lane } from '../link/outbox.ts'
import type { RedisAddress } from './driver.ts'
import type { Shard, ShardOptions } from './shard.ts'

export interface RouterEvents {
  /** Channels may belong elsewhere now. */
  onRoutes(): void
  /** `connected` may have changed. */
  onChange(): void
}

/** What a router makes its shards with; it says where they are. */
export type ShardPlan = Omit<ShardOptions, 'address' | 'sharded'>

export interface Router {
  /** `redis` or `redis-cluster`. */
  readonly name: string
  readonly connected: boolean
  readonly detail: string
  /** Resolves when the first attempts have succeeded or failed. */
  start(plan: ShardPlan, events: RouterEvents): Promise<void>
  /** Frames of one lane stay in order. */
  laneOf(channel: string): Lane
  shardOf(lane: Lane): Shard | undefined
  /** A server said that the slot is elsewhere. */
  moved(slot: number, address: RedisAddress, from: Shard): void
  /** Something is amiss: look again soon. */
  suspect(): void
  stop(): void
}
