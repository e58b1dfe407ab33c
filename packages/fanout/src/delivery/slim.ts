/** Lets go of what Socket.IO keeps of each connection's first request, which is most of what can be let go of. */
import type { Server, Socket } from 'socket.io'

const nothing = Object.freeze({})

/**
 * From the turn after `connection` on, for each socket of every namespace:
 * - `socket.request`, `socket.conn.request` and `socket.client.request` are null: no headers, no cookies, no session of a middleware;
 * - `socket.handshake` keeps `auth`, `address`, `time`, `issued`, `secure`, `xdomain` and `url`; its `headers` and `query` are empty.
 * Middlewares and the synchronous part of `connection` listeners see all of it: what is needed later is to be copied then. Long-polling and upgrades are as before.
 * That is about a fifth of an idle connection's memory. Of what stays a third is Node's socket and ws; most is Socket.IO's and Engine.IO's emitters with their tables of
 * listeners, bound functions, maps, heartbeat timer and transport, which cannot be let go of while the connection lives.
 */
export function slimConnections(io: Server): void {
  io.on('connection', slimLater)
  io.on('new_namespace', (nsp) => void nsp.on('connection', slimLater))
}

function slimLater(socket: Socket): void {
  queueMicrotask(() => slim(socket))
}

function slim(socket: Socket): void {
  const { conn, handshake } = socket
  Reflect.set(conn, 'request', null)
  handshake.headers = nothing
  handshake.query = nothing
}
