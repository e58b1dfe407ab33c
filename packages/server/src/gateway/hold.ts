/** Keeps a channel's live events for one reader from the moment of entry until what came before has been handed over. */
import type { LogEvent } from '@madang/protocol'
import type { Entered } from '../feed/feeds.ts'

export class Hold {
  readonly #eventsMax: number
  #entered: Entered | undefined
  #events: LogEvent[] = []
  #overflowed = false

  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax
  }

  /** The reader's place of entry; undefined before it. */
  get entered(): Entered | undefined {
    return this.#entered
  }

  /** More came than could be kept: the opening has to begin anew. */
  get overflowed(): boolean {
    return this.#overflowed
  }

  enter(entered: Entered): void {
    this.#entered = entered
  }

  /** An event was delivered to the channel. What comes before the entry is part of what the entry gives. */
  passed(event: LogEvent): void {
    if (this.#entered === undefined || this.#overflowed) return
    if (this.#events.length < this.#eventsMax) this.#events.push(event)
    else {
      this.#overflowed = true
      this.#events = []
    }
  }

  /** What came since the entry, beyond `head`. */
  after(head: number): readonly LogEvent[] {
    return this.#events.filter((event) => event.seq > head)
  }
}
