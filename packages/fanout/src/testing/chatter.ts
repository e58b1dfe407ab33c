/** A node that counts aloud on many topics while things break, and what the others must have heard of it. */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Topic } from '../broker.ts'
import { bytes, type Node } from './ground.ts'

/** The time between two counts of a topic. */
const ROUND_MS = 40
/** How long a test waits for what must come. Only a test that fails waits this long. */
const PATIENCE_MS = 60_000

export class Chatter {
  readonly topics: readonly Topic[]
  readonly #speaker: Node
  readonly #ended = new AbortController()
  #count = 0
  #talk: Promise<void> | undefined

  constructor(speaker: Node, topics: readonly Topic[]) {
    this.#speaker = speaker
    this.topics = topics
  }

  /** The last number that was said on every topic. */
  get count(): number {
    return this.#count
  }

  start(): void {
    this.#talk = this.#run()
  }

  async stop(): Promise<void> {
    this.#ended.abort()
    await this.#talk
  }

  /** Resolves when each listener has heard on each topic a number that is said from now on. */
  async heardBy(listeners: readonly Node[]): Promise<void> {
    const mark = this.#count
    const untilMs = performance.now() + PATIENCE_MS
    for (;;) {
      const deaf = listeners.flatMap((node, i) =>
        this.topics
          .filter((topic) => !numbersOf(node, topic).some((number) => number > mark))
          .map((topic) => `listener ${i} on ${topic}`),
      )
      if (deaf.length === 0) return
      if (performance.now() > untilMs) assert.fail(`deaf for ${PATIENCE_MS} ms: ${deaf.join(', ')}`)
      await wait(ROUND_MS)
    }
  }

  async #run(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      this.#count += 1
      for (const topic of this.topics) {
        assert.equal(typeof this.#speaker.broker.publish(topic, bytes(`${this.#count}`)), 'boolean')
      }
      await wait(ROUND_MS)
    }
  }
}

/** The numbers that a node heard on a topic, in order. */
function numbersOf(node: Node, topic: Topic): readonly number[] {
  return node.heard.texts(topic).map(Number)
}

/** At most once, and in the order of publishing. */
export function assertInOrder(node: Node, topics: readonly Topic[]): void {
  for (const topic of topics) {
    const numbers = numbersOf(node, topic)
    for (const [i, number] of numbers.entries()) {
      const before = numbers[i - 1] ?? 0
      assert.ok(number > before, `${number} came after ${before} on ${topic}`)
    }
  }
}

/** Between entry `from` of what the node was told and the first number above `mark`, a gap of each topic was told. */
export function assertGapTold(
  node: Node,
  topics: readonly Topic[],
  from: number,
  mark: number,
): void {
  for (const topic of topics) {
    const later = node.heard.log.slice(from)
    const gap = later.findIndex(
      (told) => told.kind === 'gap' && (told.topic === undefined || told.topic === topic),
    )
    const frame = later.findIndex(
      (told) => told.kind === 'frame' && told.topic === topic && Number(told.text) > mark,
    )
    assert.ok(gap !== -1, `no gap was told on ${topic}`)
    assert.ok(gap < frame, `on ${topic} a frame came before the gap was told`)
  }
}
