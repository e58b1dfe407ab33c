/** Routes of cursors: how far a person has read. */
import { z } from 'zod'
import { Head, Id } from '../ids.ts'
import { channelId, type Route } from './route.ts'

export const unreadRoutes = {
  setCursor: {
    method: 'PUT',
    path: '/api/channels/:channelId/cursor',
    tag: 'unread',
    auth: true,
    status: 200,
    summary: 'Move my cursor forward.',
    params: channelId,
    body: z.object({ cursor: Head }).strict(),
    response: z.object({ cursor: Head, unread: z.number().int() }),
  },
  listUnread: {
    method: 'GET',
    path: '/api/unread',
    tag: 'unread',
    auth: true,
    status: 200,
    summary: 'My channels with cursor, head and unread.',
    response: z.object({
      channels: z.array(
        z.object({
          channelId: Id,
          communityId: Id,
          cursor: Head,
          head: Head,
          unread: z.number().int(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>
