/** Notices what a timeline shows for the first time. */
import type { TimelineItem, TimelineMessage } from '@madang/client'
import type { Journal } from './journal.ts'

/** So many known messages in a row, from the end, and the older ones are taken to be known too. */
const KNOWN_IN_A_ROW = 100

export class Shelf {
  readonly #channel: string
  readonly #journal: Journal
  /** Seqs that were ever shown. */
  readonly #ever = new Set<number>()
  /** The smallest seq of the last view that was looked at from end to end: what comes before it was paged in. */
  #first = Number.POSITIVE_INFINITY

  constructor(channel: string, journal: Journal) {
    this.#channel = channel
    this.#journal = journal
  }

  /** `all`: however long it is, from its beginning. */
  look(items: readonly TimelineItem[], all = false): void {
    const fresh: TimelineMessage[] = []
    const inView = new Set<number>()
    let known = 0
    let at = items.length - 1
    for (; at >= 0 && (all || known < KNOWN_IN_A_ROW); at--) {
      const item = items[at]
      if (item?.kind !== 'message' || item.seq === undefined) continue
      // Twice in one view is shown twice; gone from view and paged in again is not.
      const isFresh = inView.has(item.seq) || !this.#ever.has(item.seq)
      known = isFresh ? 0 : known + 1
      if (isFresh) fresh.push(item)
      inView.add(item.seq)
      this.#ever.add(item.seq)
    }
    for (const message of fresh.reverse()) this.#tell(message)
    if (at < 0) this.#first = items.find(({ seq }) => seq !== undefined)?.seq ?? this.#first
  }

  #tell({ key, author, seq = 0 }: TimelineMessage): void {
    const isOwn = !key.includes(':')
    const clientId = key.slice(key.indexOf(':') + 1)
    this.#journal.shown({
      channel: this.#channel,
      seq,
      author: author.id,
      clientId,
      how: isOwn ? 'own' : seq < this.#first && this.#ever.size > 1 ? 'page' : 'live',
    })
    // Now, as it may be put out of the channel before the end, and then shows nothing of it.
    if (isOwn) this.#journal.learned(clientId, seq)
  }
}
