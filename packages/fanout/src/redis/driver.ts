/** What the Redis brokers need of a Redis library: one plain connection at a time. Routing, reconnecting and remembering are ours. */
import type { Frame } from '../broker.ts'

export interface RedisAddress {
  readonly host: string
  readonly port: number
}

export interface ConnectionEvents {
  /** A frame came in on a channel that this connection subscribes to. */
  onFrame(channel: string, frame: Frame): void
  /** The server took subscriptions away unasked: of this channel, or of some. */
  onUnsubscribed(channel: string | undefined): void
  /** The connection is gone. Called once at most, and not after `close`. */
  onClosed(reason: string): void
}

/**
 * A connection lives once: it never comes back by itself, queues nothing while it is not connected, and subscribes to nothing that it was not told to.
 * Commands are sent in the order of the calls, and reject with the server's own words where it refuses.
 */
export interface RedisConnection {
  /** SUBSCRIBE, or SSUBSCRIBE on a connection that was opened as `sharded`. Resolves when the server has answered. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): Promise<void>
  /** PUBLISH or SPUBLISH. */
  publish(channel: string, frame: Frame): Promise<void>
  /** Any other command; strings in the answer are strings. Possible beside subscriptions, too (RESP3). */
  command(args: readonly string[]): Promise<unknown>
  /** At once, and as often as one likes. */
  close(): void
}

export interface OpenOptions {
  /** Undefined: the server that the driver was made for. */
  readonly address: RedisAddress | undefined
  /** Whether channels are shard channels. */
  readonly sharded: boolean
  readonly events: ConnectionEvents
  /** Ends the attempt, where it has not succeeded yet. */
  readonly signal: AbortSignal
}

export interface RedisDriver {
  /** For an operator's eyes: 'ioredis'. */
  readonly name: string
  /** Where the first connection goes: the servers, or the sentinels. No password is in it. */
  readonly addresses: readonly RedisAddress[]
  /** Where set, the addresses are sentinels, and the server is the master of this name. */
  readonly sentinelName?: string | undefined
  /** Resolves when the connection is ready for commands. */
  open(options: OpenOptions): Promise<RedisConnection>
}

/** What the user gives where there is one server, or sentinels that know it. */
export type RedisServer =
  | { readonly url: string }
  | {
      readonly sentinels: readonly RedisAddress[]
      /** What the sentinels call the master. */
      readonly name: string
      readonly username?: string
      readonly password?: string
      readonly sentinelPassword?: string
    }

/** What the user may give beside the nodes of a cluster. */
export interface RedisClusterOptions {
  readonly username?: string
  readonly password?: string
  readonly tls?: boolean
}

/** `redis://:secret@host:6379/0` → host and port. */
export function addressOf(url: string): RedisAddress {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1') || '127.0.0.1', port: Number(port) || 6379 }
}

export const keyOf = ({ host, port }: RedisAddress): string => `${host}:${port}`
