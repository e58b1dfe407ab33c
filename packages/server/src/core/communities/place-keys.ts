/** Names the turns that a change of somebody's place in a community takes. */
import type { Id } from '@madang/protocol'

/** The person's place first, then, where an owner is concerned, the community's owners: always in this order. */
export function placeKeys(communityId: Id, personId: Id, owner = false): readonly string[] {
  const place = `place ${communityId} ${personId}`
  return owner ? [place, `owners ${communityId}`] : [place]
}
