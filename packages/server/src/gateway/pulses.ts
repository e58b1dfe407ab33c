/** Says that this node is alive, and finds out within seconds which of the others is not any more. */
import type { Clock, Timer } from '../clock.ts'
import type { Notes } from '../feed/notes.ts'
import { NODES_TOPIC } from '../feed/topics.ts'

export interface PulsesParts {
  readonly clock: Clock
  readonly notes: Notes
  /** This process's name. */
  readonly node: string
  readonly brokerAway: () => boolean
  readonly bounds: {
    readonly pulseMs: number
    readonly nodeSilenceMsMax: number
    readonly pauseMsMax: number
  }
  /** Told of each node that was heard once, and then was not for too long. It may be heard again. */
  readonly onSilent: (node: string) => void
  /** Told of each time that this node stood still for longer than `pauseMsMax`, once, with how long, in ms. */
  readonly onStill?: (stillMs: number) => void
}

/**
 * One small note per node every two seconds, however many people and communities there are. Silence is blamed on a node only where it could have been heard: while the
 * broker was there and this process was awake.
 */
export class Pulses {
  readonly #parts: PulsesParts
  readonly #heardAt = new Map<string, number>()
  #timer: Timer | undefined
  #beatAt = 0
  /** When this node was last known to go on: the last beat, or when a standstill was told of before it. */
  #awakeAt = 0
  /** Since when others could be heard. */
  #listeningFrom = 0

  constructor(parts: PulsesParts) {
    this.#parts = parts
    parts.notes.on('pulse', (_, { node }) => this.heard(node))
  }

  /** Whatever a node says is a sign of its life, too: one that is killed before its first pulse is found out about like any other. */
  heard(node: string): void {
    const { clock } = this.#parts
    if (node !== this.#parts.node) this.#heardAt.set(node, clock.monotonic())
  }

  /** Whether this node stood still until now: to be asked before anything is done that was read, because what came in meanwhile may be read before any timer fires. */
  look(): void {
    if (this.#timer === undefined) return
    const { clock, bounds, onStill } = this.#parts
    const now = clock.monotonic()
    const stillMs = now - this.#awakeAt
    if (stillMs <= bounds.pauseMsMax) return
    this.#awakeAt = now
    onStill?.(stillMs)
  }

  start(): void {
    const { clock, notes, bounds } = this.#parts
    void notes.hold(NODES_TOPIC)
    this.#beatAt = clock.monotonic()
    this.#awakeAt = this.#beatAt
    this.#listeningFrom = this.#beatAt
    this.#timer ??= clock.every(bounds.pulseMs, () => this.#beat())
  }

  stop(): void {
    if (this.#timer === undefined) return
    this.#timer.cancel()
    this.#timer = undefined
    this.#parts.notes.release(NODES_TOPIC)
    this.#heardAt.clear()
  }

  #beat(): void {
    const { clock, notes, node, bounds, brokerAway } = this.#parts
    this.look()
    const now = clock.monotonic()
    const wasAsleep = now - this.#beatAt > 2 * bounds.pulseMs
    this.#beatAt = now
    this.#awakeAt = now
    if (brokerAway()) {
      this.#listeningFrom = now
      return
    }
    if (wasAsleep) this.#listeningFrom = now
    notes.publish(NODES_TOPIC, { kind: 'pulse', body: { node } })
    this.#judge(now)
  }

  #judge(now: number): void {
    const { bounds, onSilent } = this.#parts
    for (const [node, heardAt] of this.#heardAt) {
      if (now - Math.max(heardAt, this.#listeningFrom) < bounds.nodeSilenceMsMax) continue
      this.#heardAt.delete(node)
      onSilent(node)
    }
  }
}
