/**
 * Lets only so many through in one turn of the event loop; the others wait their turn, in order.
 *
 * With an embedded store an admission never leaves the turn in which it began: all who come at once would be let in before anybody else's packet is read.
 */
export interface TurnsParts {
  readonly perTurn: number
  /** Runs it in a later turn, after what has come in meanwhile was read. */
  readonly defer: (run: () => void) => void
}

export class Turns {
  readonly #parts: TurnsParts
  readonly #waiting: (() => void)[] = []
  #left: number
  #isDeferred = false

  constructor(parts: TurnsParts) {
    this.#parts = parts
    this.#left = parts.perTurn
  }

  /** Undefined: go on at once. Else resolves in the turn that is yours. */
  take(): Promise<void> | undefined {
    this.#renewLater()
    if (this.#left > 0) {
      this.#left--
      return undefined
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #renewLater(): void {
    if (this.#isDeferred) return
    this.#isDeferred = true
    this.#parts.defer(() => this.#renew())
  }

  #renew(): void {
    this.#isDeferred = false
    const next = this.#waiting.splice(0, this.#parts.perTurn)
    this.#left = this.#parts.perTurn - next.length
    if (next.length > 0) this.#renewLater()
    for (const resolve of next) resolve()
  }
}
