/** One connection's way out, shared by the sockets of all its namespaces and by all writers that serve it. */
import type { Socket } from 'socket.io'
import {
  asFast,
  bufferedAmount,
  type Client,
  type Conn,
  type FastTransport,
  hookConn,
  isIdle,
  packetBytes,
  queueOf,
} from './engine.ts'
import type { Extension, Link } from './link.ts'
import type { EncodedEvent, Port } from './writer.ts'

const lineKey = Symbol('madang.line')
type Lined = Conn & { [lineKey]?: Line }
const portKey = Symbol('madang.port')
type Ported = Socket & { [portKey]?: SocketPort }

/**
 * A socket and its connection's line: small objects that lie close together. A loop over a thousand sockets themselves would wait for memory longer than it works.
 */
export class SocketPort implements Port {
  readonly socket: Socket
  readonly line: Line

  constructor(socket: Socket, line: Line) {
    this.socket = socket
    this.line = line
  }
}

/** The socket's port; made on first use. */
export function portOf(socket: Ported): SocketPort {
  const port = socket[portKey] ?? new SocketPort(socket, lineOf(socket))
  socket[portKey] = port
  return port
}

/** The connection's line; made on first use. */
export function lineOf({ client }: Socket): Line {
  const conn: Lined = client.conn
  if (conn[lineKey] !== undefined) return conn[lineKey]
  const line = new Line(client)
  conn[lineKey] = line
  hookConn(conn, flushConn)
  return line
}

/** Before Engine.IO takes up anything else for the connection. */
function flushConn(this: Lined): void {
  const line = this[lineKey]
  if (line === undefined) return
  line.credit = -1
  line.flush()
}

/** Packets of Engine.IO's queue that were measured. */
interface Backlog {
  readonly queue: readonly unknown[]
  counted: number
  bytes: number
}

export class Line {
  readonly client: Client
  pace: 'live' | 'behind' | 'stuck' = 'live'
  /** What is held. */
  pending: Link | undefined = undefined
  /** When something last left, in whole ms of the writer's clock. */
  leftAt = -1_000_000
  /** How many bytes can be written before it must be looked at how many wait; below 0: now. Whatever else is written to the connection makes it so. */
  credit = -1
  #transport: unknown = undefined
  #fast: FastTransport | undefined = undefined
  #backlog: Backlog | undefined = undefined

  constructor(client: Client) {
    this.client = client
  }

  /** Whether frames would take the fast path now. */
  get isFast(): boolean {
    return this.#fastNow() !== undefined
  }

  /** Sends what is held; also called before anything else goes to the connection. */
  flush(): void {
    const { pending } = this
    if (pending === undefined) return
    this.pending = undefined
    const fast = this.#fastNow()
    if (fast !== undefined) fast.socket._sender.sendFrame([pending.joined()], fast._onSent)
    else for (const link of pending.all()) this.#writeStock(link.event, link.compress)
  }

  drop(): void {
    this.pending = undefined
  }

  /** Sends what is held, and then the event. */
  send(event: EncodedEvent, extension: Extension, compress: boolean): void {
    if (this.pending !== undefined) {
      this.pending = extension.after(this.pending)
      this.flush()
      return
    }
    const fast = this.#fastNow()
    if (fast !== undefined) fast.socket._sender.sendFrame([event.frame], fast._onSent)
    else this.#writeStock(event, compress)
  }

  /** Bytes that wait here, in Engine.IO, in ws and in Node's socket. Each packet is measured once. */
  bytesQueued(): number {
    const held = this.pending?.bytes ?? 0
    return held + this.#backlogBytes() + bufferedAmount(this.client.conn.transport)
  }

  /** As stock Socket.IO writes it. */
  #writeStock(event: EncodedEvent, compress: boolean): void {
    const { conn } = this.client
    const chunks = event.chunks()
    // Engine.IO's websocket transport takes the frame instead of encoding the text again; the other ignores it.
    const frame = chunks.length === 1 ? { wsPreEncodedFrame: [event.frame] } : {}
    for (const chunk of chunks) conn.write(chunk, { compress, ...frame })
  }

  #backlogBytes(): number {
    const queue = queueOf(this.client.conn)
    if (queue === undefined || queue.length === 0) {
      this.#backlog = undefined
      return 0
    }
    let backlog = this.#backlog
    if (backlog?.queue !== queue || queue.length < backlog.counted) {
      backlog = { queue, counted: 0, bytes: 0 }
      this.#backlog = backlog
    }
    for (; backlog.counted < queue.length; backlog.counted++) {
      backlog.bytes += packetBytes(queue[backlog.counted])
    }
    return backlog.bytes
  }

  #fastNow(): FastTransport | undefined {
    const { conn } = this.client
    if (conn.transport !== this.#transport) {
      this.#transport = conn.transport
      this.#fast = asFast(conn.transport)
    }
    const fast = this.#fast
    return fast !== undefined && isIdle(conn, fast) ? fast : undefined
  }
}
