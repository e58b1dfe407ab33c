/** The few private members of an engine.io connection that this door needs, by name, in one place. */
import type { Socket } from 'socket.io'

export type EngineSocket = Socket['conn']

// Indexed by a constant: TypeScript keeps private members from being named, not from being read.
const ID = 'id'
const ON_DATA = 'onData'
const ON_ERROR = 'onError'
const SEND_PACKET = 'sendPacket'
const RESET_PING_TIMEOUT = 'resetPingTimeout'

/** The session id, which the client shows with every request: whoever has it has the session. */
export const sidOf = (conn: EngineSocket): string => conn[ID]

/** How long a long-polling connection that is being closed waits for the request that can be told so. */
export function setCloseGrace({ transport }: EngineSocket, graceMs: number): void {
  Reflect.set(transport, 'closeTimeout', graceMs)
}

/** Pings now, beside the pings that are sent by interval, and as they are: whoever does not answer in time is closed. The pong puts the next of those off. */
export function ping(conn: EngineSocket): void {
  if (conn.readyState !== 'open') return
  Reflect.set(conn, 'hasRefreshedPingTimeout', false)
  conn[SEND_PACKET]('ping')
  conn[RESET_PING_TIMEOUT]()
}

/** Puts `look` before the transport's handling of each request's body; a reason from it breaks the transport. */
export function guardBodies(
  { transport }: EngineSocket,
  look: (body: unknown) => string | undefined,
): void {
  const take = transport[ON_DATA].bind(transport)
  transport[ON_DATA] = (body: unknown) => {
    const reason = look(body)
    if (reason === undefined) take(body)
    else transport[ON_ERROR](reason)
  }
}
