/** Which communities and channels are ours, and what they are called. Pure. */
import type { Id, LogEvent, MyChannel, MyCommunity } from '@madang/protocol'
import { withKnown } from './unread.ts'

export interface Places {
  readonly communities: readonly MyCommunity[]
  readonly channels: readonly MyChannel[]
}

export const noPlaces: Places = { communities: [], channels: [] }

export function channelOf(places: Places, channelId: Id): MyChannel | undefined {
  return places.channels.find((channel) => channel.id === channelId)
}

/** A channel is ours now, or our place in it changed. News that is older than what we know keeps our counts. */
export function withChannel(places: Places, channel: MyChannel): Places {
  const known = channelOf(places, channel.id)
  if (!known) return { ...places, channels: [...places.channels, channel] }
  return replaced(places, withKnown(channel, known))
}

export function withoutChannel(places: Places, channelId: Id): Places {
  const channels = places.channels.filter((channel) => channel.id !== channelId)
  return channels.length === places.channels.length ? places : { ...places, channels }
}

/** A community is ours now or changed; with `role` null it and all of its channels are ours no more. */
export function withCommunity(places: Places, community: MyCommunity): Places {
  const others = places.communities.filter((one) => one.id !== community.id)
  if (community.role === null) {
    const channels = places.channels.filter((one) => one.communityId !== community.id)
    return { communities: others, channels }
  }
  const known = others.length < places.communities.length
  const communities = known
    ? places.communities.map((one) => (one.id === community.id ? community : one))
    : [...others, community]
  return { ...places, communities }
}

/** Changes one channel where it is known; `change` returns the same object to change nothing. */
export function changedChannel(
  places: Places,
  channelId: Id,
  change: (channel: MyChannel) => MyChannel,
): Places {
  const known = channelOf(places, channelId)
  if (!known) return places
  const next = change(known)
  return next === known ? places : replaced(places, next)
}

/** What an event of an open channel's log says about the channel itself, or our place in it. */
export function withNews(channel: MyChannel, event: LogEvent, self: Id | undefined): MyChannel {
  if (event.kind === 'renamed') return { ...channel, name: event.name, topic: event.topic }
  if (event.kind === 'role' && event.subject.id === self) return { ...channel, role: event.role }
  return channel
}

function replaced(places: Places, channel: MyChannel): Places {
  const channels = places.channels.map((one) => (one.id === channel.id ? channel : one))
  return { ...places, channels }
}
