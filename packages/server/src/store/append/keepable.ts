/** Texts that not every database gives back as they were: PostgreSQL stores no NUL, and a lone surrogate is no text. The protocol lets none of them in. */
import { type Append, StoreError } from '../store.ts'

/** All texts in a value, its members included. */
export function isKeepable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\u0000')
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(isKeepable)
}

/** Throws `StoreError` (`invalid`). */
export function assertKeepable(value: object): void {
  if (isKeepable(value)) return
  throw new StoreError('invalid', 'A text has a NUL character or a lone surrogate.')
}

/** The entries that can be stored; `indexes` are their places among all of them. */
export function keepableOf(entries: readonly Append[]): {
  readonly kept: readonly Append[]
  readonly indexes: readonly number[]
} {
  const indexes: number[] = []
  const kept = entries.filter((entry, index) => {
    const isKept = isKeepable(entry)
    if (isKept) indexes.push(index)
    return isKept
  })
  return { kept, indexes }
}
