/** Tells the operator when the broker goes away and when it is back: one line each, however often it is tried meanwhile. */
import type { BrokerHealth } from '@madang/fanout'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

export interface BrokerWatchParts {
  /** The broker's. */
  readonly name: string
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Pick<Log, 'info' | 'warn'>
}

export class BrokerWatch {
  readonly #parts: BrokerWatchParts
  #awayFrom: number | undefined
  #outages = 0
  #awayMs = 0

  constructor(parts: BrokerWatchParts) {
    this.#parts = parts
  }

  /** Times that it went away so far, an absence at the start included. */
  get outages(): number {
    return this.#outages
  }

  /** How long it was away so far, in ms. */
  get awayMs(): number {
    const { clock } = this.#parts
    return this.#awayMs + (this.#awayFrom === undefined ? 0 : clock.monotonic() - this.#awayFrom)
  }

  heard({ connected, detail }: BrokerHealth): void {
    if (connected) this.#back(detail)
    else this.#away(detail)
  }

  /** Another reason for the same absence is no news. */
  #away(detail: string): void {
    const { name, clock, log } = this.#parts
    if (this.#awayFrom !== undefined) return
    this.#awayFrom = clock.monotonic()
    this.#outages++
    const text =
      'The broker is away: chat goes on, and what other nodes commit is read from the store every second until it is back.'
    log.warn({ broker: name, detail }, text)
  }

  #back(detail: string): void {
    const { name, clock, log } = this.#parts
    if (this.#awayFrom === undefined) {
      log.info({ broker: name, detail }, 'The broker is there.')
      return
    }
    const awayMs = Math.round(clock.monotonic() - this.#awayFrom)
    this.#awayMs += awayMs
    this.#awayFrom = undefined
    const text = `The broker is back, after ${(awayMs / 1_000).toFixed(1)} s.`
    log.info({ broker: name, detail, awayMs }, text)
  }
}
