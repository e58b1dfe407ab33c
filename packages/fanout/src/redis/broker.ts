/** The broker over Redis: what one server and a cluster have in common. Routes are the router's business, connections the shards'. */
import { randomBytes } from 'node:crypto'
import type { Broker, BrokerListener, Frame, Topic } from '../broker.ts'
import { type Clock, systemClock } from '../clock.ts'
import { NODE_ID_BYTES, unwrap, wrap } from '../link/envelope.ts'
import { Voice } from '../link/voice.ts'
import { channelOf } from './channel.ts'
import type { RedisDriver } from './driver.ts'
import { REDIS_LIMITS, type RedisLimits } from './limits.ts'
import { Publisher } from './publisher.ts'
import type { Router } from './router.ts'
import type { ShardEvents } from './shard.ts'
import { Subscriber } from './subscriber.ts'

export interface RedisBrokerOptions {
  /** Made by `@madang/fanout/redis/ioredis` or `@madang/fanout/redis/node-redis`. */
  readonly driver: RedisDriver
  /** What the names of all channels begin with; nodes with different prefixes do not hear each other. */
  readonly prefix?: string
  readonly limits?: Partial<RedisLimits>
  readonly clock?: Clock
  /** From 0 up to 1, for the jitter of retries. */
  readonly random?: () => number
  /** Told what a listener threw. */
  readonly onListenerError?: (error: unknown) => void
}

export interface RedisBroker extends Broker {
  /** Frames that came in and that no node of ours has published. */
  readonly malformedFrames: number
}

export class RoutedBroker implements RedisBroker {
  readonly name: string
  readonly #options: RedisBrokerOptions
  readonly #router: Router
  readonly #limits: RedisLimits
  readonly #clock: Clock
  readonly #prefix: string
  readonly #nodeId: Uint8Array = randomBytes(NODE_ID_BYTES)
  readonly #voice: Voice
  readonly #subscriber: Subscriber
  readonly #publisher: Publisher
  #phase: 'new' | 'running' | 'stopped' = 'new'
  /** What the listener was told last. */
  #connected: boolean | undefined
  #malformedFrames = 0
  #stopped: Promise<void> | undefined

  constructor(options: RedisBrokerOptions, router: Router) {
    this.name = router.name
    this.#options = options
    this.#router = router
    this.#limits = { ...REDIS_LIMITS, ...options.limits }
    this.#clock = options.clock ?? systemClock
    this.#prefix = options.prefix ?? 'madang:'
    this.#voice = new Voice({
      isWanted: (topic) => this.#subscriber.isWanted(this.#channelOf(topic)),
      onListenerError: options.onListenerError,
    })
    this.#subscriber = new Subscriber({ router, onGap: (topic) => this.#voice.gap(topic) })
    this.#publisher = new Publisher({ router, limits: this.#limits, clock: this.#clock })
  }

  get droppedFrames(): number {
    return this.#publisher.droppedFrames
  }

  get malformedFrames(): number {
    return this.#malformedFrames
  }

  async start(listener: BrokerListener): Promise<void> {
    if (this.#phase !== 'new') return
    this.#phase = 'running'
    this.#voice.open(listener)
    const plan = {
      driver: this.#options.driver,
      events: this.#shardEvents(),
      limits: this.#limits,
      clock: this.#clock,
      random: this.#options.random ?? Math.random,
    }
    await this.#router.start(plan, {
      onRoutes: () => {
        this.#subscriber.reroute()
        this.#publisher.pumpAll()
      },
      onChange: () => this.#tellHealth(),
    })
    this.#connected = this.#router.connected
    this.#voice.health({ connected: this.#connected, detail: this.#router.detail })
    this.#voice.flush()
  }

  async subscribe(topic: Topic): Promise<void> {
    if (this.#phase === 'running') await this.#subscriber.join(this.#channelOf(topic), topic)
  }

  async unsubscribe(topic: Topic): Promise<void> {
    if (this.#phase === 'running') await this.#subscriber.leave(this.#channelOf(topic))
  }

  publish(topic: Topic, frame: Frame): boolean {
    if (this.#phase !== 'running' || frame.byteLength > this.#limits.frameBytesMax) {
      return this.#publisher.refuse()
    }
    const channel = this.#channelOf(topic)
    return this.#publisher.publish(this.#router.laneOf(channel), channel, wrap(this.#nodeId, frame))
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const wasRunning = this.#phase === 'running'
    this.#phase = 'stopped'
    this.#voice.close()
    if (wasRunning) await this.#publisher.drain()
    this.#publisher.stop()
    this.#router.stop()
    this.#subscriber.stop()
  }

  #channelOf(topic: Topic): string {
    return channelOf(this.#prefix, topic)
  }

  #tellHealth(): void {
    const connected = this.#router.connected
    if (this.#connected === undefined || this.#connected === connected) return
    this.#connected = connected
    this.#voice.health({ connected, detail: this.#router.detail })
  }

  #shardEvents(): ShardEvents {
    const subscriber = this.#subscriber
    return {
      onFrame: (shard, channel, frame) => {
        const topic = subscriber.heard(shard, channel)
        if (topic !== undefined) this.#receive(topic, frame)
      },
      onJoined: (shard, channel) => subscriber.joined(shard, channel),
      onLeft: (_shard, channel) => subscriber.left(channel),
      onRefused: (shard, channel, error) => subscriber.refused(shard, channel, error),
      onUnsubscribed: (shard, channel) => subscriber.unsubscribed(shard, channel),
      onDeaf: (shard) => subscriber.deaf(shard),
      onPublisher: (_shard, connection, isThere) => {
        if (isThere) this.#publisher.pumpAll()
        else this.#publisher.lost(connection)
      },
      onChange: (shard) => {
        if (shard.isDeaf) subscriber.deaf(shard)
        this.#tellHealth()
      },
    }
  }

  #receive(topic: Topic, wrapped: Frame): void {
    const opened = unwrap(this.#nodeId, wrapped)
    if (opened === undefined) this.#malformedFrames += 1
    else if (opened.kind === 'frame') this.#voice.frame(topic, opened.frame)
  }
}
