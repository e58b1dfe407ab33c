/** Channels: which there are, making and changing them, and who is in them. */
import { LIMITS } from '@madang/protocol'
import type { Core } from '../../core/core.ts'
import type { Handlers } from '../ask.ts'

type Names =
  | 'listChannels'
  | 'createChannel'
  | 'openDirect'
  | 'getChannel'
  | 'updateChannel'
  | 'listChannelMembers'
  | 'getChannelMember'
  | 'setChannelMember'
  | 'deleteChannelMember'
  | 'listChannelBans'
  | 'banFromChannel'
  | 'unbanFromChannel'

export function channelHandlers({ channels }: Core): Handlers<Names> {
  return {
    listChannels: async ({ by, params }) => ({
      channels: await channels.list(by, params.communityId),
    }),
    createChannel: async ({ by, params, body }) => ({
      channel: await channels.create(by, { ...params, ...body }),
    }),
    openDirect: async ({ by, params }) => ({ channel: await channels.direct(by, params) }),
    getChannel: async ({ by, params }) => ({ channel: await channels.get(by, params.channelId) }),
    updateChannel: async ({ by, params, body }) => ({
      channel: await channels.rename(by, { ...params, ...body }),
    }),
    listChannelMembers: ({ by, params, query }) =>
      channels.members(by, params.channelId, { limit: LIMITS.membersPageMax, ...query }),
    getChannelMember: async ({ by, params }) => ({ standing: await channels.standing(by, params) }),
    async setChannelMember({ by, params, body: { role } }) {
      if (role !== undefined) {
        await channels.setRole(by, { ...params, role })
        return { channel: await channels.get(by, params.channelId) }
      }
      const isOneself = params.personId === by.id
      return {
        channel: isOneself
          ? await channels.join(by, params.channelId)
          : await channels.invite(by, params),
      }
    },
    deleteChannelMember: ({ by, params, query }) =>
      params.personId === by.id
        ? channels.leave(by, params.channelId)
        : channels.kick(by, { ...params, ...query }),
    listChannelBans: ({ by, params, query }) =>
      channels.bans(by, params.channelId, { limit: LIMITS.membersPageMax, ...query }),
    banFromChannel: ({ by, params, body }) => channels.ban(by, { ...params, ...body }),
    unbanFromChannel: ({ by, params }) => channels.unban(by, params),
  }
}
