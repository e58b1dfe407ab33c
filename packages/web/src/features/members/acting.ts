/** Does something to somebody in a channel or in a whole community. */
import type { ErrorBody, MyChannel, MyCommunity } from '@madang/client'

import type { Rest } from '../../rest.ts'
import { changesRole, type Deed, ROLE_MADE } from './deeds.ts'

/** Where somebody leads: one channel, or a community with all of its channels. */
export type Scope =
  | { readonly kind: 'channel'; readonly channel: MyChannel }
  | { readonly kind: 'community'; readonly community: MyCommunity }

/** As it is written in a sentence. */
export const scopeName = (scope: Scope): string =>
  scope.kind === 'channel' ? `#${scope.channel.name}` : scope.community.name

/** Resolves to why it was refused, or to nothing. */
export async function act(
  rest: Rest,
  scope: Scope,
  deed: Deed,
  personId: string,
): Promise<ErrorBody | undefined> {
  const outcome =
    scope.kind === 'channel'
      ? await inChannel(rest, { channelId: scope.channel.id, personId }, deed)
      : await inCommunity(rest, { communityId: scope.community.id, personId }, deed)
  return outcome.ok ? undefined : outcome.error
}

function inChannel(rest: Rest, params: { channelId: string; personId: string }, deed: Deed) {
  if (changesRole(deed)) {
    return rest.call('setChannelMember', { params, body: { role: ROLE_MADE[deed] } })
  }
  if (deed === 'ban') return rest.call('banFromChannel', { params, body: {} })
  if (deed === 'unban') return rest.call('unbanFromChannel', { params })
  return rest.call('deleteChannelMember', { params })
}

function inCommunity(rest: Rest, params: { communityId: string; personId: string }, deed: Deed) {
  if (changesRole(deed)) {
    return rest.call('setCommunityMember', { params, body: { role: ROLE_MADE[deed] } })
  }
  if (deed === 'ban') return rest.call('banFromCommunity', { params, body: {} })
  if (deed === 'unban') return rest.call('unbanFromCommunity', { params })
  return rest.call('deleteCommunityMember', { params })
}
