/** The broker of one process: a hub that the nodes of a test attach to, and that a lone node uses for itself. */
import type { Broker, BrokerListener, Frame, Topic } from '../broker.ts'

export interface MemoryHubOptions {
  /** Larger frames are refused. Redis and NATS take 1 MB without being asked to; nobody here needs more. */
  readonly frameBytesMax?: number
  /** Frames that may wait in one node, on their way in or, while the hub is cut, on their way out. */
  readonly queueFramesMax?: number
  /** Runs something in a later turn of the event loop; handed in so that tests can decide when. */
  readonly defer?: (run: () => void) => void
  /** Told what a listener threw. */
  readonly onListenerError?: (error: unknown) => void
}

/** What happened to one node, in order: a frame, or a call of its listener. */
type Happening =
  | { readonly kind: 'frame'; readonly topic: Topic; readonly frame: Frame }
  | { readonly kind: 'call'; readonly run: (listener: BrokerListener) => void }

/** Where memory brokers meet. Frames leave in the turn of `publish` and arrive in a later one, as they would over a network. */
export class MemoryHub {
  readonly frameBytesMax: number
  readonly queueFramesMax: number
  readonly defer: (run: () => void) => void
  readonly onListenerError: (error: unknown) => void
  readonly #subscribers = new Map<Topic, Set<MemoryBroker>>()
  readonly #nodes = new Set<MemoryBroker>()
  #connected = true

  constructor(options: MemoryHubOptions = {}) {
    this.frameBytesMax = options.frameBytesMax ?? 1_048_576
    this.queueFramesMax = options.queueFramesMax ?? 10_000
    this.defer = options.defer ?? ((run) => void setImmediate(run))
    this.onListenerError = options.onListenerError ?? (() => {})
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Topics that somebody subscribes to. */
  get topics(): number {
    return this.#subscribers.size
  }

  /** A broker of this hub, not yet started. */
  newBroker(): Broker {
    return new MemoryBroker(this)
  }

  /** Takes the hub away from its nodes, as if its server had died: what is on its way is lost. */
  cut(): void {
    if (!this.#connected) return
    this.#connected = false
    for (const node of this.#nodes) node.lose()
  }

  heal(): void {
    if (this.#connected) return
    this.#connected = true
    for (const node of this.#nodes) node.regain()
  }

  attach(node: MemoryBroker): void {
    this.#nodes.add(node)
  }

  detach(node: MemoryBroker): void {
    this.#nodes.delete(node)
  }

  subscribe(topic: Topic, node: MemoryBroker): void {
    const nodes = this.#subscribers.get(topic)
    if (nodes === undefined) this.#subscribers.set(topic, new Set([node]))
    else nodes.add(node)
  }

  unsubscribe(topic: Topic, node: MemoryBroker): void {
    const nodes = this.#subscribers.get(topic)
    if (nodes?.delete(node) && nodes.size === 0) this.#subscribers.delete(topic)
  }

  spread(topic: Topic, frame: Frame, from: MemoryBroker): boolean {
    const nodes = this.#subscribers.get(topic)
    if (nodes === undefined) return true
    let taken = true
    for (const node of nodes) if (node !== from && !node.take(topic, frame)) taken = false
    return taken
  }
}

class MemoryBroker implements Broker {
  readonly name = 'memory'
  readonly #hub: MemoryHub
  readonly #topics = new Set<Topic>()
  #listener: BrokerListener | undefined
  #inbox: Happening[] = []
  #outbox: { readonly topic: Topic; readonly frame: Frame }[] = []
  #dropped = 0

  constructor(hub: MemoryHub) {
    this.#hub = hub
  }

  get droppedFrames(): number {
    return this.#dropped
  }

  async start(listener: BrokerListener): Promise<void> {
    this.#listener = listener
    this.#hub.attach(this)
    listener.onHealth(this.#health())
  }

  async subscribe(topic: Topic): Promise<void> {
    if (this.#listener === undefined) return
    this.#topics.add(topic)
    this.#hub.subscribe(topic, this)
  }

  async unsubscribe(topic: Topic): Promise<void> {
    this.#topics.delete(topic)
    this.#hub.unsubscribe(topic, this)
  }

  publish(topic: Topic, frame: Frame): boolean {
    if (this.#listener === undefined || frame.byteLength > this.#hub.frameBytesMax) {
      return this.#drop()
    }
    if (this.#hub.connected) return this.#hub.spread(topic, frame, this) || this.#drop()
    if (this.#outbox.length >= this.#hub.queueFramesMax) return this.#drop()
    this.#outbox.push({ topic, frame })
    return true
  }

  async stop(): Promise<void> {
    this.#listener = undefined
    for (const topic of this.#topics) this.#hub.unsubscribe(topic, this)
    this.#topics.clear()
    this.#inbox = []
    this.#outbox = []
    this.#hub.detach(this)
  }

  /** A frame comes in. False where too many wait already. */
  take(topic: Topic, frame: Frame): boolean {
    if (this.#inbox.length >= this.#hub.queueFramesMax) return false
    this.#happen({ kind: 'frame', topic, frame })
    return true
  }

  /** The hub went away. */
  lose(): void {
    this.#inbox = this.#inbox.filter((happening) => happening.kind === 'call')
    const health = this.#health()
    this.#happen({ kind: 'call', run: (listener) => listener.onHealth(health) })
  }

  /** The hub is back. */
  regain(): void {
    const health = this.#health()
    this.#happen({ kind: 'call', run: (listener) => listener.onHealth(health) })
    this.#happen({ kind: 'call', run: (listener) => listener.onGap() })
    const waiting = this.#outbox
    this.#outbox = []
    for (const { topic, frame } of waiting) this.publish(topic, frame)
  }

  #happen(happening: Happening): void {
    this.#inbox.push(happening)
    if (this.#inbox.length === 1) this.#hub.defer(() => this.#drain())
  }

  #drain(): void {
    const happenings = this.#inbox
    this.#inbox = []
    for (const happening of happenings) {
      if (this.#listener === undefined) return
      try {
        this.#tell(this.#listener, happening)
      } catch (error) {
        this.#hub.onListenerError(error)
      }
    }
  }

  #tell(listener: BrokerListener, happening: Happening): void {
    if (happening.kind === 'call') happening.run(listener)
    else if (this.#topics.has(happening.topic)) listener.onFrame(happening.topic, happening.frame)
  }

  #drop(): false {
    this.#dropped += 1
    return false
  }

  #health() {
    const connected = this.#hub.connected
    return { connected, detail: connected ? 'in this process' : 'the hub is cut' }
  }
}
