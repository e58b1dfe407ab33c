/** Communities: which there are, who belongs to them, and who is kept out. */
import { LIMITS } from '@madang/protocol'
import type { Core } from '../../core/core.ts'
import type { Handlers } from '../ask.ts'

type Names =
  | 'listCommunities'
  | 'createCommunity'
  | 'listCommunityMembers'
  | 'setCommunityMember'
  | 'deleteCommunityMember'
  | 'listCommunityBans'
  | 'banFromCommunity'
  | 'unbanFromCommunity'

export function communityHandlers({ communities }: Core): Handlers<Names> {
  return {
    listCommunities: async ({ by }) => ({ communities: await communities.list(by) }),
    createCommunity: ({ by, body }) => communities.create(by, body),
    listCommunityMembers: ({ by, params, query }) =>
      communities.members(by, params.communityId, { limit: LIMITS.membersPageMax, ...query }),
    async setCommunityMember({ by, params, body: { role } }) {
      if (role !== undefined)
        return { community: await communities.setRole(by, { ...params, role }) }
      const isOneself = params.personId === by.id
      return {
        community: isOneself
          ? await communities.join(by, params.communityId)
          : await communities.invite(by, params),
      }
    },
    async deleteCommunityMember({ by, params }) {
      await communities.remove(by, params)
      return {}
    },
    listCommunityBans: ({ by, params, query }) =>
      communities.bans(by, params.communityId, { limit: LIMITS.membersPageMax, ...query }),
    async banFromCommunity({ by, params, body }) {
      await communities.ban(by, { ...params, ...body })
      return {}
    },
    async unbanFromCommunity({ by, params }) {
      await communities.unban(by, params)
      return {}
    },
  }
}
