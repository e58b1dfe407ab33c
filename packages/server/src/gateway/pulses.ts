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
  readonly bounds: { readonly pulseMs: number; readonly nodeSilenceMsMax: number }
  /** Told of each node that was heard once, and then was not for too long. It may be heard again. */
  readonly onSilent: (node: string) => void
  /** Told at each beat for how long this node stood still before it, in ms: about `pulseMs` where it did not. */
  readonly onBeat?: (stillMs: number) => void
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

  /** For how long this node may have stood still until now, in ms: what came in meanwhile may be read before any timer fires. */
  stillMs(): number {
    return this.#timer === undefined ? 0 : this.#parts.clock.monotonic() - this.#beatAt
  }

  start(): void {
    const { clock, notes, bounds } = this.#parts
    void notes.hold(NODES_TOPIC)
    this.#beatAt = clock.monotonic()
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
    const now = clock.monotonic()
    this.#parts.onBeat?.(now - this.#beatAt)
    const wasAsleep = now - this.#beatAt > 2 * bounds.pulseMs
    this.#beatAt = now
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
