/** Where the keys lead from one channel to the next. Pure. */
import type { MyChannel, MyCommunity } from '@madang/client'

import { sectionsOf, unreadOf } from '../channels/channels.ts'
import { type Shortcut, step } from './shortcuts.ts'

export interface Around {
  readonly communities: readonly MyCommunity[]
  readonly channels: readonly MyChannel[]
  readonly communityId: string | undefined
  readonly channelId: string | undefined
}

/** The channels of one community in the order of its list. */
function listed({ channels }: Around, communityId: string): readonly MyChannel[] {
  const sections = sectionsOf(channels, communityId)
  return [...sections.channels, ...sections.direct]
}

/** Next and previous stay in the community; the unread ones are looked for in all of them. */
export function neighbour(shortcut: Shortcut, around: Around): MyChannel | undefined {
  const isHere = ({ id }: MyChannel) => id === around.channelId
  switch (shortcut) {
    case 'next':
    case 'previous': {
      const own = around.communityId === undefined ? [] : listed(around, around.communityId)
      return step(own, own.findIndex(isHere), shortcut === 'next' ? 1 : -1)
    }
    case 'nextUnread':
    case 'previousUnread': {
      const all = around.communities.flatMap(({ id }) => listed(around, id))
      const wanted = all.filter((channel) => isHere(channel) || unreadOf(channel) > 0)
      const found = step(wanted, wanted.findIndex(isHere), shortcut === 'nextUnread' ? 1 : -1)
      return found && isHere(found) ? undefined : found
    }
    default:
      return undefined
  }
}
