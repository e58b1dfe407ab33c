/** Routes of channels: list, make and change. */
import { z } from 'zod'
import { Name } from '../ids.ts'
import { ChannelKind, MyChannel, Topic, Visibility } from '../places.ts'
import { channelId, communityId, communityMember, type Route } from './route.ts'

export const channelRoutes = {
  listChannels: {
    method: 'GET',
    path: '/api/communities/:communityId/channels',
    tag: 'channels',
    auth: true,
    status: 200,
    summary: 'Channels of a community that I am in or could join.',
    params: communityId,
    response: z.object({ channels: z.array(MyChannel) }),
  },
  createChannel: {
    method: 'POST',
    path: '/api/communities/:communityId/channels',
    tag: 'channels',
    auth: true,
    status: 201,
    summary: 'Make a channel, and own it.',
    params: communityId,
    body: z
      .object({
        kind: ChannelKind.exclude(['direct']),
        visibility: Visibility.optional(),
        name: Name,
        topic: Topic.optional(),
      })
      .strict(),
    response: z.object({ channel: MyChannel }),
  },
  openDirect: {
    method: 'PUT',
    path: '/api/communities/:communityId/direct/:personId',
    tag: 'channels',
    auth: true,
    status: 200,
    summary: 'The direct channel between me and another member; made when it is not there.',
    params: communityMember,
    response: z.object({ channel: MyChannel }),
  },
  getChannel: {
    method: 'GET',
    path: '/api/channels/:channelId',
    tag: 'channels',
    auth: true,
    status: 200,
    summary: 'A channel with my place in it.',
    params: channelId,
    response: z.object({ channel: MyChannel }),
  },
  updateChannel: {
    method: 'PATCH',
    path: '/api/channels/:channelId',
    tag: 'channels',
    auth: true,
    status: 200,
    summary: "Change a channel's name or topic.",
    params: channelId,
    body: z.object({ name: Name.optional(), topic: Topic.optional() }).strict(),
    response: z.object({ channel: MyChannel }),
  },
} as const satisfies Record<string, Route>
