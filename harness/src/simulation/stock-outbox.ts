/** What a stock device has to say: each message is sent until it is known what became of it. */
import type { FakeClock } from '@madang/fanout/testing'
import type { Id } from '@madang/protocol'
import type { History } from './history.ts'
import type { Pipe } from './pipe.ts'

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

export class StockOutbox {
  readonly acknowledged: Sent[] = []
  readonly #waiting = new Set<Outgoing>()
  readonly #history: History
  readonly #clock: FakeClock
  readonly #device: number
  #count = 0

  constructor(history: History, clock: FakeClock, device: number) {
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

  transmitAll(pipe: Pipe): void {
    for (const what of this.#waiting) this.transmit(what, pipe)
  }

  transmit(what: Outgoing, pipe: Pipe): void {
    pipe.request('send', { ...what }, (answer) => {
      if (this.#waiting.has(what)) this.#answered(what, answer as Answer | undefined, pipe)
    })
  }

  /** No answer: whoever is still connected asks again. */
  #answered(what: Outgoing, answer: Answer | undefined, pipe: Pipe): void {
    if (answer?.ok) {
      this.#waiting.delete(what)
      this.acknowledged.push({ ...what, seq: answer.seq })
    } else if (answer?.error.retry === 'never') {
      this.#waiting.delete(what)
    } else {
      this.#clock.after(RETRY_MS, () => {
        if (this.#waiting.has(what) && !pipe.over) this.transmit(what, pipe)
      })
    }
  }
}
