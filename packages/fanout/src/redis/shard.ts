/** One Redis server as a node sees it: a connection that listens, one that publishes, and what is subscribed there. */
import type { Frame } from '../broker.ts'
import type { Clock, Timer } from '../clock.ts'
import { Link } from '../link/link.ts'
import type { Command } from '../link/subscription.ts'
import { Subscriptions } from '../link/subscriptions.ts'
import { Audit } from './audit.ts'
import type { ConnectionEvents, RedisConnection } from './driver.ts'
import type { RedisLimits } from './limits.ts'
import { checkServer, type Open, openConnection } from './open.ts'
import { refusalOf } from './refusal.ts'

/** What a shard tells. None of it comes from within a call. */
export interface ShardEvents {
  onFrame(shard: Shard, channel: string, frame: Frame): void
  onJoined(shard: Shard, channel: string): void
  onLeft(shard: Shard, channel: string): void
  /** The server refused to subscribe; it is asked again after a while. */
  onRefused(shard: Shard, channel: string, error: unknown): void
  /** The server took subscriptions away unasked. */
  onUnsubscribed(shard: Shard, channel: string | undefined): void
  /** The listening connection is gone, and all its subscriptions with it. */
  onDeaf(shard: Shard): void
  /** The publishing connection is there, or gone. */
  onPublisher(shard: Shard, connection: RedisConnection, isThere: boolean): void
  /** Something changed that health depends on. */
  onChange(shard: Shard): void
}

export interface ShardOptions extends Open {
  readonly events: ShardEvents
  readonly limits: RedisLimits
  readonly clock: Clock
  readonly random: () => number
}

export class Shard {
  /** Where it is: 'host:port', or what the driver calls its servers. */
  readonly key: string
  readonly #options: ShardOptions
  readonly #subscriptions: Subscriptions
  readonly #listening: Link<RedisConnection>
  readonly #publishing: Link<RedisConnection>
  readonly #audit: Audit
  #resting: Timer | undefined
  #stopped = false

  constructor(key: string, options: ShardOptions) {
    this.key = key
    this.#options = options
    this.#audit = new Audit(options.sharded)
    this.#subscriptions = new Subscriptions({
      send: (command, channel) => this.#send(command, channel),
      onJoined: (channel) => options.events.onJoined(this, channel),
      onLeft: (channel) => options.events.onLeft(this, channel),
      onRefused: (channel, command, error) => this.#refused(channel, command, error),
      now: () => options.clock.monotonic(),
    })
    this.#listening = this.#newListening()
    this.#publishing = this.#newPublishing()
  }

  get publisher(): RedisConnection | undefined {
    return this.#publishing.connection
  }

  /** Whether it is known that nothing can be subscribed there now. */
  get isDeaf(): boolean {
    return this.#listening.isAway || this.#stopped
  }

  get isConnected(): boolean {
    return this.#listening.connection !== undefined && this.#publishing.connection !== undefined
  }

  /** Why it is away, for an operator. */
  get detail(): string {
    const away = this.#listening.connection === undefined ? this.#listening : this.#publishing
    return `${this.key}: ${away.detail}`
  }

  /** Resolves when the first attempts have succeeded or failed. */
  async start(): Promise<void> {
    await Promise.all([this.#listening.start(), this.#publishing.start()])
    this.#options.events.onChange(this)
  }

  /** Resolves as soon as it is known whether the server is there. */
  async known(): Promise<void> {
    await Promise.all([this.#listening.known(), this.#publishing.known()])
  }

  want(channel: string): void {
    this.#subscriptions.want(channel)
  }

  unwant(channel: string): void {
    this.#subscriptions.unwant(channel)
  }

  isJoined(channel: string): boolean {
    return this.#subscriptions.isJoined(channel)
  }

  /** Whether the server has yet to be told that the channel is not wanted any more. */
  isLeaving(channel: string): boolean {
    return !this.isDeaf && this.#subscriptions.knows(channel)
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#resting?.cancel()
    this.#subscriptions.lost()
    const { publisher } = this
    this.#listening.stop()
    this.#publishing.stop()
    if (publisher !== undefined) this.#options.events.onPublisher(this, publisher, false)
  }

  #newListening(): Link<RedisConnection> {
    const { events } = this.#options
    return this.#newLink({
      check: (connection) => this.#checkListening(connection),
      onUp: () => {
        this.#subscriptions.linked()
        events.onChange(this)
      },
      onDown: () => {
        this.#subscriptions.lost()
        events.onDeaf(this)
        events.onChange(this)
      },
    })
  }

  #newPublishing(): Link<RedisConnection> {
    const { events } = this.#options
    return this.#newLink({
      check: (connection) => checkServer(this.#options, connection),
      onUp: (connection) => {
        events.onPublisher(this, connection, true)
        events.onChange(this)
      },
      onDown: (connection) => {
        events.onPublisher(this, connection, false)
        events.onChange(this)
      },
    })
  }

  #newLink(tell: {
    readonly check: (connection: RedisConnection) => Promise<void>
    readonly onUp: (connection: RedisConnection) => void
    readonly onDown: (connection: RedisConnection) => void
  }): Link<RedisConnection> {
    const { limits, clock, random } = this.#options
    return new Link<RedisConnection>({
      ...tell,
      connect: (closed, signal) =>
        openConnection(this.#options, this.#connectionEvents(closed), signal),
      close: (connection) => connection.close(),
      limits,
      clock,
      random,
    })
  }

  #connectionEvents(onClosed: (reason: string) => void): ConnectionEvents {
    const { events } = this.#options
    return {
      onFrame: (channel, frame) => events.onFrame(this, channel, frame),
      onUnsubscribed: (channel) => {
        if (channel !== undefined) this.#subscriptions.dropped(channel)
        events.onUnsubscribed(this, channel)
      },
      onClosed,
    }
  }

  async #checkListening(connection: RedisConnection): Promise<void> {
    const { limits, clock } = this.#options
    const { askedSince } = this.#subscriptions
    if (askedSince !== undefined && clock.monotonic() - askedSince > limits.replyMsMax) {
      throw new Error(`a command is not answered within ${limits.replyMsMax} ms`)
    }
    await this.#audit.check(connection, this.#subscriptions)
    await checkServer(this.#options, connection)
  }

  async #send(command: Command, channel: string): Promise<void> {
    const connection = this.#listening.connection
    if (connection === undefined) throw new Error('not connected')
    await (command === 'join' ? connection.subscribe(channel) : connection.unsubscribe(channel))
  }

  #refused(channel: string, command: Command, error: unknown): void {
    const { clock, limits, events } = this.#options
    // A slot that moved away took its subscriptions with it.
    if (command === 'leave' && refusalOf(error).kind === 'moved') {
      this.#subscriptions.dropped(channel)
      return
    }
    if (command === 'join') events.onRefused(this, channel, error)
    this.#resting ??= clock.after(limits.refusedMs, () => {
      this.#resting = undefined
      if (!this.#stopped) this.#subscriptions.retry()
    })
  }
}
