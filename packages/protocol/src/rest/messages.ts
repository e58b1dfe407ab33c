/** Routes of a channel's log: write, change, page through. */
import { z } from 'zod'
import { LogEvent } from '../event.ts'
import { ClientId, Head, Id, Instant, Seq, Text } from '../ids.ts'
import { LIMITS } from '../limits.ts'
import { Lane, QuestionState } from '../places.ts'
import { appended, channelId, message, type Route } from './route.ts'

export const messageRoutes = {
  listMessages: {
    method: 'GET',
    path: '/api/channels/:channelId/messages',
    tag: 'messages',
    auth: true,
    status: 200,
    summary: "A page of the channel's past, messages in their present state.",
    params: channelId,
    query: z.object({
      before: z.coerce.number().pipe(Seq).optional(),
      after: z.coerce.number().pipe(Head).optional(),
      limit: z.coerce.number().int().min(1).max(LIMITS.historyEventsMax).optional(),
    }),
    response: z.object({ events: z.array(LogEvent), head: Head, more: z.boolean() }),
  },
  createMessage: {
    method: 'POST',
    path: '/api/channels/:channelId/messages',
    tag: 'messages',
    auth: true,
    status: 201,
    summary: 'Write a message. A retry with the same clientId gets the first answer.',
    params: channelId,
    body: z.object({ clientId: ClientId, text: Text, lane: Lane.optional() }).strict(),
    response: z.object({ id: Id, seq: Seq, createdAt: Instant, duplicate: z.boolean() }),
  },
  updateMessage: {
    method: 'PATCH',
    path: '/api/channels/:channelId/messages/:seq',
    tag: 'messages',
    auth: true,
    status: 200,
    summary: "Change a message's text.",
    params: message,
    body: z.object({ text: Text, clientId: ClientId.optional() }).strict(),
    response: appended,
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/api/channels/:channelId/messages/:seq',
    tag: 'messages',
    auth: true,
    status: 200,
    summary: 'Delete a message; its text is gone everywhere.',
    params: message,
    response: appended,
  },
  setQuestion: {
    method: 'PUT',
    path: '/api/channels/:channelId/messages/:seq/question',
    tag: 'messages',
    auth: true,
    status: 200,
    summary: 'Move a question of a live channel on.',
    params: message,
    body: z.object({ state: QuestionState }).strict(),
    response: appended,
  },
  listEvents: {
    method: 'GET',
    path: '/api/channels/:channelId/events',
    tag: 'messages',
    auth: true,
    status: 200,
    summary: "The channel's log after a seq, event by event.",
    params: channelId,
    query: z.object({
      after: z.coerce.number().pipe(Head),
      limit: z.coerce.number().int().min(1).max(LIMITS.historyEventsMax).optional(),
    }),
    response: z.object({ events: z.array(LogEvent), head: Head }),
  },
} as const satisfies Record<string, Route>
