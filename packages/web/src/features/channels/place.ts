/** Which place an address leads to, for this person, now. Pure. */
import type { MyChannel, MyCommunity } from '@madang/client'

import type { Route } from '../../routes.ts'
import { sectionsOf } from './channels.ts'

export interface Belongings {
  /** False until the server has said where the person belongs. */
  readonly known: boolean
  readonly communities: readonly MyCommunity[]
  readonly channels: readonly MyChannel[]
}

export type Place =
  | { readonly at: 'loading' }
  | { readonly at: 'communities' }
  | { readonly at: 'browse'; readonly communityId: string }
  /** Somebody gave them the address of a community that they are not in. */
  | { readonly at: 'invited'; readonly communityId: string }
  /** `channel` is undefined where the person is not in it. */
  | {
      readonly at: 'channel'
      readonly communityId: string
      readonly channelId: string
      readonly channel: MyChannel | undefined
    }
  | { readonly at: 'elsewhere'; readonly route: Route }

/** What this browser remembers of earlier visits. */
export interface Visits {
  community(): string | undefined
  channel(communityId: string): string | undefined
}

/** `elsewhere` says that another address is meant: the last visited or first channel of a community, the first community. */
export function placeOf(route: Route, mine: Belongings, visits: Visits): Place {
  if (!mine.known) return { at: 'loading' }
  if ('communityId' in route && !mine.communities.some(({ id }) => id === route.communityId)) {
    return { at: 'invited', communityId: route.communityId }
  }
  switch (route.page) {
    case 'communities':
      return { at: 'communities' }
    case 'browse':
      return { at: 'browse', communityId: route.communityId }
    case 'channel': {
      const { communityId, channelId } = route
      const channel = mine.channels.find(({ id }) => id === channelId)
      return { at: 'channel', communityId, channelId, channel }
    }
    case 'community':
      return { at: 'elsewhere', route: intoCommunity(route.communityId, mine, visits) }
    case 'home': {
      const last = visits.community()
      const community = mine.communities.find(({ id }) => id === last) ?? mine.communities[0]
      const next: Route = community
        ? intoCommunity(community.id, mine, visits)
        : { page: 'communities' }
      return { at: 'elsewhere', route: next }
    }
  }
}

/** Where one talks goes before what one only watches. */
function intoCommunity(communityId: string, mine: Belongings, visits: Visits): Route {
  const { channels, direct } = sectionsOf(mine.channels, communityId)
  const all = [...channels, ...direct]
  const last = visits.channel(communityId)
  const channel =
    all.find(({ id }) => id === last) ?? all.find(({ role }) => role !== null) ?? all[0]
  if (!channel) return { page: 'browse', communityId }
  return { page: 'channel', communityId, channelId: channel.id }
}
