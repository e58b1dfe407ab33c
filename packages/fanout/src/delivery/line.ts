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
import type { EncodedEvent } from './writer.ts'

const key = Symbol('madang.line')
type Lined = Conn & { [key]?: Line }

/** The connection's line; made on first use. */
export function lineOf(socket: Socket): Line {
  const conn: Lined = socket.client.conn
  return conn[key] ?? newLine(socket.client, conn)
}

function newLine(client: Client, conn: Lined): Line {
  const line = new Line(client)
  conn[key] = line
  hookConn(conn, flushConn)
  return line
}

function flushConn(this: Lined): void {
  this[key]?.flush()
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
  /** How many bytes may be held before what is queued elsewhere is looked at again. */
  allowance = 0
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
