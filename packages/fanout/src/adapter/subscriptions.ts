/** What this node wants to hear, told to the broker as it changes. */
import type { Broker, Topic } from '../broker.ts'

/**
 * Keeps nothing but what is on its way: which topics are wanted is known by whoever asks for them, and kept by the broker, for which the last call per topic wins.
 */
export class Subscriptions {
  readonly #broker: Broker
  readonly #onError: (error: unknown) => void
  readonly #pending = new Map<Topic, Promise<void>>()
  #started: Promise<void> | undefined

  constructor(broker: Broker, onError: (error: unknown) => void) {
    this.#broker = broker
    this.#onError = onError
  }

  /** The broker takes no call before it is started; what is asked for meanwhile waits, in order. */
  startAfter(started: Promise<void>): void {
    this.#started = started
    // After those that wait already.
    void started.then(() =>
      queueMicrotask(() => {
        this.#started = undefined
      }),
    )
  }

  /** Resolves when frames published anywhere from now on arrive, or when the broker is away; never rejects. */
  add(topic: Topic): Promise<void> {
    const added = this.#call(() => this.#broker.subscribe(topic)).then(() => {
      if (this.#pending.get(topic) === added) this.#pending.delete(topic)
    })
    this.#pending.set(topic, added)
    return added
  }

  remove(topic: Topic): void {
    this.#pending.delete(topic)
    void this.#call(() => this.#broker.unsubscribe(topic))
  }

  /** What is still to be waited for before the topic, added earlier, is heard. */
  pending(topic: Topic): Promise<void> | undefined {
    return this.#pending.get(topic)
  }

  async #call(run: () => Promise<void>): Promise<void> {
    try {
      if (this.#started !== undefined) await this.#started
      await run()
    } catch (error) {
      this.#onError(error)
    }
  }
}
