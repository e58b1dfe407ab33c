/** How channels are named, ordered and found. Pure. */
import type { MyChannel } from '@madang/client'

import type { IconName } from '../../ui/icon-paths.ts'

/** A direct channel goes by the others in it; the name of the others is theirs. */
export function channelName(channel: MyChannel, nobody: string): string {
  if (channel.kind !== 'direct') return channel.name
  return channel.peers?.map((peer) => peer.name).join(', ') || nobody
}

export function channelIcon(channel: MyChannel): IconName {
  if (channel.kind === 'live') return 'live'
  return channel.visibility === 'private' ? 'lock' : 'hash'
}

export interface Sections {
  readonly channels: readonly MyChannel[]
  readonly direct: readonly MyChannel[]
}

/** One community's channels, by name; numbers in names count as numbers. */
export function sectionsOf(all: readonly MyChannel[], communityId: string, nobody = ''): Sections {
  const name = (channel: MyChannel) => channelName(channel, nobody)
  const ours = all
    .filter((channel) => channel.communityId === communityId)
    .sort((a, b) => name(a).localeCompare(name(b), undefined, { numeric: true }))
  return {
    channels: ours.filter((channel) => channel.kind !== 'direct'),
    direct: ours.filter((channel) => channel.kind === 'direct'),
  }
}

/** Whoever only watches a live channel has no cursor in it, and nothing unread. */
export const unreadOf = (channel: MyChannel): number => (channel.role === null ? 0 : channel.unread)

export function unreadIn(all: readonly MyChannel[], communityId: string): number {
  return all
    .filter((channel) => channel.communityId === communityId)
    .reduce((sum, channel) => sum + unreadOf(channel), 0)
}

/** What a badge says: the number, as long as it is short. */
export const badge = (unread: number): string => (unread > 99 ? '99+' : String(unread))
