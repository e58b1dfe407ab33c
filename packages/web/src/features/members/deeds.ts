/** What one person may do to another in a channel or community: the server's own ladder, so that nothing is offered that would be refused. Pure. */
import type { MyChannel, MyCommunity, Role } from '@madang/client'
import type { Standing } from '@madang/protocol'

export type Deed = 'makeOwner' | 'makeModerator' | 'makeMember' | 'remove' | 'ban' | 'unban'

const RANK: Readonly<Record<Role, number>> = { member: 1, moderator: 2, owner: 3 }

type Place = Pick<MyChannel, 'role' | 'kind' | 'visibility'>

/** The role that counts in a channel: its own, or the community's where that leads and is higher. Into a private channel it reaches only those who are in it. */
export function roleIn(
  channel: Place,
  community: Pick<MyCommunity, 'role'> | undefined,
): Role | null {
  const { role, kind, visibility } = channel
  const wider = community?.role ?? null
  if (kind === 'direct' || (visibility === 'private' && role === null)) return role
  if (wider === null || wider === 'member') return role
  return RANK[wider] > (role === null ? 0 : RANK[role]) ? wider : role
}

export const leads = (role: Role | null): boolean => role === 'owner' || role === 'moderator'

/** In the order in which they are offered. `theirs` is null for somebody who belongs there no more. */
export function deeds(mine: Role | null, theirs: Role | null): readonly Deed[] {
  if (!leads(mine)) return []
  if (theirs === null) return ['ban']
  const roles: readonly Deed[] = [
    ...(mine === 'owner' && theirs !== 'owner' ? (['makeOwner'] as const) : []),
    ...(theirs === 'member' ? (['makeModerator'] as const) : []),
  ]
  if (theirs === 'member') return [...roles, 'remove', 'ban']
  if (mine === 'moderator') return theirs === 'moderator' ? [...roles, 'makeMember'] : []
  const down: readonly Deed[] =
    theirs === 'owner' ? ['makeModerator', 'makeMember'] : ['makeMember']
  return [...roles, ...down, 'remove', 'ban']
}

/** What the reader may do to somebody in one channel. */
export function deedsInChannel(
  channel: Place,
  community: Pick<MyCommunity, 'role'> | undefined,
  { role, communityRole, banned }: Pick<Standing, 'role' | 'communityRole' | 'banned'>,
): readonly Deed[] {
  const mine = roleIn(channel, community)
  if (channel.kind === 'direct' || !leads(mine)) return []
  if (banned) return ['unban']
  const theirs = roleIn({ ...channel, role }, { role: communityRole })
  const offered = deeds(mine, theirs)
  // Whoever only watches, or leads from outside, has no role there that could change, and nothing to be removed from.
  if (role === null) return offered.filter((deed) => deed === 'ban')
  return offered.filter((deed) => !changesRole(deed) || ROLE_MADE[deed] !== role)
}

export const ROLE_MADE = {
  makeOwner: 'owner',
  makeModerator: 'moderator',
  makeMember: 'member',
} as const satisfies Partial<Record<Deed, Role>>

export type RoleDeed = keyof typeof ROLE_MADE

export const changesRole = (deed: Deed): deed is RoleDeed => deed in ROLE_MADE

/** What is hard to take is asked about first. */
export const isHarsh = (deed: Deed): deed is 'remove' | 'ban' => deed === 'remove' || deed === 'ban'
