/** Remembers what was there already, within bounds of number and of age: two generations, of which the older is forgotten as a whole. */

export interface RepeatsLimits {
  /** How many of one generation; up to twice as many are remembered. */
  readonly idsMax: number
  /** How long a generation grows, in ms; an id is remembered for at least that long, unless there are too many. */
  readonly ageMsMax: number
}

export class Repeats {
  readonly #limits: RepeatsLimits
  #young = new Set<string>()
  #old = new Set<string>()
  #since = Number.NEGATIVE_INFINITY

  constructor(limits: RepeatsLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id)
  }

  /** True where it was there already; remembers it either way. */
  add(id: string, now: number): boolean {
    if (this.has(id)) return true
    const { idsMax, ageMsMax } = this.#limits
    if (this.#young.size >= idsMax || now - this.#since > ageMsMax) {
      // After a long silence both generations are of yesterday.
      this.#old = now - this.#since > 2 * ageMsMax ? new Set() : this.#young
      this.#young = new Set()
      this.#since = now
    }
    this.#young.add(id)
    return false
  }
}
