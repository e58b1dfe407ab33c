/** Several pages keep unsent messages in one place: what one page's change means for all that is there. Pure. */
import type { Draft } from './outbox.ts'

export interface KeptDrafts {
  /** What this page last knew to be in storage of its own. */
  readonly kept: readonly Draft[]
  /** What should be. */
  readonly wanted: readonly Draft[]
}

/**
 * What storage should hold, given what it holds now. What this page resolved goes; what it added, or a person wants tried again, comes last; what
 * failed is noted in its place, unless another page has resolved it since. Everything else is another page's, and stays.
 */
export function mergedDrafts(
  stored: readonly Draft[],
  kept: readonly Draft[],
  wanted: readonly Draft[],
): readonly Draft[] {
  const before = new Map(kept.map((draft) => [draft.clientId, draft]))
  const after = new Map(wanted.map((draft) => [draft.clientId, draft]))
  const present = new Set(stored.map((draft) => draft.clientId))
  const isNew = (draft: Draft): boolean => {
    const known = before.get(draft.clientId)
    if (!known) return !present.has(draft.clientId)
    return known.error !== undefined && draft.error === undefined
  }
  const last = wanted.filter(isNew)
  const moved = new Set(last.map((draft) => draft.clientId))
  const rest = stored
    .filter(({ clientId }) => !moved.has(clientId))
    .filter(({ clientId }) => after.has(clientId) || !before.has(clientId))
    .map((draft) => after.get(draft.clientId) ?? draft)
  return [...rest, ...last]
}
