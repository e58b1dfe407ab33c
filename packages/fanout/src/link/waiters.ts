/** Promises that wait for something to happen to a topic. */

export class Waiters<Key> {
  readonly #waiting = new Map<Key, (() => void)[]>()

  /** Keys that somebody waits for. */
  get keys(): readonly Key[] {
    return [...this.#waiting.keys()]
  }

  /** Resolves at the next `release` of the key. */
  wait(key: Key): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(key)
      if (waiting === undefined) this.#waiting.set(key, [resolve])
      else waiting.push(resolve)
    })
  }

  release(key: Key): void {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    this.#waiting.delete(key)
    for (const resolve of waiting) resolve()
  }

  releaseAll(): void {
    for (const key of [...this.#waiting.keys()]) this.release(key)
  }
}
