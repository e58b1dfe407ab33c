/** Asks for one page at a time, older or newer, until it is there: across lost connections, and again where the server says later. */
import type { ErrorBody } from '@madang/protocol'
import { backoffMs } from './backoff.ts'
import { BOUNDS } from './bounds.ts'
import type { Clock, Dice, Timer } from './clock.ts'

/** What became of one question. `again`: ask later; the error says when, if there is one. */
export type PageOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly error: ErrorBody | undefined }

export interface PagingParts {
  readonly clock: Clock
  readonly dice: Dice
  hasMore(newer: boolean): boolean
  /** Asks the server; false: there is no connection. `settled` is not called for a question that is lost with its connection. */
  ask(newer: boolean, settled: (outcome: PageOutcome) => void): boolean
  changed(): void
}

const BACKOFF = { baseMs: BOUNDS.requestMsBase, maxMs: BOUNDS.requestMsMax }

export class Paging {
  readonly #parts: PagingParts
  #waiting: (() => void)[] = []
  #newer = false
  #asking = false
  #tries = 0
  #timer: Timer | undefined

  constructor(parts: PagingParts) {
    this.#parts = parts
  }

  isUnderway(newer: boolean): boolean {
    return this.#newer === newer && this.#waiting.length > 0
  }

  /** Resolves when a page has come, or will not come. Who turns round while one is on its way gets that one. */
  load(newer: boolean): Promise<void> {
    if (!this.#parts.hasMore(newer)) return Promise.resolve()
    this.#newer = newer
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#parts.changed()
      this.advance()
    })
  }

  /** Asks, if somebody waits and nothing else has to be waited for. */
  advance(): void {
    if (this.#asking || this.#timer || this.#waiting.length === 0) return
    if (this.#parts.hasMore(this.#newer))
      this.#asking = this.#parts.ask(this.#newer, (one) => this.#settled(one))
    else this.stop()
  }

  /** The connection is gone, and the question with it. */
  lost(): void {
    this.#asking = false
    this.#rest()
  }

  /** Nobody waits any longer. */
  stop(): void {
    this.#rest()
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
    if (waiting.length > 0) this.#parts.changed()
  }

  #settled(outcome: PageOutcome): void {
    this.#asking = false
    if (outcome.kind === 'done') {
      this.#tries = 0
      this.stop()
      return
    }
    const { clock, dice } = this.#parts
    const waitMs = backoffMs(this.#tries, BACKOFF, dice(), outcome.error?.retryAfterMs)
    this.#tries += 1
    this.#timer = clock.after(waitMs, () => {
      this.#timer = undefined
      this.advance()
    })
  }

  #rest(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
