/** What all namespaces of one process share: the broker, the node's name among the others, one heartbeat, and who else is there. */
import { randomBytes } from 'node:crypto'
import type { Broker, Frame, Topic } from '../broker.ts'
import type { AdapterEvent, AdapterSettings } from './options.ts'
import { Presence, type PresencePort } from './presence.ts'
import { Repeats } from './repeats.ts'
import { type Request, Requests } from './requests.ts'
import { Subscriptions } from './subscriptions.ts'
import { type Topics, topicsOf } from './topics.ts'
import {
  flags,
  type Kind,
  kinds,
  type Name,
  readFrame,
  type WireFrame,
  writeFrame,
} from './wire.ts'

/** A namespace's adapter, as the exchange sees it. */
export interface Local {
  /** A frame of another node, for this namespace. */
  receive(frame: WireFrame): void
}

/** What may be said of a frame; the rest is empty. */
export interface Saying {
  readonly flags?: number
  readonly value?: number
  readonly nsp?: string
  readonly rooms?: Iterable<Name>
  readonly except?: Iterable<Name>
  readonly body?: Buffer
}

export interface ExchangeCounters {
  framesIn: number
  framesOut: number
  /** Refused by the broker. */
  framesDropped: number
  framesMalformed: number
  /** Of a version or kind that this code does not know. */
  framesForeign: number
  /** Copies of frames that go out on several topics, dropped as they should be. */
  framesRepeated: number
  gaps: number
  heartbeatsOut: number
  requestsIncomplete: number
  socketsCutOff: number
}

/** What an application may look at: `io.of('/').adapter.exchange`. */
export interface ExchangeView {
  /** This node's id among the others. */
  readonly node: string
  /** Whether the broker's server is there, and if not, why. */
  readonly health: { readonly connected: boolean; readonly detail: string }
  readonly counters: Readonly<ExchangeCounters>
  /** Names of the other nodes that are alive. */
  nodes(): string[]
}

const empty = Buffer.alloc(0)
/** Frames that wait for the broker's first connection attempt. */
const earlyFramesMax = 1_000

export class Exchange implements ExchangeView, PresencePort {
  readonly node = randomBytes(6).toString('base64url')
  readonly settings: AdapterSettings
  readonly topics: Topics
  readonly counters: ExchangeCounters = {
    framesIn: 0,
    framesOut: 0,
    framesDropped: 0,
    framesMalformed: 0,
    framesForeign: 0,
    framesRepeated: 0,
    gaps: 0,
    heartbeatsOut: 0,
    requestsIncomplete: 0,
    socketsCutOff: 0,
  }
  readonly subscriptions: Subscriptions
  readonly #broker: Broker
  readonly #presence: Presence
  readonly #requests: Requests
  readonly #repeats = new Repeats({ idsMax: 16_384, ageMsMax: 30_000 })
  readonly #locals = new Map<string, Local>()
  #lastId = 0
  #early = 0
  #health = { connected: false, detail: 'not started' }
  #state: 'new' | 'starting' | 'running' | 'stopped' = 'new'
  #started: Promise<void> = Promise.resolve()
  #stopped: Promise<void> | undefined
  readonly #onStop: () => void

  /** `onStop`: called once, before the broker stops. */
  constructor(broker: Broker, settings: AdapterSettings, onStop: () => void) {
    this.#broker = broker
    this.#onStop = onStop
    this.settings = settings
    this.topics = topicsOf(settings.prefix)
    this.#requests = new Requests(settings.clock)
    this.#presence = new Presence(this)
    this.subscriptions = new Subscriptions(broker, (error) => this.tell({ kind: 'error', error }))
  }

  get health(): { readonly connected: boolean; readonly detail: string } {
    return this.#health
  }

  nodes(): string[] {
    return this.#presence.nodes()
  }

  names(nodes: Iterable<string>): string[] {
    return this.#presence.names(nodes)
  }

  /** Other nodes that are alive and have this namespace. */
  peers(nsp: string): ReadonlySet<string> {
    return this.#presence.peers(nsp)
  }

  /** Resolves when the namespace hears what is for it. The first one starts the broker. Throws where there is nothing to attach to. */
  attach(nsp: string, local: Local): Promise<void> {
    if (this.#state === 'stopped') {
      throw new Error('This adapter was closed with its broker: call createAdapter anew')
    }
    if (this.#locals.has(nsp)) {
      throw new Error(`createAdapter: one adapter serves one Server, and ${nsp} is served already`)
    }
    this.#locals.set(nsp, local)
    if (this.#state === 'new') this.#start()
    return this.subscriptions.add(this.topics.namespace(nsp)).then(() => {
      if (this.#locals.get(nsp) !== local) return
      this.#presence.open(nsp)
    })
  }

  /** The last namespace to go stops the broker; resolves when that is done. */
  async detach(nsp: string, local: Local): Promise<void> {
    if (this.#locals.get(nsp) !== local) return
    this.#locals.delete(nsp)
    this.subscriptions.remove(this.topics.namespace(nsp))
    if (this.#locals.size === 0) await this.#stop()
    else this.#presence.close(nsp)
  }

  /** Hands one frame to each topic. Returns its id. */
  publish(topics: readonly Topic[], kind: Kind, saying: Saying): number {
    this.#lastId += 1
    const frame = writeFrame({
      kind,
      flags: (saying.flags ?? 0) | (topics.length > 1 ? flags.repeated : 0),
      node: this.node,
      id: this.#lastId,
      value: saying.value ?? 0,
      nsp: saying.nsp ?? '',
      rooms: [...(saying.rooms ?? [])],
      except: [...(saying.except ?? [])],
      body: saying.body ?? empty,
    })
    for (const topic of topics) this.#handOver(topic, frame)
    return this.#lastId
  }

  /** Publishes a question and waits for its answers; while the broker is away nobody is asked, and all are missing at once. */
  ask(topics: readonly Topic[], kind: Kind, saying: Saying, request: Request): void {
    const nodes = [...request.nodes]
    const id = this.publish(topics, kind, saying)
    if (this.#health.connected || nodes.length === 0) this.#requests.open(id, { ...request, nodes })
    else request.onEnd(nodes)
  }

  /** A node is gone for good: nobody waits for it. */
  onGone(node: string): void {
    this.#requests.gone(node)
  }

  onBeat(): void {
    this.counters.heartbeatsOut += 1
  }

  reply(to: WireFrame, kind: Kind, body: Buffer): void {
    this.publish([this.topics.node(to.node)], kind, { value: to.id, nsp: to.nsp, body })
  }

  /** Whether this command, which went out on several topics, has arrived here. */
  hasHeard(node: string, id: number): boolean {
    return this.#repeats.has(`${node}${id}`)
  }

  tell(event: AdapterEvent): void {
    try {
      this.settings.onEvent(event)
    } catch {
      // Whoever listens to events looks after itself.
    }
  }

  #start(): void {
    this.#state = 'starting'
    this.#started = this.#broker
      .start({
        onFrame: (topic, frame) => this.#receive(topic, frame),
        onGap: (topic) => this.#onGap(topic),
        onHealth: (health) => this.#onHealth(health),
      })
      .catch((error: unknown) => this.tell({ kind: 'error', error }))
      .then(() => {
        if (this.#state === 'starting') this.#state = 'running'
      })
    this.subscriptions.startAfter(this.#started)
    const heard = [
      this.subscriptions.add(this.topics.cluster),
      this.subscriptions.add(this.topics.node(this.node)),
    ]
    this.#presence.start(Promise.all(heard))
  }

  #stop(): Promise<void> {
    this.#stopped ??= this.#end()
    return this.#stopped
  }

  async #end(): Promise<void> {
    this.#presence.stop()
    this.#state = 'stopped'
    this.#requests.stop()
    this.#onStop()
    await this.#started
    try {
      await this.#broker.stop()
    } catch (error) {
      this.tell({ kind: 'error', error })
    }
  }

  #handOver(topic: Topic, frame: Buffer): void {
    if (this.#state === 'running') this.#give(topic, frame)
    else if (this.#state === 'starting' && this.#early < earlyFramesMax) {
      this.#early += 1
      void this.#started.then(() => {
        this.#early -= 1
        this.#give(topic, frame)
      })
    } else this.#drop(topic)
  }

  #give(topic: Topic, frame: Buffer): void {
    this.counters.framesOut += 1
    try {
      if (!this.#broker.publish(topic, frame)) this.#drop(topic)
    } catch (error) {
      this.#drop(topic)
      this.tell({ kind: 'error', error })
    }
  }

  #drop(topic: Topic): void {
    this.counters.framesDropped += 1
    this.tell({ kind: 'dropped-frame', topic })
  }

  #onGap(topic?: Topic): void {
    this.counters.gaps += 1
    this.tell(topic === undefined ? { kind: 'gap' } : { kind: 'gap', topic })
    if (topic !== undefined && topic !== this.topics.cluster) return
    this.#presence.afterGap()
  }

  #onHealth(health: { readonly connected: boolean; readonly detail: string }): void {
    this.#health = health
    this.tell({ kind: 'health', ...health })
  }

  #receive(topic: Topic, bytes: Frame): void {
    if (this.#state === 'stopped') return
    const frame = readFrame(bytes)
    if (frame === 'malformed') this.malformed(topic)
    else if (frame === 'foreign') {
      this.counters.framesForeign += 1
      this.tell({ kind: 'foreign-frame', topic })
    } else if (frame.node !== this.node) this.#takeSafely(frame)
  }

  /** What an application's listener throws is the application's to handle, and must not disturb the broker. */
  #takeSafely(frame: WireFrame): void {
    try {
      this.#take(frame)
    } catch (error) {
      this.tell({ kind: 'error', error })
      queueMicrotask(() => {
        throw error
      })
    }
  }

  malformed(topic: Topic): void {
    this.counters.framesMalformed += 1
    this.tell({ kind: 'malformed-frame', topic })
  }

  #take(frame: WireFrame): void {
    this.counters.framesIn += 1
    const now = this.settings.clock.monotonic()
    this.#presence.seen(frame.node, now)
    if (frame.kind < kinds.event) this.#presence.take(frame, now)
    else if (frame.kind >= kinds.reply) this.#requests.answer(frame)
    else if ((frame.flags & flags.repeated) !== 0 && this.#isRepeat(frame, now)) {
      this.counters.framesRepeated += 1
    } else this.#locals.get(frame.nsp)?.receive(frame)
  }

  #isRepeat(frame: WireFrame, now: number): boolean {
    return this.#repeats.add(`${frame.node}${frame.id}`, now)
  }
}
