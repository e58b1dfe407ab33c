/** Where the list is held while its rows are measured, come and go: performs what `scroll.ts` decides. */
import { type Extent, type Hold, holdAfter, isAtEnd } from './scroll.ts'

/** A hand on the list is felt so long before the list is seen to move. */
const HAND_MS = 300

export interface PlaceParts {
  /** What scrolls; null before it is there. */
  element(): HTMLElement | null
  /** Where a row is to be seen, in pixels from the list's beginning; undefined where there is no such row. */
  topOf(key: string): number | undefined
  /** The rows end before the newest message. */
  newer(): boolean
  /** Hears whether the reader is at the end. */
  onEnd(atEnd: boolean): void
}

export class Place {
  readonly #parts: PlaceParts
  #hold: Hold = 'end'
  #last: Extent | undefined
  #hand: ReturnType<typeof setTimeout> | undefined

  constructor(parts: PlaceParts) {
    this.#parts = parts
  }

  get isFollowing(): boolean {
    return this.#hold === 'end'
  }

  /** Before it is laid out the list has no place to speak of. */
  extent(): Extent | undefined {
    const element = this.#parts.element()
    if (!element || element.clientHeight === 0) return undefined
    const { scrollTop, scrollHeight, clientHeight } = element
    return { offset: scrollTop, size: scrollHeight, viewport: clientHeight }
  }

  lead(to: Hold): void {
    this.#handOff()
    this.#hold = to
    this.put()
  }

  /** Not by the list's own way to a row: that goes on for a while, and pulls back whoever scrolls meanwhile. */
  put(): void {
    const now = this.extent()
    const element = this.#parts.element()
    if (!now || !element || this.#hand !== undefined) return
    const top = this.#top(now)
    if (top !== undefined) element.scrollTop = top
    this.#last = this.extent()
  }

  onScroll(): void {
    const now = this.extent()
    if (!now) return
    const [hold, top, before] = [this.#hold, this.#top(now), this.#last]
    this.#hold = holdAfter({ hold, top, before, now, newer: this.#parts.newer() })
    this.#last = now
    this.#parts.onEnd(isAtEnd(now))
  }

  onResize(): void {
    if (this.#hold === undefined) this.onScroll()
    else this.put()
    const now = this.extent()
    if (now) this.#parts.onEnd(isAtEnd(now))
  }

  onHand(): void {
    clearTimeout(this.#hand)
    this.#hand = setTimeout(() => {
      this.#hand = undefined
      this.put()
    }, HAND_MS)
  }

  stop(): void {
    this.#handOff()
  }

  #handOff(): void {
    clearTimeout(this.#hand)
    this.#hand = undefined
  }

  /** Where the list is to be scrolled to, in pixels; undefined for where it is. */
  #top({ size, viewport }: Extent): number | undefined {
    if (this.#hold === undefined) return undefined
    const end = size - viewport
    if (this.#hold === 'end') return end
    const top = this.#parts.topOf(this.#hold.row)
    return top === undefined ? undefined : Math.min(top, end)
  }
}
