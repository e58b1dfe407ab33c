/** Lets nodes hear how much of a rate was used on the others, so that whoever has connections on several nodes has not several times as much. */
import type { Clock, Timer } from '../clock.ts'
import type { Rates } from '../doors/rates.ts'
import type { Notes } from '../feed/notes.ts'
import { NODES_TOPIC } from '../feed/topics.ts'

export interface RateNotesParts {
  readonly clock: Clock
  readonly notes: Notes
  readonly rates: Pick<Rates, 'untold' | 'owe'>
  /** Whether there can be other nodes to tell. */
  readonly isShared: boolean
  readonly isConnected: () => boolean
  readonly count: (what: 'sent' | 'received') => void
}

export const RATE_NOTE_BOUNDS = {
  /** A node tells the others at most this often, in ms: so late do they hear of it. */
  rateNoteIntervalMs: 1_000,
  /** Keys in one note; those beyond wait for the next. A note is 90 KB at most then. */
  rateNoteKeysMax: 1_000,
} as const

/**
 * At most one note per node and second, and none where nobody uses much. While the broker is away each node holds people to what they use there alone, and what was
 * used meanwhile is not told afterwards: it would be old.
 *
 * What N nodes give to one key in `t` seconds is at most (burst + perSecond × t) × (1 + (N − 1) / 8) + (N − 1) × (burst + perSecond × L), where L is how late notes
 * are heard: the interval and the way through the broker. The first part is the rate, and the share of it that nodes use without a word; the second
 * is what the others give before they hear of it, once. Without a broker it is N times the rate.
 */
export class RateNotes {
  readonly #parts: RateNotesParts
  #timer: Timer | undefined
  #telling = false

  constructor(parts: RateNotesParts) {
    this.#parts = parts
    // Told to this node as well, in the very call: those are its own.
    parts.notes.on('rates', (_, { taken }) => {
      if (this.#telling) return
      parts.count('received')
      for (const taking of taken) parts.rates.owe(taking)
    })
  }

  start(): void {
    const { clock, notes, isShared } = this.#parts
    if (!isShared) return
    void notes.hold(NODES_TOPIC)
    this.#timer ??= clock.every(RATE_NOTE_BOUNDS.rateNoteIntervalMs, () => this.#tell())
  }

  stop(): void {
    if (this.#timer === undefined) return
    this.#timer.cancel()
    this.#timer = undefined
    this.#parts.notes.release(NODES_TOPIC)
  }

  #tell(): void {
    const { notes, rates, isConnected, count } = this.#parts
    const taken = rates.untold(RATE_NOTE_BOUNDS.rateNoteKeysMax)
    if (taken.length === 0 || !isConnected()) return
    count('sent')
    this.#telling = true
    const body = {
      taken: taken.map(([rate, key, tokens]): [string, string, number] => [rate, key, tokens]),
    }
    notes.publish(NODES_TOPIC, { kind: 'rates', body })
    this.#telling = false
  }
}
