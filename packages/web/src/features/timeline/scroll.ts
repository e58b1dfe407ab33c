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

/** Whether the list is to follow its end. Whoever moves away from it, by however little, must not be pulled back. */
export function followsEnd(before: Extent | undefined, now: Extent): boolean {
  const isMovingAway = before !== undefined && now.offset < before.offset
  return isAtEnd(now, isMovingAway ? ROUNDING : END_SLACK)
}

/** Messages that are not loaded are fetched this many screens before the reader gets there. */
const AHEAD_SCREENS = 2

export function wantsOlder({ offset, viewport }: Extent): boolean {
  return offset < viewport * AHEAD_SCREENS
}

export function wantsNewer({ offset, size, viewport }: Extent): boolean {
  return size - offset - viewport < viewport * AHEAD_SCREENS
}
