/** Owns the broker's one listener: opens each frame once and hands it to whoever takes frames of its kind. */
import type { Broker, BrokerHealth, Frame } from '@madang/fanout'
import { decodeFrame, encodeFrame } from './frame.ts'
import { type FrameHandler, type FrameHandlers, handFrame, setHandler } from './frame-handlers.ts'
import { belongsOn, type FrameKind, type NodeFrame } from './frame-kinds.ts'
import type { FeedReport } from './report.ts'
import { isNodeTopic, type NodeTopic } from './topics.ts'

/**
 * One node's connection to the others. Register every handler before `start`; handlers must not throw, and one that does is counted and does not
 * disturb the others.
 */
export interface Dispatcher {
  /** Starts the broker. Resolves when the first attempt to reach it has succeeded or failed. */
  start(): Promise<void>
  /** Frames of this kind, from other nodes, on topics that this node holds. One handler per kind. */
  handle<K extends FrameKind>(kind: K, handler: FrameHandler<K>): void
  /** Frames may have been lost since the last one, on this topic or, without one, on every topic. */
  onGap(handler: (topic?: NodeTopic) => void): void
  onHealth(handler: (health: BrokerHealth) => void): void
  readonly health: BrokerHealth
  /** Holds the topic until as many `release` have followed, whoever held it. Resolves as the broker's `subscribe` does; never rejects. */
  hold(topic: NodeTopic): Promise<void>
  release(topic: NodeTopic): void
  /** To the other nodes that hold the topic. False where the frame was dropped, which is counted. */
  publish(topic: NodeTopic, frame: NodeFrame): boolean
  /** To this node's own handler, in this very call, if the topic is held. */
  tell(topic: NodeTopic, frame: NodeFrame): void
  /** Topics that are held, for metrics. */
  readonly topics: number
  /** Stops the broker. Calling it twice is calling it once. */
  stop(): Promise<void>
}

export interface DispatcherOptions {
  readonly broker: Broker
  readonly report: FeedReport
  /** Larger frames are neither sent nor read. */
  readonly frameBytesMax: number
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new BrokerDispatcher(options)
}

interface Hold {
  holders: number
  readonly ready: Promise<void>
}

class BrokerDispatcher implements Dispatcher {
  readonly #broker: Broker
  readonly #report: FeedReport
  readonly #frameBytesMax: number
  readonly #handlers: FrameHandlers = {}
  readonly #gapHandlers: ((topic?: NodeTopic) => void)[] = []
  readonly #healthHandlers: ((health: BrokerHealth) => void)[] = []
  readonly #holds = new Map<NodeTopic, Hold>()
  #stopped = false
  #health: BrokerHealth = { connected: false, detail: 'not started' }

  constructor({ broker, report, frameBytesMax }: DispatcherOptions) {
    this.#broker = broker
    this.#report = report
    this.#frameBytesMax = frameBytesMax
  }

  get health(): BrokerHealth {
    return this.#health
  }

  get topics(): number {
    return this.#holds.size
  }

  start(): Promise<void> {
    return this.#broker.start({
      onFrame: (topic, frame) => this.#receive(topic, frame),
      onGap: (topic) => this.#gap(topic),
      onHealth: (health) => {
        this.#health = health
        for (const handler of this.#healthHandlers) this.#guard(() => handler(health))
      },
    })
  }

  handle<K extends FrameKind>(kind: K, handler: FrameHandler<K>): void {
    setHandler(this.#handlers, kind, handler)
  }

  onGap(handler: (topic?: NodeTopic) => void): void {
    this.#gapHandlers.push(handler)
  }

  onHealth(handler: (health: BrokerHealth) => void): void {
    this.#healthHandlers.push(handler)
  }

  hold(topic: NodeTopic): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    const hold = this.#holds.get(topic)
    if (hold !== undefined) {
      hold.holders += 1
      return hold.ready
    }
    const ready = this.#broker.subscribe(topic).catch((error) => this.#failed(topic, error))
    this.#holds.set(topic, { holders: 1, ready })
    return ready
  }

  release(topic: NodeTopic): void {
    const hold = this.#holds.get(topic)
    if (hold === undefined) return
    hold.holders -= 1
    if (hold.holders > 0) return
    this.#holds.delete(topic)
    this.#broker.unsubscribe(topic).catch((error) => this.#failed(topic, error))
  }

  publish(topic: NodeTopic, frame: NodeFrame): boolean {
    const bytes = encodeFrame(frame)
    const fits = bytes.byteLength <= this.#frameBytesMax
    const taken = fits && this.#broker.publish(topic, bytes)
    this.#report.count(taken ? 'frame_published' : 'publish_dropped')
    return taken
  }

  tell(topic: NodeTopic, frame: NodeFrame): void {
    if (this.#holds.has(topic)) this.#guard(() => handFrame(this.#handlers, topic, frame))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#holds.clear()
    await this.#broker.stop()
    this.#health = { connected: false, detail: 'stopped' }
  }

  #receive(topic: string, bytes: Frame): void {
    const decoded = decodeFrame(bytes, this.#frameBytesMax)
    if (!decoded.ok) {
      this.#report.count(decoded.fault)
      return
    }
    const { frame } = decoded
    if (!isNodeTopic(topic) || !belongsOn(topic, frame)) this.#report.count('frame_misplaced')
    else {
      this.#report.count('frame_received')
      this.tell(topic, frame)
    }
  }

  #gap(topic?: string): void {
    if (topic !== undefined && !isNodeTopic(topic)) return
    for (const handler of this.#gapHandlers) this.#guard(() => handler(topic))
  }

  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#report.count('listener_threw')
      this.#report.warn('a handler of frames threw', { error })
    }
  }

  #failed(topic: NodeTopic, error: unknown): void {
    this.#report.count('topic_failed')
    this.#report.warn('the broker failed on a topic', { topic, error })
  }
}
