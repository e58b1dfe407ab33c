/** Every HTTP route: method, path, request and response. The OpenAPI document is generated from this table. */
import { channelRoutes } from './rest/channels.ts'
import { communityRoutes } from './rest/communities.ts'
import { memberRoutes } from './rest/members.ts'
import { messageRoutes } from './rest/messages.ts'
import { opsRoutes } from './rest/ops.ts'
import { sessionRoutes } from './rest/sessions.ts'
import { unreadRoutes } from './rest/unread.ts'

export type { Route } from './rest/route.ts'

export const ROUTES = {
  ...sessionRoutes,
  ...communityRoutes,
  ...channelRoutes,
  ...memberRoutes,
  ...messageRoutes,
  ...unreadRoutes,
  ...opsRoutes,
} as const

export type RouteName = keyof typeof ROUTES
