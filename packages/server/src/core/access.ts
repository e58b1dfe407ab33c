/**
 * Decides who may do what: sight of a place, and the ladder owner > moderator > member. Total functions; whether somebody still is what they were
 * when they asked, the store checks again inside the commit.
 */
import type { ErrorCode, Role, Visibility } from '@madang/protocol'
import type { ChannelStanding, CommunityStanding } from '../store/store.ts'

/**
 * `reads`: all of it. `sees`: that it is there, but not what is said in it. `banned`: knows it, and is kept out. `hidden`: for this person it is not there.
 */
export type Sight = 'reads' | 'sees' | 'banned' | 'hidden'

/** What is done to a place or to somebody in it. `make_...` sets a role. */
export type Action =
  | 'invite_public'
  | 'invite_private'
  | 'rename'
  | 'unban'
  | 'kick'
  | 'ban'
  | 'make_member'
  | 'make_moderator'
  | 'make_owner'

type LeastRole = Readonly<Record<Role, Role>>

const anybody = (least: Role): LeastRole => ({ owner: least, moderator: least, member: least })

/** Action → role of the one it is done to → the least role that may do it. Who has no role counts as a member. */
const LADDER: Readonly<Record<Action, LeastRole>> = {
  invite_public: anybody('member'),
  invite_private: anybody('moderator'),
  rename: anybody('moderator'),
  unban: anybody('moderator'),
  kick: { owner: 'owner', moderator: 'owner', member: 'moderator' },
  ban: { owner: 'owner', moderator: 'owner', member: 'moderator' },
  make_member: { owner: 'owner', moderator: 'moderator', member: 'moderator' },
  make_moderator: { owner: 'owner', moderator: 'moderator', member: 'moderator' },
  make_owner: anybody('owner'),
}

const RANK: Readonly<Record<Role, number>> = { member: 1, moderator: 2, owner: 3 }

const rank = (role: Role | null): number => (role === null ? 0 : RANK[role])

export const leads = (role: Role | null): boolean => rank(role) >= RANK.moderator

/** Whether an actor of one role may do it to a subject of another. Null: no role. */
export function permits(action: Action, actor: Role | null, subject: Role | null = null): boolean {
  return rank(actor) >= rank(LADDER[action][subject ?? 'member'])
}

export function makes(role: Role): Action {
  switch (role) {
    case 'owner':
      return 'make_owner'
    case 'moderator':
      return 'make_moderator'
    case 'member':
      return 'make_member'
  }
}

export const invites = (visibility: Visibility): Action =>
  visibility === 'public' ? 'invite_public' : 'invite_private'

/** What a person sees of a channel. Of a live public channel every member of the community sees everything. */
export function channelSight(place: ChannelStanding | null): Sight {
  if (place === null) return 'hidden'
  const { channel } = place
  if (place.banned) {
    return channel.visibility === 'public' || place.channelBanned ? 'banned' : 'hidden'
  }
  if (place.role === null) return 'hidden'
  if (place.channelRole !== null) return 'reads'
  if (place.channelBanned) return 'banned'
  if (channel.visibility === 'private') return 'hidden'
  return channel.kind === 'live' ? 'reads' : 'sees'
}

/** What a person sees of a community. */
export function communitySight(place: CommunityStanding | null): Sight {
  if (place === null) return 'hidden'
  if (place.banned) return 'banned'
  if (place.role !== null) return 'reads'
  return place.community.visibility === 'public' ? 'sees' : 'hidden'
}

/** The row that tells somebody who wants to read what is in their way; null where nothing is. */
export function readRefusal(sight: Sight): ErrorCode | null {
  switch (sight) {
    case 'reads':
      return null
    case 'sees':
      return 'not_member'
    case 'banned':
      return 'banned'
    case 'hidden':
      return 'not_found'
  }
}

/** What a refusal of the store is for somebody with this sight: of a hidden place they learn nothing. */
export function conceal(code: ErrorCode, sight: Sight): ErrorCode {
  return sight === 'hidden' ? 'not_found' : code
}

/**
 * The role that counts in a channel: the channel's own, or the community's where that leads. In a direct channel nobody leads, and into
 * a private one nobody's role reaches who is not in it.
 */
export function roleIn(place: ChannelStanding): Role | null {
  const { channel, role, channelRole } = place
  if (place.banned || role === null) return null
  if (channel.kind === 'direct') return channelRole
  if (channel.visibility === 'private' && channelRole === null) return null
  return leads(role) && rank(role) > rank(channelRole) ? role : channelRole
}
