/** Routes of a channel's members: join, invite, remove, ban. */
import { z } from 'zod'
import { Member, MyChannel, Role } from '../places.ts'
import { appended, channelId, channelMember, page, type Route, reason } from './route.ts'

export const memberRoutes = {
  listChannelMembers: {
    method: 'GET',
    path: '/api/channels/:channelId/members',
    tag: 'members',
    auth: true,
    status: 200,
    summary: 'Members of a channel, by name, in pages.',
    params: channelId,
    query: page,
    response: z.object({ members: z.array(Member), next: z.string().optional() }),
  },
  setChannelMember: {
    method: 'PUT',
    path: '/api/channels/:channelId/members/:personId',
    tag: 'members',
    auth: true,
    status: 200,
    summary: 'Join a public channel (oneself), invite somebody, or set a role.',
    params: channelMember,
    body: z.object({ role: Role.optional() }).strict(),
    response: z.object({ channel: MyChannel }),
  },
  deleteChannelMember: {
    method: 'DELETE',
    path: '/api/channels/:channelId/members/:personId',
    tag: 'members',
    auth: true,
    status: 200,
    summary: 'Leave (oneself) or remove somebody.',
    params: channelMember,
    query: z.object({ reason }),
    response: appended,
  },
  banFromChannel: {
    method: 'PUT',
    path: '/api/channels/:channelId/bans/:personId',
    tag: 'members',
    auth: true,
    status: 200,
    summary: 'Remove somebody and keep them out.',
    params: channelMember,
    body: z.object({ reason }).strict(),
    response: appended,
  },
  unbanFromChannel: {
    method: 'DELETE',
    path: '/api/channels/:channelId/bans/:personId',
    tag: 'members',
    auth: true,
    status: 200,
    summary: 'Let somebody in again.',
    params: channelMember,
    response: appended,
  },
} as const satisfies Record<string, Route>
