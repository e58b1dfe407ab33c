/** A broker that remembers what passed, and lets a test hold up what it subscribes to. */
import type { Broker, BrokerListener, Frame, Topic } from '../broker.ts'

export interface Passed {
  readonly topic: Topic
  readonly frame: Frame
}

export class WatchedBroker implements Broker {
  readonly name = 'watched'
  readonly published: Passed[] = []
  readonly received: Passed[] = []
  /** Of topics: those that are subscribed now. */
  readonly topics = new Set<Topic>()
  stops = 0
  /** While it is set, `subscribe` waits for it. */
  gate: Promise<void> | undefined
  readonly #inner: Broker
  #listener: BrokerListener | undefined

  constructor(inner: Broker) {
    this.#inner = inner
  }

  get droppedFrames(): number {
    return this.#inner.droppedFrames
  }

  start(listener: BrokerListener): Promise<void> {
    this.#listener = listener
    return this.#inner.start({
      onFrame: (topic, frame) => {
        this.received.push({ topic, frame })
        listener.onFrame(topic, frame)
      },
      onGap: (topic) => listener.onGap(topic),
      onHealth: (health) => listener.onHealth(health),
    })
  }

  /** As if it had come from another node. */
  receive(topic: Topic, frame: Frame): void {
    this.#listener?.onFrame(topic, frame)
  }

  async subscribe(topic: Topic): Promise<void> {
    this.topics.add(topic)
    if (this.gate !== undefined) await this.gate
    if (this.topics.has(topic)) await this.#inner.subscribe(topic)
  }

  unsubscribe(topic: Topic): Promise<void> {
    this.topics.delete(topic)
    return this.#inner.unsubscribe(topic)
  }

  publish(topic: Topic, frame: Frame): boolean {
    this.published.push({ topic, frame })
    return this.#inner.publish(topic, frame)
  }

  stop(): Promise<void> {
    this.stops += 1
    return this.#inner.stop()
  }
}
