/** Where the reader stands in the list, and what follows from it. Pure; all in pixels. */
export interface Extent {
  readonly offset: number
  readonly size: number
  readonly viewport: number
}

/** So near to the end that the reader means the end. */
const END_SLACK = 32

export function isAtEnd({ offset, size, viewport }: Extent, slack = END_SLACK): boolean {
  return size - offset - viewport <= slack
}

/** Sizes are fractions of pixels, places are not. */
const ROUNDING = 2

/** What the list is held at while rows are measured, come and go: its end, a row's top by the row's key, or nothing. */
export type Hold = 'end' | { readonly row: string } | undefined

export interface Scrolled {
  readonly hold: Hold
  /** Where the list is to be for what it is held at, in pixels. */
  readonly top: number | undefined
  /** Before it was scrolled. */
  readonly before: Extent | undefined
  readonly now: Extent
  /** The end is not the newest. */
  readonly newer: boolean
}

/** What the list is held at after it was scrolled. Whoever moves away, by however little, must not be pulled back. */
export function holdAfter({ hold, top, before, now, newer }: Scrolled): Hold {
  if (top !== undefined && Math.abs(now.offset - top) <= ROUNDING) return hold
  const isMovingAway = before !== undefined && now.offset < before.offset
  if (hold === 'end' && !isMovingAway) return hold
  return isAtEnd(now, isMovingAway ? ROUNDING : END_SLACK) && !newer ? 'end' : undefined
}

/** Messages that are not loaded are fetched this many screens before the reader gets there. */
const AHEAD_SCREENS = 2

export function wantsOlder({ offset, viewport }: Extent): boolean {
  return offset < viewport * AHEAD_SCREENS
}

export function wantsNewer({ offset, size, viewport }: Extent): boolean {
  return size - offset - viewport < viewport * AHEAD_SCREENS
}
