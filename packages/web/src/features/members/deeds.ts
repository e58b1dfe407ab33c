/** What one member may do to another in a channel: the server's own ladder, so that nothing is offered that would be refused. Pure. */
import type { Member, MyChannel, MyCommunity, Role } from '@madang/client'

export type Deed = 'makeOwner' | 'makeModerator' | 'makeMember' | 'remove' | 'ban'

const RANK: Readonly<Record<Role, number>> = { member: 1, moderator: 2, owner: 3 }

/** The role that counts in a channel: its own, or the community's where that leads and is higher. Into a private channel it reaches only those who are in it. */
export function roleIn(channel: MyChannel, community: MyCommunity | undefined): Role | null {
  const { role, kind, visibility } = channel
  const wider = community?.role ?? null
  if (kind === 'direct' || (visibility === 'private' && role === null)) return role
  if (wider === null || wider === 'member') return role
  return RANK[wider] > (role === null ? 0 : RANK[role]) ? wider : role
}

/** In the order in which they are offered. */
export function deeds(mine: Role | null, theirs: Member['role']): readonly Deed[] {
  if (mine === null || mine === 'member') return []
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

export const ROLE_MADE = {
  makeOwner: 'owner',
  makeModerator: 'moderator',
  makeMember: 'member',
} as const satisfies Partial<Record<Deed, Role>>

export type RoleDeed = keyof typeof ROLE_MADE

export const changesRole = (deed: Deed): deed is RoleDeed => deed in ROLE_MADE
