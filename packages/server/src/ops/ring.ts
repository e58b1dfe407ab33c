/** The last so many of something, oldest first. */
export class Ring<T> {
  readonly #max: number
  readonly #items: T[] = []
  /** Where the oldest is, once it is full. */
  #at = 0

  /** `max`: how many are kept, at least 1. */
  constructor(max: number) {
    this.#max = max
  }

  add(item: T): void {
    this.#items[this.#at] = item
    this.#at = (this.#at + 1) % this.#max
  }

  *[Symbol.iterator](): Iterator<T> {
    const isFull = this.#items.length === this.#max
    for (let n = 0; n < this.#items.length; n += 1) {
      const item = this.#items[isFull ? (this.#at + n) % this.#max : n]
      if (item !== undefined) yield item
    }
  }

  clear(): void {
    this.#items.length = 0
    this.#at = 0
  }
}
