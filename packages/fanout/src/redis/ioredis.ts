/** ioredis 6 as a driver of the Redis brokers. */
import { Redis, type RedisOptions } from 'ioredis'
import type { Frame } from '../broker.ts'
import { type Access, clusterReachOf, reachOf } from './credentials.ts'
import type {
  ConnectionEvents,
  OpenOptions,
  RedisAddress,
  RedisClusterOptions,
  RedisDriver,
  RedisServer,
} from './driver.ts'
import { driverOf, type NewConnection } from './driver-of.ts'

/** A driver for one server, or for the master that sentinels know. */
export function ioredis(server: RedisServer): RedisDriver {
  return driverOf('ioredis', reachOf(server), connectionOf)
}

/** A driver for a cluster: `urls` are some of its nodes, the rest is found. */
export function ioredisCluster(
  urls: readonly string[],
  options: RedisClusterOptions = {},
): RedisDriver {
  return driverOf('ioredis', clusterReachOf(urls, options), connectionOf)
}

function connectionOf(
  address: RedisAddress,
  access: Access,
  options: OpenOptions,
): IoredisConnection {
  return new IoredisConnection(optionsOf(address, access), options)
}

type IoredisOptions = RedisOptions & { readonly replyMapping: 'legacy' }

/** Nothing that the library would do by itself: no second connection, no queue, no subscription of its own. */
function optionsOf({ host, port }: RedisAddress, access: Access): IoredisOptions {
  return {
    host,
    port,
    db: access.database,
    ...(access.username === undefined ? {} : { username: access.username }),
    ...(access.password === undefined ? {} : { password: access.password }),
    ...(access.tls ? { tls: {} } : {}),
    protocol: 3,
    replyMapping: 'legacy',
    lazyConnect: true,
    retryStrategy: null,
    maxRetriesPerRequest: null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    disableClientInfo: true,
  }
}

class IoredisConnection implements NewConnection {
  readonly #redis: Redis
  readonly #sharded: boolean
  readonly #events: ConnectionEvents
  #closed = false
  #lastError = 'the server closed the connection'

  constructor(options: IoredisOptions, { sharded, events }: OpenOptions) {
    this.#sharded = sharded
    this.#events = events
    this.#redis = new Redis(options)
    this.#redis.on('error', (error: Error) => {
      this.#lastError = error.message
    })
    this.#redis.on(
      sharded ? 'smessageBuffer' : 'messageBuffer',
      (channel: Buffer, frame: Buffer) => {
        if (!this.#closed) events.onFrame(channel.toString(), frame)
      },
    )
    // The library says that something moved, not what.
    this.#redis.on('moved', () => {
      if (!this.#closed) events.onUnsubscribed(undefined)
    })
  }

  async open(signal: AbortSignal): Promise<void> {
    const end = () => this.close()
    signal.addEventListener('abort', end)
    try {
      signal.throwIfAborted()
      await this.#redis.connect()
    } catch (error) {
      this.close()
      throw new Error(this.#lastErrorOr(error))
    } finally {
      signal.removeEventListener('abort', end)
    }
    this.#redis.on('close', () => {
      if (this.#closed) return
      this.close()
      this.#events.onClosed(this.#lastError)
    })
  }

  async subscribe(channel: string): Promise<void> {
    await (this.#sharded ? this.#redis.ssubscribe(channel) : this.#redis.subscribe(channel))
  }

  async unsubscribe(channel: string): Promise<void> {
    await (this.#sharded ? this.#redis.sunsubscribe(channel) : this.#redis.unsubscribe(channel))
  }

  async publish(channel: string, frame: Frame): Promise<void> {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
    await (this.#sharded
      ? this.#redis.spublish(channel, bytes)
      : this.#redis.publish(channel, bytes))
  }

  async command([name = '', ...args]: readonly string[]): Promise<unknown> {
    return this.#redis.call(name, ...args)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#redis.disconnect()
  }

  #lastErrorOr(error: unknown): string {
    // The library rejects with "Connection is closed." whatever the reason was, and emits the reason.
    const message = error instanceof Error ? error.message : String(error)
    return message.startsWith('Connection is closed') ? this.#lastError : message
  }
}
