/** How a broker speaks to its listener: in the order in which things happened, and never from within a call. */
import type { BrokerHealth, BrokerListener, Frame, Topic } from '../broker.ts'

export interface VoiceOptions {
  /** Whether the topic is subscribed at this moment: a frame that waits its turn is dropped where it is not. */
  readonly isWanted: (topic: Topic) => boolean
  /** Told what the listener threw. */
  readonly onListenerError?: ((error: unknown) => void) | undefined
}

type Words = (listener: BrokerListener) => void

export class Voice {
  readonly #options: VoiceOptions
  #listener: BrokerListener | undefined
  #waiting: Words[] = []
  #speaking = false

  constructor(options: VoiceOptions) {
    this.#options = options
  }

  open(listener: BrokerListener): void {
    this.#listener = listener
  }

  /** Nothing is said from now on. */
  close(): void {
    this.#listener = undefined
    this.#waiting = []
  }

  /** Called from where frames come in, which is never within a call of the broker: said at once where nothing waits before it. */
  frame(topic: Topic, frame: Frame): void {
    const words: Words = (listener) => {
      if (this.#options.isWanted(topic)) listener.onFrame(topic, frame)
    }
    if (this.#waiting.length > 0 || this.#speaking) this.#waiting.push(words)
    else this.#say(words)
  }

  gap(topic?: Topic): void {
    this.#later((listener) => {
      if (topic === undefined || this.#options.isWanted(topic)) listener.onGap(topic)
    })
  }

  health(health: BrokerHealth): void {
    this.#later((listener) => listener.onHealth(health))
  }

  /** Says all that waits. */
  flush(): void {
    if (this.#speaking) return
    for (let at = 0; at < this.#waiting.length; at++) {
      const words = this.#waiting[at]
      if (words !== undefined) this.#say(words)
    }
    this.#waiting = []
  }

  #later(words: Words): void {
    this.#waiting.push(words)
    if (this.#waiting.length === 1 && !this.#speaking) queueMicrotask(() => this.flush())
  }

  #say(words: Words): void {
    if (this.#listener === undefined) return
    this.#speaking = true
    try {
      words(this.#listener)
    } catch (error) {
      this.#options.onListenerError?.(error)
    } finally {
      this.#speaking = false
    }
    if (this.#waiting.length > 0) queueMicrotask(() => this.flush())
  }
}
