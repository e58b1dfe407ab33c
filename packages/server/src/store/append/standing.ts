/** Decides whether an author may do what an entry does: the table behind `Standing`. */
import type { ChannelKind, ErrorCode, Role, Visibility } from '@madang/protocol'
import type { Standing } from '../log.ts'

/** What is known of a person in a channel at the moment of the commit. */
export interface Place {
  readonly channel: { readonly kind: ChannelKind; readonly visibility: Visibility }
  readonly communityRole: Role | null
  readonly communityBanned: boolean
  readonly channelRole: Role | null
  readonly channelBanned: boolean
  /** Whether the person wrote the entry's target. */
  readonly wroteTarget: boolean
}

const leads = (role: Role | null): boolean => role === 'owner' || role === 'moderator'

function community(place: Place): ErrorCode | null {
  if (place.communityBanned || place.channelBanned) return 'banned'
  return place.communityRole === null ? 'not_member' : null
}

function member(place: Place): ErrorCode | null {
  return community(place) ?? (place.channelRole === null ? 'not_member' : null)
}

function writer(place: Place): ErrorCode | null {
  const open = place.channel.kind === 'live' && place.channel.visibility === 'public'
  return open ? community(place) : member(place)
}

/** A ban in the channel does not bind those who lead the community: they could lift it anyway. */
function moderates(place: Place): boolean {
  if (place.communityBanned || place.communityRole === null) return false
  return leads(place.communityRole) || (!place.channelBanned && leads(place.channelRole))
}

/** The code of the refusal, or null where the standing is given. */
export function refusal(needs: Standing, place: Place): ErrorCode | null {
  switch (needs) {
    case 'nothing':
      return null
    case 'community':
      return community(place)
    case 'member':
      return member(place)
    case 'writer':
      return writer(place)
    case 'author':
      if (moderates(place)) return null
      return writer(place) ?? (place.wroteTarget ? null : 'forbidden')
    case 'moderator':
      return moderates(place) ? null : (writer(place) ?? 'forbidden')
  }
}
