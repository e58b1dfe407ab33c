/** A broker that does to frames what networks do: drops, repeats, delays and reorders them, exactly as its seed says. */
import type { Broker, BrokerListener, Frame, Topic } from '../broker.ts'
import type { Clock, Timer } from '../clock.ts'
import { seededRandom } from './random.ts'

/** How likely each fault is for one incoming frame, from 0 to 1. */
export interface FaultRates {
  readonly drop?: number
  readonly duplicate?: number
  /** Late, and everything of its topic that follows waits behind it. */
  readonly delay?: number
  /** Late, and overtaken by what follows. */
  readonly reorder?: number
}

export interface FaultyOptions {
  readonly seed: number
  readonly clock: Clock
  readonly rates?: FaultRates
  /** The longest delay of one frame, in ms. */
  readonly delayMsMax?: number
}

/** Wraps any broker. Faults strike on the way in, so that each node sees its own; nothing is told of a frame that is dropped. */
export class FaultyBroker implements Broker {
  readonly name: string
  readonly #inner: Broker
  readonly #clock: Clock
  readonly #random: () => number
  readonly #delayMsMax: number
  readonly #topics = new Set<Topic>()
  readonly #late = new Set<Timer>()
  /** Per topic that has late frames in order: how many, and when the last of them is due. */
  readonly #queues = new Map<Topic, { frames: number; dueAt: number }>()
  #rates: FaultRates
  #listener: BrokerListener | undefined
  #cut = false

  constructor(inner: Broker, options: FaultyOptions) {
    this.name = `faulty ${inner.name}`
    this.#inner = inner
    this.#clock = options.clock
    this.#random = seededRandom(options.seed)
    this.#rates = options.rates ?? {}
    this.#delayMsMax = options.delayMsMax ?? 100
  }

  get droppedFrames(): number {
    return this.#inner.droppedFrames
  }

  /** From now on these faults, and no others. */
  setRates(rates: FaultRates): void {
    this.#rates = rates
  }

  /** Takes the server away from this node alone: frames are lost both ways. */
  cut(): void {
    if (this.#cut) return
    this.#cut = true
    this.#forgetLate()
    this.#listener?.onHealth({ connected: false, detail: 'cut' })
  }

  heal(): void {
    if (!this.#cut) return
    this.#cut = false
    this.#listener?.onHealth({ connected: true, detail: 'healed' })
    this.#listener?.onGap()
  }

  /** Tells of a loss, as a server does that dropped frames of a reader who was slow. */
  gap(topic?: Topic): void {
    this.#listener?.onGap(topic)
  }

  start(listener: BrokerListener): Promise<void> {
    this.#listener = listener
    return this.#inner.start({
      onFrame: (topic, frame) => this.#receive(topic, frame),
      onGap: (topic) => this.#listener?.onGap(topic),
      onHealth: (health) => {
        if (!this.#cut) this.#listener?.onHealth(health)
      },
    })
  }

  subscribe(topic: Topic): Promise<void> {
    this.#topics.add(topic)
    return this.#inner.subscribe(topic)
  }

  unsubscribe(topic: Topic): Promise<void> {
    this.#topics.delete(topic)
    return this.#inner.unsubscribe(topic)
  }

  publish(topic: Topic, frame: Frame): boolean {
    return this.#cut || this.#inner.publish(topic, frame)
  }

  stop(): Promise<void> {
    this.#listener = undefined
    this.#forgetLate()
    this.#topics.clear()
    return this.#inner.stop()
  }

  #receive(topic: Topic, frame: Frame): void {
    const strikes = (rate: number | undefined) => rate !== undefined && this.#random() < rate
    if (this.#cut || strikes(this.#rates.drop)) return
    if (strikes(this.#rates.duplicate)) this.#later(topic, frame, this.#delayMs())
    if (strikes(this.#rates.reorder)) this.#later(topic, frame, this.#delayMs())
    else this.#inOrder(topic, frame, strikes(this.#rates.delay) ? this.#delayMs() : 0)
  }

  #delayMs(): number {
    return Math.ceil(this.#random() * this.#delayMsMax)
  }

  #inOrder(topic: Topic, frame: Frame, delayMs: number): void {
    const queue = this.#queues.get(topic) ?? { frames: 0, dueAt: 0 }
    if (delayMs === 0 && queue.frames === 0) {
      this.#deliver(topic, frame)
      return
    }
    const now = this.#clock.monotonic()
    queue.dueAt = Math.max(now + delayMs, queue.dueAt)
    queue.frames += 1
    this.#queues.set(topic, queue)
    this.#later(topic, frame, queue.dueAt - now, () => {
      queue.frames -= 1
      if (queue.frames === 0) this.#queues.delete(topic)
    })
  }

  #later(topic: Topic, frame: Frame, delayMs: number, first?: () => void): void {
    const timer = this.#clock.after(delayMs, () => {
      this.#late.delete(timer)
      first?.()
      this.#deliver(topic, frame)
    })
    this.#late.add(timer)
  }

  #deliver(topic: Topic, frame: Frame): void {
    if (this.#topics.has(topic)) this.#listener?.onFrame(topic, frame)
  }

  #forgetLate(): void {
    for (const timer of this.#late) timer.cancel()
    this.#late.clear()
    this.#queues.clear()
  }
}
