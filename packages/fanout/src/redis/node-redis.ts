/** node-redis (the package `redis`) as a driver of the Redis brokers. */
import { createClient } from 'redis'
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
export function nodeRedis(server: RedisServer): RedisDriver {
  return driverOf('node-redis', reachOf(server), connectionOf)
}

/** A driver for a cluster: `urls` are some of its nodes, the rest is found. */
export function nodeRedisCluster(
  urls: readonly string[],
  options: RedisClusterOptions = {},
): RedisDriver {
  return driverOf('node-redis', clusterReachOf(urls, options), connectionOf)
}

function connectionOf(
  address: RedisAddress,
  access: Access,
  options: OpenOptions,
): NodeRedisConnection {
  return new NodeRedisConnection(clientOf(address, access), options)
}

/** Nothing that the library would do by itself: no second connection, no queue, no deadline of its own. */
const newPattern = () =>
  createClient({
    RESP: 3,
    socket: { reconnectStrategy: false },
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    commandOptions: { timeout: 0 },
  })

type Client = ReturnType<typeof newPattern>

/** Made once: the library builds a class with all commands for each new set of options, which takes 50 ms. Duplicates share it. */
let pattern: Client | undefined

function clientOf({ host, port }: RedisAddress, access: Access): Client {
  pattern ??= newPattern()
  return pattern.duplicate({
    socket: { host, port, reconnectStrategy: false, ...(access.tls ? { tls: true } : {}) },
    database: access.database,
    ...(access.username === undefined ? {} : { username: access.username }),
    ...(access.password === undefined ? {} : { password: access.password }),
  })
}

class NodeRedisConnection implements NewConnection {
  readonly #client: Client
  readonly #sharded: boolean
  readonly #events: ConnectionEvents
  /** One for all channels: the library forgets a channel by its listener. */
  readonly #onFrame: (frame: Buffer, channel: Buffer) => void
  #isOpen = false
  #closed = false
  #lastError = 'the server closed the connection'

  constructor(client: Client, { sharded, events }: OpenOptions) {
    this.#client = client
    this.#sharded = sharded
    this.#events = events
    this.#onFrame = (frame, channel) => {
      if (!this.#closed) events.onFrame(channel.toString(), frame)
    }
    client.on('error', (error: Error) => this.#lose(error.message))
    client.on('end', () => this.#lose(this.#lastError))
    client.on('sharded-channel-moved', (channel: string) => {
      if (!this.#closed) events.onUnsubscribed(channel)
    })
  }

  async open(signal: AbortSignal): Promise<void> {
    const end = () => this.close()
    signal.addEventListener('abort', end)
    try {
      signal.throwIfAborted()
      await this.#client.connect()
    } catch (error) {
      this.close()
      throw error
    } finally {
      signal.removeEventListener('abort', end)
    }
    this.#isOpen = true
  }

  async subscribe(channel: string): Promise<void> {
    await (this.#sharded
      ? this.#client.sSubscribe(channel, this.#onFrame, true)
      : this.#client.subscribe(channel, this.#onFrame, true))
  }

  async unsubscribe(channel: string): Promise<void> {
    await (this.#sharded
      ? this.#client.sUnsubscribe(channel, this.#onFrame, true)
      : this.#client.unsubscribe(channel, this.#onFrame, true))
  }

  async publish(channel: string, frame: Frame): Promise<void> {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
    await (this.#sharded
      ? this.#client.sPublish(channel, bytes)
      : this.#client.publish(channel, bytes))
  }

  async command(args: readonly string[]): Promise<unknown> {
    return this.#client.sendCommand(args)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    try {
      this.#client.destroy()
    } catch {
      // It throws where the socket is closed already.
    }
  }

  /** Any error is the end: the library goes on after some of them with answers that no longer fit their commands. */
  #lose(reason: string): void {
    this.#lastError = reason
    if (!this.#isOpen || this.#closed) return
    this.close()
    this.#events.onClosed(reason)
  }
}
