/** Puts the probe between the parts of a node, where events pass anyway; the parts know nothing of it. */
import type { BrokerHealth } from '@madang/fanout'
import type { LogEvent } from '@madang/protocol'
import type { Outlet } from '../core/outlet.ts'
import type { Dispatcher } from '../feed/dispatcher.ts'
import type { Feeds } from '../feed/feeds.ts'
import type { FrameHandler } from '../feed/frame-handlers.ts'
import type { FrameKind, NodeFrame } from '../feed/frame-kinds.ts'
import type { FeedsSize } from '../feed/node-feeds.ts'
import type { FeedStore } from '../feed/reads.ts'
import type { NodeTopic } from '../feed/topics.ts'
import type { Probe } from '../ops/probe.ts'

type SizedFeeds = Feeds & { size(): FeedsSize }

/** What this node commits. */
export function probedOutlet(outlet: Outlet, probe: Probe): Outlet {
  return {
    committed(events) {
      for (const event of events) probe.event('appended', event)
      outlet.committed(events)
    },
    notify: (personId, notice) => outlet.notify(personId, notice),
  }
}

/** Events on their way to other nodes, and from them. */
export class ProbedDispatcher implements Dispatcher {
  readonly #inner: Dispatcher
  readonly #probe: Probe

  constructor(inner: Dispatcher, probe: Probe) {
    this.#inner = inner
    this.#probe = probe
  }

  get health(): BrokerHealth {
    return this.#inner.health
  }

  get topics(): number {
    return this.#inner.topics
  }

  start(): Promise<void> {
    return this.#inner.start()
  }

  handle<K extends FrameKind>(kind: K, handler: FrameHandler<K>): void {
    if (kind !== 'event') {
      this.#inner.handle(kind, handler)
      return
    }
    this.#inner.handle(kind, (topic, body) => {
      // What is handed over with this kind is one; TypeScript does not follow that through the type parameter.
      this.#probe.event('received', body as LogEvent)
      handler(topic, body)
    })
  }

  onGap(handler: (topic?: NodeTopic) => void): void {
    this.#inner.onGap(handler)
  }

  onHealth(handler: (health: BrokerHealth) => void): void {
    this.#inner.onHealth(handler)
  }

  hold(topic: NodeTopic): Promise<void> {
    return this.#inner.hold(topic)
  }

  release(topic: NodeTopic): void {
    this.#inner.release(topic)
  }

  publish(topic: NodeTopic, frame: NodeFrame): boolean {
    const taken = this.#inner.publish(topic, frame)
    if (frame.kind === 'event') this.#probe.event(taken ? 'published' : 'dropped', frame.body)
    return taken
  }

  tell(topic: NodeTopic, frame: NodeFrame): void {
    this.#inner.tell(topic, frame)
  }

  stop(): Promise<void> {
    return this.#inner.stop()
  }
}

/** What feeds read of the store: holes, and what somebody missed. */
export function probedStore(store: FeedStore, probe: Probe, now: () => number): FeedStore {
  return {
    heads: (ids) => store.heads(ids),
    async eventsAfter(requests) {
      const beganAt = now()
      const pages = await store.eventsAfter(requests)
      for (const { events } of pages) probe.read(events, now() - beganAt)
      return pages
    },
  }
}

/** What is delivered here. */
export function probedFeeds(feeds: SizedFeeds, probe: Probe): SizedFeeds {
  return {
    start: (listener) =>
      feeds.start({
        deliver(event) {
          listener.deliver(event)
          probe.delivered(event)
        },
      }),
    watch: (channelId) => feeds.watch(channelId),
    unwatch: (channelId) => feeds.unwatch(channelId),
    enter: (channelId, cursor, admit) => feeds.enter(channelId, cursor, admit),
    accept: (events) => feeds.accept(events),
    head: (channelId) => feeds.head(channelId),
    size: () => feeds.size(),
    stop: () => feeds.stop(),
  }
}
