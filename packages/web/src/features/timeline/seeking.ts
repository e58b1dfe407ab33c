/** Which step leads to the first unread message where it is not loaded yet. Pure. */

/** Pages that are loaded for it; whoever is further behind sees the oldest of these. */
export const SEEK_PAGES_MAX = 40

export interface Seek {
  /** The row of the first unread message; -1 where it is not loaded. */
  readonly unread: number
  /** There is more before the first row. */
  readonly more: boolean
  readonly loading: boolean
  /** Pages asked for so far. */
  readonly pages: number
}

export type SeekStep =
  | { readonly kind: 'wait' }
  | { readonly kind: 'load' }
  | { readonly kind: 'show'; readonly row: number }

export function seekStep({ unread, more, loading, pages }: Seek): SeekStep {
  if (unread >= 0) return { kind: 'show', row: unread }
  if (loading) return { kind: 'wait' }
  return more && pages < SEEK_PAGES_MAX ? { kind: 'load' } : { kind: 'show', row: 0 }
}
