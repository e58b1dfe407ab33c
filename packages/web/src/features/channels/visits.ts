/** Remembers in this browser which community and channel a person was in last. */
import type { Keep } from '../../keep.ts'
import type { Visits } from './place.ts'

export function createVisits(keep: Keep): Visits & {
  remember(communityId: string, channelId: string): void
} {
  return {
    community: () => keep.get('visit'),
    channel: (communityId) => keep.get(`visit.${communityId}`),
    remember(communityId, channelId) {
      keep.set('visit', communityId)
      keep.set(`visit.${communityId}`, channelId)
    },
  }
}
