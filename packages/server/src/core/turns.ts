/** Lets changes of one place follow one another on this node, so that each is decided by what the one before it left. */
import { Refusal } from './refusal.ts'

export class Turns {
  readonly #lines = new Map<string, { last: Promise<unknown>; waiting: number }>()
  readonly #waitingMax: number

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax
  }

  /** Keys with work under way or waiting. */
  get size(): number {
    return this.#lines.size
  }

  /**
   * Runs the work when all work that was asked for earlier under any of the keys has settled. Keys are taken in the order given; every caller
   * must give them in the same order of kinds, so that no two wait for each other. Rejects with `busy` past the bound of a key.
   */
  take<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const [key, ...others] = keys
    if (key === undefined) return work()
    return this.#line(key, () => this.take(others, work))
  }

  async #line<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lines.get(key) ?? { last: Promise.resolve(), waiting: 0 }
    if (line.waiting >= this.#waitingMax) {
      throw new Refusal('busy', { limit: 'turnsWaitingMax' })
    }
    this.#lines.set(key, line)
    line.waiting += 1
    const mine = line.last.then(work, work)
    line.last = mine
    try {
      return await mine
    } finally {
      line.waiting -= 1
      if (line.waiting === 0) this.#lines.delete(key)
    }
  }
}
