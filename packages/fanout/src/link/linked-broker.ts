/** A broker over one connection to one server: what is left to a sibling is how that connection speaks. */
import type { Broker, BrokerHealth, BrokerListener, Frame, Topic } from '../broker.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Carrier, OpenCarrier } from './carrier.ts'
import { Interest } from './interest.ts'
import { Link, type LinkLimits } from './link.ts'
import type { OutboxLimits } from './outbox.ts'
import { Outgoing } from './outgoing.ts'
import { Voice } from './voice.ts'

export interface LinkedLimits extends LinkLimits, OutboxLimits {
  /** Larger frames are refused by `publish`. */
  readonly frameBytesMax: number
  /** How long a subscription rests that the server has refused. */
  readonly refusedMs: number
  /** How long `stop` waits for frames to leave. */
  readonly stopMsMax: number
}

/** What users may hand in, the same for every sibling. */
export interface LinkedOptions {
  readonly clock?: Clock
  /** From 0 up to 1, for the jitter of retries. */
  readonly random?: () => number
  /** Told what a listener threw. */
  readonly onListenerError?: (error: unknown) => void
}

export interface LinkedPlan extends LinkedOptions {
  readonly name: string
  /** For an operator's eyes; no password is in it. */
  readonly where: string
  readonly limits: LinkedLimits
  readonly open: OpenCarrier
}

export class LinkedBroker implements Broker {
  readonly name: string
  readonly #plan: LinkedPlan
  readonly #clock: Clock
  readonly #voice: Voice
  readonly #interest: Interest
  readonly #outgoing: Outgoing
  readonly #link: Link<Carrier>
  #phase: 'new' | 'starting' | 'running' | 'stopped' = 'new'
  /** What the listener was told last. */
  #told: BrokerHealth | undefined
  readonly #stopping = new AbortController()
  #stopped: Promise<void> | undefined

  constructor(plan: LinkedPlan) {
    this.name = plan.name
    this.#plan = plan
    this.#clock = plan.clock ?? systemClock
    this.#link = this.#newLink(plan)
    this.#voice = new Voice({
      isWanted: (topic) => this.#interest.has(topic),
      onListenerError: plan.onListenerError,
    })
    this.#outgoing = new Outgoing({
      limits: plan.limits,
      clock: this.#clock,
      carrier: () => this.#link.connection,
    })
    this.#interest = this.#newInterest(plan)
  }

  get droppedFrames(): number {
    return this.#outgoing.droppedFrames
  }

  async start(listener: BrokerListener): Promise<void> {
    if (this.#phase !== 'new') return
    this.#phase = 'starting'
    this.#voice.open(listener)
    await this.#link.start()
    if (this.#isStopped()) return
    this.#phase = 'running'
    if (this.#link.isAway) this.#interest.lost()
    this.#tellHealth()
    this.#voice.flush()
  }

  async subscribe(topic: Topic): Promise<void> {
    if (this.#isOn()) await this.#interest.join(topic)
  }

  async unsubscribe(topic: Topic): Promise<void> {
    if (this.#isOn()) await this.#interest.leave(topic)
  }

  publish(topic: Topic, frame: Frame): boolean {
    if (!this.#isOn() || frame.byteLength > this.#plan.limits.frameBytesMax) {
      return this.#outgoing.refuse()
    }
    return this.#outgoing.publish(topic, frame)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    const wasOn = this.#isOn()
    this.#phase = 'stopped'
    this.#voice.close()
    if (wasOn) await this.#outgoing.drain()
    this.#link.stop()
    this.#stopping.abort()
    this.#interest.stop()
  }

  #isOn(): boolean {
    return this.#phase === 'running' || this.#phase === 'starting'
  }

  #isStopped(): boolean {
    return this.#phase === 'stopped'
  }

  #newLink({ open, limits, random }: LinkedPlan): Link<Carrier> {
    return new Link<Carrier>({
      connect: (closed) =>
        open(
          {
            onFrame: (topic, frame) => this.#receive(topic, frame),
            onGap: (topic) => this.#voice.gap(topic),
            onClosed: closed,
          },
          this.#stopping.signal,
        ),
      close: (carrier) => carrier.close(),
      check: (carrier) => carrier.check(),
      onUp: () => this.#up(),
      onDown: (carrier) => this.#down(carrier),
      limits,
      clock: this.#clock,
      random: random ?? Math.random,
    })
  }

  #newInterest({ limits }: LinkedPlan): Interest {
    return new Interest({
      send: async (command, topic) => {
        const carrier = this.#link.connection
        if (carrier === undefined) throw new Error('not connected')
        await (command === 'join' ? carrier.subscribe(topic) : carrier.unsubscribe(topic))
      },
      isAway: () => this.#link.isAway,
      onGap: (topic) => this.#voice.gap(topic),
      onRefusals: () => this.#tellHealth(),
      refusedMs: limits.refusedMs,
      clock: this.#clock,
    })
  }

  #up(): void {
    this.#tellHealth()
    this.#interest.linked()
    this.#outgoing.pump()
  }

  #down(carrier: Carrier): void {
    this.#interest.lost()
    this.#outgoing.lost(carrier)
    this.#tellHealth()
  }

  #receive(topic: Topic, frame: Frame): void {
    if (this.#interest.heard(topic)) this.#voice.frame(topic, frame)
  }

  /** During the start it is told once, at its end. */
  #tellHealth(): void {
    if (this.#phase !== 'running') return
    const health = this.#health()
    if (health.connected === this.#told?.connected && health.detail === this.#told.detail) return
    this.#told = health
    this.#voice.health(health)
  }

  #health(): BrokerHealth {
    const { where } = this.#plan
    if (this.#link.connection === undefined) {
      return { connected: false, detail: `${where}: ${this.#link.detail}` }
    }
    const refused = this.#interest.refusedTopics
    if (refused > 0) return { connected: false, detail: `${where} refuses subscriptions` }
    return { connected: true, detail: where }
  }
}
