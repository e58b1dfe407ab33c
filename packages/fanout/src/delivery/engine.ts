/**
 * All that delivery knows of the insides of socket.io 4.8, engine.io 6.6 and ws 8. Everything here is checked at run time, and where a shape is
 * not as expected the public way (`conn.write`) is taken.
 */
import type { Socket } from 'socket.io'
import { messageFrame } from './frame.ts'

/** PacketType.EVENT of socket.io-parser. */
const eventType = 2

/** Names that a client takes for its own (socket.io-parser, RESERVED_EVENTS). */
const reserved: ReadonlySet<string> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
])

/** Engine.IO's options of one packet; `wsPreEncodedFrame` spares its websocket transport the encoding. */
interface WriteOptions {
  readonly preEncoded: true
  /** Set by Engine.IO. */
  compress?: boolean
  readonly wsPreEncodedFrame?: readonly Buffer[]
}

/** One event for all sockets of a namespace. */
export interface EncodedEvent {
  readonly packet: { readonly type: number; readonly nsp: string; readonly data: unknown[] }
  /** What Socket.IO's parser made of it: one text, or with binary arguments several chunks. */
  readonly chunks: readonly (string | Buffer)[]
  /** The whole event as one WebSocket frame, where it is one text. */
  readonly frame: Buffer | undefined
  readonly options: WriteOptions
}

/** Encodes with the server's own parser. Throws what it throws, and for a reserved name. */
export function encodeEvent(socket: Socket, event: string, args: readonly unknown[]): EncodedEvent {
  if (reserved.has(event)) throw new Error(`"${event}" is a reserved event name`)
  const packet = { type: eventType, nsp: socket.nsp.name, data: [event, ...args] }
  const chunks: readonly (string | Buffer)[] = socket.nsp.server.encoder.encode(packet)
  const [text] = chunks
  if (chunks.length !== 1 || typeof text !== 'string') {
    return { packet, chunks, frame: undefined, options: { preEncoded: true } }
  }
  const frame = messageFrame(text)
  return { packet, chunks, frame, options: { preEncoded: true, wsPreEncodedFrame: [frame] } }
}

/** engine.io/build/transports/websocket.js and ws/lib/sender.js. */
interface FastTransport {
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

/** A compressing transport is never fast: its frames are made per socket. */
function isFast(transport: unknown): transport is FastTransport {
  if (!isRecord(transport) || transport.name !== 'websocket') return false
  if (transport.perMessageDeflate || typeof transport._onSent !== 'function') return false
  const { socket, writable } = transport
  if (typeof writable !== 'boolean' || !isRecord(socket)) return false
  if (typeof socket.readyState !== 'number' || typeof socket.bufferedAmount !== 'number')
    return false
  return isRecord(socket._sender) && typeof socket._sender.sendFrame === 'function'
}

/** The packets that Engine.IO holds while its transport is not writable. It only ever adds to the list, or takes a new one. */
function queueOf(conn: object): readonly unknown[] | undefined {
  const queue = 'writeBuffer' in conn ? conn.writeBuffer : undefined
  return Array.isArray(queue) ? queue : undefined
}

function packetBytes(packet: unknown): number {
  if (!isRecord(packet)) return 0
  const { data } = packet
  if (typeof data === 'string') return Buffer.byteLength(data)
  return ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0
}

function bufferedAmount(transport: unknown): number {
  if (!isRecord(transport) || !isRecord(transport.socket)) return 0
  const { bufferedAmount } = transport.socket
  return typeof bufferedAmount === 'number' ? bufferedAmount : 0
}

/**
 * Ends a connection at once and frees what waits for it. Engine.IO's own close asks a websocket peer politely and keeps the TCP
 * connection with all that is queued for up to 30 s (ws/lib/websocket.js, closeTimeout) where the peer does not read. The client may reconnect.
 */
export function cutOff(socket: Socket): void {
  const { conn } = socket
  const transport: unknown = conn.transport
  const ws = isRecord(transport) ? transport.socket : undefined
  if (isRecord(ws) && typeof ws.terminate === 'function') ws.terminate()
  conn.close(true)
}

/**
 * One socket's way out. Per-socket order is kept because a frame takes the fast path only where nothing waits before it in Engine.IO, and
 * what comes after it is appended to the same TCP stream.
 */
export class Outlet {
  readonly socket: Socket
  #transport: unknown
  #fast: FastTransport | undefined
  #queue: readonly unknown[] | undefined
  #counted = 0
  #countedBytes = 0

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Whether a frame would take the fast path now. */
  get isFast(): boolean {
    return this.#fastNow() !== undefined
  }

  /** Writes the event as stock Socket.IO would have, but for Engine.IO's `packetCreate`, `flush` and `drain` events on the fast path. */
  write(event: EncodedEvent): void {
    const { packet } = event
    for (const listener of [...this.socket.listenersAnyOutgoing()]) {
      listener.apply(this.socket, packet.data)
    }
    const fast = event.frame === undefined ? undefined : this.#fastNow()
    if (event.frame !== undefined && fast !== undefined) {
      fast.socket._sender.sendFrame([event.frame], fast._onSent)
      return
    }
    const { conn } = this.socket
    for (const chunk of event.chunks) conn.write(chunk, event.options)
  }

  /** Bytes that wait in Engine.IO, in ws and in Node's socket. Each packet is measured once. */
  bytesQueued(): number {
    const { conn } = this.socket
    const queue = queueOf(conn) ?? []
    if (queue !== this.#queue || queue.length < this.#counted) {
      this.#queue = queue
      this.#counted = 0
      this.#countedBytes = 0
    }
    for (; this.#counted < queue.length; this.#counted++) {
      this.#countedBytes += packetBytes(queue[this.#counted])
    }
    return this.#countedBytes + bufferedAmount(conn.transport)
  }

  #fastNow(): FastTransport | undefined {
    const { conn } = this.socket
    if (conn.transport !== this.#transport) {
      this.#transport = conn.transport
      this.#fast = isFast(conn.transport) ? conn.transport : undefined
    }
    const fast = this.#fast
    if (fast === undefined || !fast.writable || fast.socket.readyState !== wsOpen) return undefined
    if (conn.upgrading || conn.readyState !== 'open') return undefined
    return queueOf(conn)?.length === 0 ? fast : undefined
  }
}
