/** The contract of the writer: what brings encoded events to sockets, in order, with as few writes as the load allows. */
import type { Socket } from 'socket.io'

export { encodeEvent, eventFromFrame, type PacketEncoder } from './event.ts'
export { createWriter, type WriterOptions } from './socket-writer.ts'

/** One event, encoded once for all sockets of a namespace. `encodeEvent` and `eventFromFrame` make it. */
export interface EncodedEvent {
  readonly nsp: string
  /** `[event, ...args]`; decoded on first use where the event came from another node. For outgoing listeners only. */
  args(): unknown[]
  /** What Socket.IO's parser made of it: one text, or with binary arguments a text and its attachments. For transports that cannot take `frame`. */
  chunks(): readonly (string | Buffer)[]
  /** The finished WebSocket frames of the whole event (text frame, then a binary frame per attachment), joined into one Buffer; Engine.IO protocol 4. */
  readonly frame: Buffer
}

export interface WriteOptions {
  /** May be left out for connections that are slow (typing, presence, volatile). */
  readonly droppable?: boolean
  /** Socket.IO's own flag; `false` keeps a compressing transport from compressing it. */
  readonly compress?: boolean
}

/** A socket as the writer knows it; made by `writer.portOf()`, one for each socket, for its life. */
export interface Port {
  readonly socket: Socket
}

/** What is known of one room's load; made by `writer.newMeter()`, kept by whoever keeps the room, dropped with it. Opaque. */
export interface Meter {
  /** When its room last had an event, by the writer's clock, in ms. */
  lastAt: number
}

/**
 * Order: per connection exactly that of the calls, together with everything that Socket.IO itself writes to that connection: emits, acknowledgements, disconnects,
 * heartbeats, packets of other namespaces. Who is among the sockets is judged at the time of the call.
 * Time: in a quiet room the event leaves in the same turn of the event loop; under load it is held for at most `windowMsMax`, and joined with others into one
 * write per connection. `conn.close()` and `socket.disconnect()` send what is held first; a connection that breaks takes it along, as it takes what is in the kernel.
 * Several writers may serve one connection; the order holds across them.
 */
export interface Writer {
  newMeter(): Meter
  portOf(socket: Socket): Port
  /**
   * Hands the event to each connected socket. Returns how many it was handed to: all but those that are behind, or too slow for what is droppable.
   * Whoever keeps rooms of ports instead of sockets is served several times faster: what is held for a port is held without a look at its socket.
   */
  write(
    event: EncodedEvent,
    sockets: Iterable<Socket | Port>,
    meter: Meter,
    options?: WriteOptions,
  ): number
  /** What is held for this socket's connection leaves now. Stock emits do this by themselves. */
  flush(socket: Socket): void
  /** Bytes that wait to leave for this socket's connection: held here, in Engine.IO, in ws and in Node's socket. */
  bytesQueued(socket: Socket): number
  /** Everything that is held leaves, no timer is left, and nothing is held any more. Calling it twice is calling it once. */
  stop(): void
}

export interface WriterLimits {
  /** Unsent bytes of a connection, past which it is behind; past half of it, droppable events are left out. */
  readonly bytesQueuedMax: number
  /** How long a connection may stay behind before it is stuck, in ms. */
  readonly behindMsMax: number
  /** How long an event may be held, in ms. 0: never. */
  readonly windowMsMax: number
  /** Bytes held for a connection, past which they leave at once. */
  readonly bytesHeldMax: number
}

/**
 * What the writer tells of connections that read too slowly, once for each of a connection's sockets. Called outside of any loop over sockets, so that it may
 * join, leave and close; must not throw. Per socket: `onBehind`, then either `onDrained` (and all may begin anew), or `onStuck` once, or neither, where the
 * socket disconnects first.
 */
export interface WriterListener {
  /** More than `bytesQueuedMax` wait for this socket's connection: `write` leaves it out from now on. */
  onBehind(socket: Socket): void
  /** What waited has left. `write` serves the socket again once this call has returned, so what is emitted to it in here comes first. */
  onDrained(socket: Socket): void
  /** The connection is behind for longer than `behindMsMax`: it is time to close it, with `cutOff`, which does not wait for it. */
  onStuck(socket: Socket): void
}
