/** The subscriptions of one connection: sends what is due, at most one command per topic at a time, and looks again at each answer. */
import type { Topic } from '../broker.ts'
import {
  afterEvent,
  type Command,
  commandOf,
  isSettled,
  type Subscription,
  type SubscriptionEvent,
  UNKNOWN,
} from './subscription.ts'

export interface SubscriptionsOptions {
  /** Sends a command over the connection of this moment. Called only between `linked` and `lost`; may reject, must not throw. */
  send(command: Command, topic: Topic): Promise<void>
  /** The server holds the topic from now on. */
  onJoined(topic: Topic): void
  /** The topic is neither wanted nor held any more. */
  onLeft?(topic: Topic): void
  /** The server refused; the topic rests until `retry`. */
  onRefused?(topic: Topic, command: Command, error: unknown): void
  now(): number
}

interface Asked {
  readonly generation: number
  readonly at: number
}

export class Subscriptions {
  readonly #options: SubscriptionsOptions
  readonly #topics = new Map<Topic, Subscription>()
  /** In the order of sending. */
  readonly #asked = new Map<Topic, Asked>()
  #generation = 0
  #isLinked = false
  #heldCount = 0

  constructor(options: SubscriptionsOptions) {
    this.#options = options
  }

  /** Topics that are wanted or held. */
  get size(): number {
    return this.#topics.size
  }

  /** How many topics the server holds once it has carried out all that was sent; answers that refuse are taken off as they come. */
  get heldCount(): number {
    return this.#heldCount
  }

  /** When the oldest command that waits for its answer was sent. */
  get askedSince(): number | undefined {
    for (const { at } of this.#asked.values()) return at
    return undefined
  }

  /** Whether the topic is wanted, held, or under way. */
  knows(topic: Topic): boolean {
    return this.#topics.has(topic)
  }

  isJoined(topic: Topic): boolean {
    const state = this.#topics.get(topic)
    return state?.wanted === true && isSettled(state)
  }

  want(topic: Topic): void {
    this.#happen(topic, 'want')
  }

  unwant(topic: Topic): void {
    this.#happen(topic, 'unwant')
  }

  /** The server said that it no longer holds the topic. */
  dropped(topic: Topic): void {
    const before = this.#topics.get(topic)
    if (before?.told === true && before.asked === undefined) this.#heldCount -= 1
    this.#happen(topic, 'dropped')
  }

  /** A connection is there, and its server knows nothing yet. */
  linked(): void {
    this.lost()
    this.#isLinked = true
    this.#happenToAll('retry')
  }

  /** The connection is gone: answers that still come from it count for nothing. */
  lost(): void {
    this.#generation += 1
    this.#isLinked = false
    this.#asked.clear()
    this.#heldCount = 0
    this.#happenToAll('lost')
  }

  /** Sends again what was refused. */
  retry(): void {
    this.#happenToAll('retry')
  }

  #happenToAll(event: SubscriptionEvent): void {
    for (const topic of [...this.#topics.keys()]) this.#happen(topic, event)
  }

  #happen(topic: Topic, event: SubscriptionEvent): void {
    const before = this.#topics.get(topic) ?? UNKNOWN
    const after = afterEvent(before, event)
    const command = this.#isLinked ? commandOf(after) : undefined
    if (command !== undefined) {
      this.#topics.set(topic, { ...after, asked: command })
      this.#send(command, topic)
    } else if (!after.wanted && isSettled(after)) {
      if (this.#topics.delete(topic)) this.#options.onLeft?.(topic)
    } else if (after !== before) {
      this.#topics.set(topic, after)
    }
  }

  #send(command: Command, topic: Topic): void {
    const generation = this.#generation
    this.#asked.set(topic, { generation, at: this.#options.now() })
    this.#heldCount += command === 'join' ? 1 : -1
    this.#options.send(command, topic).then(
      () => this.#answered(topic, command, generation),
      (error: unknown) => this.#answered(topic, command, generation, { error }),
    )
  }

  #answered(topic: Topic, command: Command, generation: number, failure?: { error: unknown }) {
    if (generation !== this.#generation) return
    this.#asked.delete(topic)
    if (failure !== undefined) this.#heldCount += command === 'join' ? -1 : 1
    this.#happen(topic, failure === undefined ? 'done' : 'refused')
    if (failure !== undefined) this.#options.onRefused?.(topic, command, failure.error)
    else if (command === 'join' && this.isJoined(topic)) this.#options.onJoined(topic)
  }
}
