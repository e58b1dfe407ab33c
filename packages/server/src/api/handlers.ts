/** Every route's handler: from a valid request to core, and back. */
import type { Core } from '../core/core.ts'
import type { OperatorDesk } from '../doors/operators.ts'
import type { Handlers } from './ask.ts'
import { channelHandlers } from './handlers/channels.ts'
import { communityHandlers } from './handlers/communities.ts'
import { messageHandlers } from './handlers/messages.ts'
import { operatorHandlers } from './handlers/operators.ts'
import { sessionHandlers } from './handlers/sessions.ts'

export function createHandlers(core: Core, desk: OperatorDesk | undefined): Handlers {
  return {
    ...sessionHandlers(core),
    ...communityHandlers(core),
    ...channelHandlers(core),
    ...messageHandlers(core),
    ...operatorHandlers(core, desk),
  }
}
