/** The difference between two lists as one splice. Pure. */

export interface Splice<T> {
  /** So many stay at the beginning, ... */
  readonly from: number
  /** ... so many after them go, ... */
  readonly gone: number
  /** ... and these come in their place. */
  readonly come: readonly T[]
}

/** Lists of the client grow at an end, or change in one place: what is the same before and after that is found by identity. */
export function spliceOf<T>(
  before: readonly T[],
  after: readonly T[],
  same: (one: T, other: T) => boolean = Object.is,
): Splice<T> {
  const least = Math.min(before.length, after.length)
  let from = 0
  while (from < least && same(before[from] as T, after[from] as T)) from += 1
  let kept = 0
  while (
    kept < least - from &&
    same(before[before.length - 1 - kept] as T, after[after.length - 1 - kept] as T)
  ) {
    kept += 1
  }
  return {
    from,
    gone: before.length - from - kept,
    come: after.slice(from, after.length - kept),
  }
}

/** What stays is the same objects. */
export function spliced<T>(before: readonly T[], { from, gone, come }: Splice<T>): readonly T[] {
  if (gone === 0 && come.length === 0) return before
  return [...before.slice(0, from), ...come, ...before.slice(from + gone)]
}
