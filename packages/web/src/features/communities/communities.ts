/** Which communities a person could join. Pure. */
import type { MyCommunity } from '@madang/client'

/** `mine` is newer than the list, which is read over HTTP: who has joined meanwhile cannot join again. */
export function joinable(
  all: readonly MyCommunity[],
  mine: readonly MyCommunity[],
): readonly MyCommunity[] {
  const joined = new Set(mine.map(({ id }) => id))
  return all.filter(({ id, role }) => role === null && !joined.has(id))
}
