/** A broker's listener that remembers what it was told, and lets a test wait for it. */
import type { BrokerHealth, BrokerListener, Frame, Topic } from '../broker.ts'

/** How long a test waits for what must come. Only a test that fails waits this long. */
const patienceMs = 60_000

export type Told =
  | { readonly kind: 'frame'; readonly topic: Topic; readonly text: string }
  | { readonly kind: 'gap'; readonly topic: Topic | undefined }

export class Recorder implements BrokerListener {
  readonly frames: { readonly topic: Topic; readonly bytes: Buffer }[] = []
  readonly gaps: (Topic | undefined)[] = []
  readonly healths: BrokerHealth[] = []
  /** Frames and gaps in the order in which they were told. */
  readonly log: Told[] = []
  /** Called with each frame after it is remembered. */
  onEach: ((topic: Topic) => void) | undefined
  readonly #texts = new Map<Topic, string[]>()
  readonly #waiting = new Set<() => void>()

  onFrame(topic: Topic, frame: Frame): void {
    const bytes = Buffer.from(frame)
    this.frames.push({ topic, bytes })
    this.log.push({ kind: 'frame', topic, text: bytes.toString() })
    const texts = this.#texts.get(topic)
    if (texts === undefined) this.#texts.set(topic, [bytes.toString()])
    else texts.push(bytes.toString())
    this.#wake()
    this.onEach?.(topic)
  }

  onGap(topic?: Topic): void {
    this.gaps.push(topic)
    this.log.push({ kind: 'gap', topic })
    this.#wake()
  }

  onHealth(health: BrokerHealth): void {
    this.healths.push(health)
    this.#wake()
  }

  /** The frames of one topic, as text. */
  texts(topic: Topic): readonly string[] {
    return this.#texts.get(topic) ?? []
  }

  /** Resolves when `ready` is true, which is asked now and after everything that is told. */
  until(what: string, ready: () => boolean): Promise<void> {
    if (ready()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const ask = () => {
        if (!ready()) return
        clearTimeout(deadline)
        this.#waiting.delete(ask)
        resolve()
      }
      const deadline = setTimeout(() => {
        this.#waiting.delete(ask)
        reject(new Error(`waited ${patienceMs} ms in vain until ${what}`))
      }, patienceMs)
      this.#waiting.add(ask)
    })
  }

  #wake(): void {
    for (const ask of [...this.#waiting]) ask()
  }
}
