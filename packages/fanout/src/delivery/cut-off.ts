/** The end of a connection that does not read. */
import type { Socket } from 'socket.io'
import { terminate } from './engine.ts'
import { lineOf } from './line.ts'

/**
 * Ends a connection at once and frees what waits for it. Engine.IO's own close asks a websocket peer politely and keeps the TCP
 * connection with all that is queued for up to 30 s (ws/lib/websocket.js, closeTimeout) where the peer does not read. The client may reconnect.
 */
export function cutOff(socket: Socket): void {
  lineOf(socket).drop()
  terminate(socket.conn)
  socket.conn.close(true)
}
