/**
 * All that delivery knows of the insides of socket.io 4.8, engine.io 6.6 and ws 8. Everything here is checked at run time, and where a shape is
 * not as expected the public way (`conn.write`) is taken.
 */
import type { Socket } from 'socket.io'

export type Client = Socket['client']
export type Conn = Socket['conn']

/** engine.io/build/transports/websocket.js and ws/lib/sender.js. */
export interface FastTransport {
  /** False from a stock send until the kernel or Node's buffer has taken it. */
  readonly writable: boolean
  /** Engine.IO's own callback of a write: reports an error as the transport's. */
  readonly _onSent: (error?: Error) => void
  readonly socket: {
    readonly readyState: number
    /** Bytes in the socket's buffer and in the sender's queue. */
    readonly bufferedAmount: number
    readonly _sender: {
      /** A list of one Buffer is one write to the socket. */
      sendFrame(list: readonly Buffer[], done: (error?: Error) => void): void
    }
  }
}

/** ws/lib/websocket.js, OPEN. */
const wsOpen = 1

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** A compressing transport is never fast: its frames are made per socket. Nor is Engine.IO protocol 3, whose binary frames differ. */
export function asFast(transport: unknown): FastTransport | undefined {
  return isFast(transport) ? transport : undefined
}

function isFast(transport: unknown): transport is FastTransport {
  if (!isRecord(transport) || transport.name !== 'websocket' || transport.protocol !== 4)
    return false
  if (transport.perMessageDeflate || typeof transport._onSent !== 'function') return false
  const { socket, writable } = transport
  if (typeof writable !== 'boolean' || !isRecord(socket)) return false
  if (typeof socket.readyState !== 'number' || typeof socket.bufferedAmount !== 'number')
    return false
  return isRecord(socket._sender) && typeof socket._sender.sendFrame === 'function'
}

/** Whether what is written to the transport now comes after all that was written to the connection before. */
export function isIdle(conn: Conn, fast: FastTransport): boolean {
  if (!fast.writable || fast.socket.readyState !== wsOpen) return false
  if (conn.upgrading || conn.readyState !== 'open') return false
  return queueOf(conn)?.length === 0
}

/** The packets that Engine.IO holds while its transport is not writable. It only ever adds to the list, or takes a new one. */
export function queueOf(conn: object): readonly unknown[] | undefined {
  const queue = 'writeBuffer' in conn ? conn.writeBuffer : undefined
  return Array.isArray(queue) ? queue : undefined
}

export function packetBytes(packet: unknown): number {
  if (!isRecord(packet)) return 0
  const { data } = packet
  if (typeof data === 'string') return Buffer.byteLength(data)
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0
}

export function bufferedAmount(transport: unknown): number {
  if (!isRecord(transport) || !isRecord(transport.socket)) return 0
  const { bufferedAmount } = transport.socket
  return typeof bufferedAmount === 'number' ? bufferedAmount : 0
}

/** The sockets that share the connection: one for each namespace. */
export function socketsOf(client: Client): readonly Socket[] {
  const sockets: unknown = Reflect.get(client, 'sockets')
  return sockets instanceof Map ? [...sockets.values()] : []
}

type Listener = (...args: unknown[]) => void

/** Listeners for outgoing events, where there are any. Public would be `listenersAnyOutgoing`, which makes a list each time. */
export function outgoingListeners(socket: Socket): readonly Listener[] | undefined {
  const { _anyOutgoingListeners } = socket as unknown as { _anyOutgoingListeners?: Listener[] }
  return _anyOutgoingListeners
}

/**
 * Calls `flush` before Engine.IO takes up anything else for the connection: `packetCreate` is emitted before a packet is put in its queue, and `close` puts
 * nothing there. Both hooks are shared functions, which cost a connection two references. They stay for its life.
 */
export function hookConn(conn: Conn, flush: (this: Conn) => void): void {
  conn.on('packetCreate', flush)
  conn.close = flushingClose(conn.close, flush)
}

type Close = Conn['close']
const flushingCloses = new WeakMap<Close, Close>()

function flushingClose(stock: Close, flush: (this: Conn) => void): Close {
  const known = flushingCloses.get(stock)
  if (known !== undefined) return known
  const close = function flushAndClose(this: Conn, discard?: boolean) {
    flush.call(this)
    return stock.call(this, discard)
  }
  flushingCloses.set(stock, close)
  return close
}

/** Ends the transport without asking the peer, where it is a websocket. */
export function terminate({ transport }: Conn): void {
  const ws: unknown = Reflect.get(transport, 'socket')
  if (isRecord(ws) && typeof ws.terminate === 'function') ws.terminate()
}
