/** The websocket server under engine.io, with the bounds that engine.io does not pass on. */
import { type ServerOptions, WebSocketServer } from 'ws'
import { BOUNDS } from './bounds.ts'

// The types of ws lag behind its options: these came with 8.21 and 8.23.
interface Bounded extends ServerOptions {
  readonly maxFragments: number
  readonly maxBufferedChunks: number
  readonly maxPendingAutoPongs: number
  readonly closeTimeout: number
}

export class BoundedWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    const bounded: Bounded = {
      ...options,
      maxFragments: BOUNDS.fragmentsPerMessageMax,
      maxBufferedChunks: BOUNDS.chunksPerMessageMax,
      maxPendingAutoPongs: BOUNDS.pongsPendingMax,
      closeTimeout: BOUNDS.closeGraceMsMax,
    }
    super(bounded)
  }
}
