/** Calls methods of the API process: once, or a second time where that is safe, and never longer than the method's deadline. */
import type { Clock } from '../../clock.ts'
import { StoreError } from '../store.ts'
import { pathOf, STORE_API_LIMITS } from './contract.ts'
import { type Answer, type Exchange, NoAnswer } from './exchange.ts'
import { METHODS } from './methods.ts'
import { type Reading, readAnswer } from './reading.ts'
import type { Method, MethodName } from './row.ts'
import type { ApiState } from './watch.ts'

/** What an operator is told. Must not throw. */
export interface RemoteReport {
  /** `outcome`: "ok", the code of the refusal, "odd", or why there was no answer. */
  called(method: MethodName, outcome: string, tookMs: number): void
  /** The API process came or went, or answered what it should not. */
  warn(text: string, facts: object): void
  info(text: string, facts: object): void
}

export interface CallerOptions {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly random: () => number
  readonly report: RemoteReport
  readonly state: () => ApiState
  /** There was no answer, or one of somebody else. */
  readonly onDoubt: () => void
}

export const CALLS = {
  /** Requests under way or waiting for a connection; past it a call is refused as busy. */
  callsMax: 2_000,
  connectionsMax: 32,
  /** The pause before a request is made a second time, in ms: random, so that all nodes do not come back at once. */
  repeatPauseMsMin: 20,
  repeatPauseMsMax: 200,
  /** Answers that cannot be understood are counted all, and told of this often, in ms. */
  oddIntervalMs: 1_000,
} as const

export class Caller {
  readonly #options: CallerOptions
  #calls = 0
  #oddToldAt = Number.NEGATIVE_INFINITY

  constructor(options: CallerOptions) {
    this.#options = options
  }

  /** Rejects with `StoreError`. `items`: how many answers the list must have. */
  async call(name: MethodName, args: readonly unknown[], items?: number): Promise<unknown> {
    if (this.#options.state() !== 'up') {
      throw new StoreError('unavailable', 'The API process does not answer.')
    }
    if (this.#calls >= CALLS.callsMax) {
      throw new StoreError('busy', `${CALLS.callsMax} calls of the API process wait already.`)
    }
    this.#calls += 1
    try {
      return await this.#call(name, args, items)
    } finally {
      this.#calls -= 1
    }
  }

  /** Whether the API process answers, whatever was known before. Rejects with why not. */
  async probe(): Promise<void> {
    const method = METHODS.ping
    const answer = await this.#options.exchange.post(pathOf('ping'), '{}', method.deadlineMs)
    const reading = readAnswer(method, answer)
    if (reading.outcome === 'odd') throw new Error(reading.detail)
    if (reading.outcome === 'refused') throw reading.error
  }

  async #call(name: MethodName, args: readonly unknown[], items?: number): Promise<unknown> {
    const { clock, report } = this.#options
    const method = METHODS[name]
    const begunAt = clock.monotonic()
    const told = (outcome: string) => report.called(name, outcome, clock.monotonic() - begunAt)
    let reading: Reading
    try {
      reading = readAnswer(method, await this.#ask(name, method, args, begunAt), items)
    } catch (error) {
      if (error instanceof StoreError) throw error
      told(error instanceof NoAnswer ? error.silence : 'broken')
      this.#options.onDoubt()
      throw new StoreError('unavailable', 'The API process did not answer.', { cause: error })
    }
    if (reading.outcome === 'value') {
      told('ok')
      return reading.value
    }
    if (reading.outcome === 'refused') {
      told(reading.error.code)
      throw reading.error
    }
    told('odd')
    const { detail, isForeign } = reading
    this.#tellOdd(name, detail)
    if (isForeign) this.#options.onDoubt()
    throw new StoreError('unavailable', `The API process cannot be understood: ${detail}.`)
  }

  #tellOdd(method: MethodName, detail: string): void {
    const { clock, report } = this.#options
    if (clock.monotonic() - this.#oddToldAt < CALLS.oddIntervalMs) return
    this.#oddToldAt = clock.monotonic()
    report.warn('The API process answered what the contract does not know.', { method, detail })
  }

  async #ask(
    name: MethodName,
    method: Method,
    args: readonly unknown[],
    begunAt: number,
  ): Promise<Answer> {
    const { exchange, clock } = this.#options
    const named = method.takes.map((key, index) => [key, args[index]] as const)
    const body = JSON.stringify(Object.fromEntries(named))
    if (Buffer.byteLength(body) > STORE_API_LIMITS.requestBytesMax) {
      throw new StoreError('too_large', 'The request is larger than the API process takes.')
    }
    try {
      return await exchange.post(pathOf(name), body, method.deadlineMs)
    } catch (error) {
      const isBroken = error instanceof NoAnswer && error.silence === 'broken'
      if (!isBroken || !isRepeatable(method, args)) throw error
      await this.#pause()
      const leftMs = method.deadlineMs - (clock.monotonic() - begunAt)
      if (leftMs <= 0) throw error
      return await exchange.post(pathOf(name), body, leftMs)
    }
  }

  #pause(): Promise<void> {
    const { clock, random } = this.#options
    const { repeatPauseMsMin: least, repeatPauseMsMax: most } = CALLS
    return new Promise((resolve) => {
      clock.after(least + random() * (most - least), resolve)
    })
  }
}

/** What has a client id is there once, however often it is asked for; of the rest nobody knows what became of it. */
export function isRepeatable({ repeats }: Method, args: readonly unknown[]): boolean {
  if (repeats !== 'once') return repeats === 'always'
  const [entries] = args
  return Array.isArray(entries) && entries.every(hasClientId)
}

function hasClientId(append: { readonly entry?: { readonly clientId?: unknown } }): boolean {
  return typeof append.entry?.clientId === 'string'
}
