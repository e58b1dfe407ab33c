/** What a device of a simulated run has to say: each message is sent until it is known what became of it. */
import type { Id } from '@madang/protocol'
import type { Clock } from '../../clock.ts'
import type { MemoryClient } from '../../gateway/testing/memory-wire.ts'
import type { History } from './history.ts'

interface Outgoing {
  readonly clientId: string
  readonly channelId: Id
  readonly text: string
}

interface Sent extends Outgoing {
  readonly seq: number
}

type Answer =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly error: { readonly code: string; readonly retry: string } }

const RETRY_MS = 300

export class Outbox {
  readonly acknowledged: Sent[] = []
  readonly #waiting = new Set<Outgoing>()
  readonly #history: History
  readonly #clock: Clock
  readonly #device: number
  #count = 0

  constructor(history: History, clock: Clock, device: number) {
    this.#history = history
    this.#clock = clock
    this.#device = device
  }

  /** Messages of which nobody has said what became of them. */
  get waiting(): readonly Outgoing[] {
    return [...this.#waiting]
  }

  next(): number {
    this.#count += 1
    return this.#count
  }

  add(personId: Id, channelId: Id): Outgoing {
    const clientId = `m${this.#device}-${this.next()}`
    const what = { clientId, channelId, text: `text ${clientId}` }
    this.#waiting.add(what)
    this.#history.note({ what: 'asked', device: this.#device, personId, ...what })
    return what
  }

  transmitAll(memory: MemoryClient | undefined): void {
    for (const what of this.#waiting) this.transmit(what, memory)
  }

  transmit(what: Outgoing, memory: MemoryClient | undefined): void {
    memory?.ask('send', { ...what }, (answer) => this.#answered(what, answer as Answer, memory))
  }

  #answered(what: Outgoing, answer: Answer, memory: MemoryClient): void {
    if (!this.#waiting.has(what)) return
    const { clientId } = what
    const device = this.#device
    if (answer.ok) {
      this.#waiting.delete(what)
      this.acknowledged.push({ ...what, seq: answer.seq })
      this.#history.note({ what: 'acknowledged', device, clientId, seq: answer.seq })
    } else if (answer.error.retry === 'never') {
      this.#waiting.delete(what)
      this.#history.note({ what: 'refused', device, clientId, code: answer.error.code })
    } else {
      this.#clock.after(RETRY_MS, () => {
        if (this.#waiting.has(what) && memory.closedBy === undefined) this.transmit(what, memory)
      })
    }
  }
}
