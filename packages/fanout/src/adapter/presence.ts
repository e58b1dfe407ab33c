/** This node among the others: says that it lives and which namespaces it has, and knows the same of them. */
import type { Topic } from '../broker.ts'
import type { Timer } from '../clock.ts'
import type { Saying } from './exchange.ts'
import { Members } from './members.ts'
import type { AdapterEvent, AdapterSettings } from './options.ts'
import type { Topics } from './topics.ts'
import { type Kind, kinds, type WireFrame } from './wire.ts'

/** What presence needs of the exchange. */
export interface PresencePort {
  readonly settings: AdapterSettings
  readonly topics: Topics
  readonly health: { readonly connected: boolean }
  publish(topics: readonly Topic[], kind: Kind, saying: Saying): void
  tell(event: AdapterEvent): void
  /** A node is gone for good. */
  onGone(node: string): void
  onBeat(): void
}

export class Presence {
  readonly #port: PresencePort
  readonly #members = new Members()
  /** Namespaces that hear their topic. */
  readonly #ready = new Set<string>()
  /** Those that the others were told of. */
  #announced = new Set<string>()
  #announcing = false
  /** Counts what was announced; 0: nothing yet. */
  #revision = 0
  #heartbeat: Timer | undefined
  #beatAt = 0

  constructor(port: PresencePort) {
    this.#port = port
  }

  /** Names of the other nodes that are alive. */
  nodes(): string[] {
    return this.#members.names()
  }

  names(nodes: Iterable<string>): string[] {
    return this.#members.names(nodes)
  }

  /** Other nodes that are alive and have this namespace. */
  peers(nsp: string): ReadonlySet<string> {
    return this.#members.with(nsp)
  }

  /** `heard`: resolves when this node hears the others. */
  start(heard: Promise<unknown>): void {
    const { settings, topics } = this.#port
    void heard.then(() => this.#sayHello([topics.cluster]))
    this.#beatAt = settings.clock.monotonic()
    this.#heartbeat = settings.clock.after(settings.heartbeatMs, () => this.#beat())
  }

  stop(): void {
    this.#port.publish([this.#port.topics.cluster], kinds.bye, {})
    this.#heartbeat?.cancel()
    this.#heartbeat = undefined
  }

  open(nsp: string): void {
    this.#ready.add(nsp)
    this.#announce()
  }

  close(nsp: string): void {
    this.#ready.delete(nsp)
    this.#announce()
  }

  /** Any frame of a node says that it lives. */
  seen(node: string, now: number): void {
    this.#members.seen(node, now)
  }

  /** Frames may have been lost: the others see by the revision whether they missed something, and so do we by theirs. */
  afterGap(): void {
    if (this.#heartbeat === undefined) return
    this.#members.seenAll(this.#port.settings.clock.monotonic())
    this.#sayAlive()
  }

  take({ kind, node, value, rooms, except, body }: WireFrame, now: number): void {
    const members = this.#members
    if (kind === kinds.bye) this.#remove(node, 'node-left')
    else if (kind === kinds.ask) this.#sayHello([this.#port.topics.node(node)])
    else if (kind === kinds.hello) {
      const about = { name: body.toString(), revision: value, namespaces: rooms.map(String) }
      if (!members.hello(node, about, now)) return
      this.#port.tell({ kind: 'node-joined', node: this.#nameOf(node) })
      this.#sayHello([this.#port.topics.node(node)])
    } else {
      const heard =
        kind === kinds.beat
          ? members.beat(node, value)
          : members.change(node, value, rooms.map(String), except.map(String))
      if (heard === 'ask') this.#port.publish([this.#port.topics.node(node)], kinds.ask, {})
    }
  }

  #beat(): void {
    const { clock, heartbeatMs, deadAfterMs } = this.#port.settings
    const now = clock.monotonic()
    this.#heartbeat = clock.after(heartbeatMs, () => this.#beat())
    this.#sayAlive()
    // Who hears nobody, or was itself held up, knows nothing of the others.
    const wasHeldUp = now - this.#beatAt > 2 * heartbeatMs
    this.#beatAt = now
    if (!this.#port.health.connected || wasHeldUp) this.#members.seenAll(now)
    for (const node of this.#members.silent(now, deadAfterMs)) {
      this.#remove(node, 'node-dead')
    }
  }

  #sayAlive(): void {
    this.#port.onBeat()
    this.#port.publish([this.#port.topics.cluster], kinds.beat, { value: this.#revision })
  }

  #sayHello(to: readonly Topic[]): void {
    if (this.#heartbeat === undefined) return
    if (this.#revision === 0) {
      this.#announced = new Set(this.#ready)
      this.#revision = 1
    }
    this.#port.publish(to, kinds.hello, {
      value: this.#revision,
      rooms: this.#announced,
      body: Buffer.from(this.#port.settings.nodeName),
    })
  }

  /** Says which namespaces came and went, once for all of one turn. Before the first hello there is nothing to say. */
  #announce(): void {
    if (this.#announcing) return
    this.#announcing = true
    queueMicrotask(() => {
      this.#announcing = false
      if (this.#revision === 0 || this.#heartbeat === undefined) return
      const opened = [...this.#ready].filter((nsp) => !this.#announced.has(nsp))
      const closed = [...this.#announced].filter((nsp) => !this.#ready.has(nsp))
      if (opened.length + closed.length === 0) return
      this.#announced = new Set(this.#ready)
      this.#revision += 1
      const saying = { value: this.#revision, rooms: opened, except: closed }
      this.#port.publish([this.#port.topics.cluster], kinds.change, saying)
    })
  }

  #remove(node: string, kind: 'node-left' | 'node-dead'): void {
    const name = this.#nameOf(node)
    if (!this.#members.remove(node)) return
    this.#port.tell({ kind, node: name })
    this.#port.onGone(node)
  }

  #nameOf(node: string): string {
    return this.#members.names([node]).join()
  }
}
