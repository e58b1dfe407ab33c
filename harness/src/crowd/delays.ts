/** How long it takes from a send until the others show it. */
export class Delays {
  readonly #sentAt = new Map<string, number>()
  readonly #shownBy = new Map<string, Set<string>>()
  readonly #delaysMs: number[] = []

  sent(clientId: string): void {
    this.#sentAt.set(clientId, performance.now())
  }

  /** Only the first time counts, and the sender's own screen does not. */
  shown(clientId: string, reader: string, isOwn: boolean): void {
    const sentAt = this.#sentAt.get(clientId)
    const readers = this.#shownBy.get(clientId) ?? new Set()
    if (sentAt === undefined || isOwn || readers.has(reader)) return
    this.#shownBy.set(clientId, readers.add(reader))
    this.#delaysMs.push(performance.now() - sentAt)
  }

  /** In ms, rounded. */
  summary(): { readonly medianMs: number; readonly longestMs: number } {
    const sorted = this.#delaysMs.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
    return { medianMs: at(0.5), longestMs: at(1) }
  }
}
