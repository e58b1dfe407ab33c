/** The contract of delivery: one node's rooms of sockets, each served with one encoded frame per event. */
import type { Socket } from 'socket.io'
import type { WriterLimits } from './writer.ts'

export interface DeliverOptions {
  /** Socket ids that are left out. */
  readonly except?: readonly string[]
  /** May be left out for sockets that are slow (typing, presence). */
  readonly droppable?: boolean
}

/**
 * What delivery tells of sockets that read too slowly. Called outside of any loop over a room, so that it may join, leave and
 * close; must not throw. Per socket: `onBehind`, then either `onDrained` (and all may begin anew), or `onStuck` once, or neither, where
 * the socket disconnects first.
 */
export interface DeliveryListener {
  /** More than `bytesQueuedMax` wait for this socket: it gets no room frame from now on. */
  onBehind(socket: Socket): void
  /** What waited has left. The socket gets room frames again once this call has returned, so what is emitted to it in here comes first. */
  onDrained(socket: Socket): void
  /** The socket is behind for longer than `behindMsMax`: it is time to close it, with `cutOff`, which does not wait for it. */
  onStuck(socket: Socket): void
}

/**
 * Rooms of sockets, apart from Socket.IO's own: what is joined here costs nothing in its adapter, and cannot be reached by `io.to`.
 *
 * Order: per socket exactly that of the calls, room events and Socket.IO's own emits, acknowledgements and disconnects taken together.
 * Time: in a quiet room an event leaves in the same turn; under load it is held for at most `windowMsMax` (see `Writer`).
 * Room: a socket that joins after a `deliver` does not get it, one that leaves after it does. A room without sockets costs nothing.
 * End: a socket that disconnects leaves all of its rooms by itself.
 */
export interface RoomDelivery {
  /** Joining twice is joining once. A socket that is not connected stays out. */
  join(room: string, socket: Socket): void
  leave(room: string, socket: Socket): void
  /** To every connected socket in the room, each argument as Socket.IO would send it. Returns how many sockets it was written to. */
  deliver(room: string, event: string, args: readonly unknown[], options?: DeliverOptions): number
  sockets(room: string): readonly Socket[]
  rooms(socket: Socket): readonly string[]
  /** How many bytes wait to leave for this socket, wherever they wait. */
  bytesQueued(socket: Socket): number
  isBehind(socket: Socket): boolean
  /** Rooms and members at this moment, for metrics. */
  size(): { readonly rooms: number; readonly sockets: number; readonly behind: number }
  /** Sends what is held, empties every room and clears the timers. Calling it twice is calling it once. */
  stop(): void
}

/** The first two must be said; for the rest the writer has values of its own. */
export type DeliveryLimits = Pick<WriterLimits, 'bytesQueuedMax' | 'behindMsMax'> &
  Partial<WriterLimits>
