/** Performs delivery: keeps rooms of sockets, encodes each event once, and hands it to the writer. */
import type { Socket } from 'socket.io'
import type { Clock } from '../clock.ts'
import { encodeEvent } from './event.ts'
import type {
  DeliverOptions,
  DeliveryLimits,
  DeliveryListener,
  RoomDelivery,
} from './room-delivery.ts'
import { createWriter } from './socket-writer.ts'
import type { Meter, Port, Writer, WriterListener } from './writer.ts'

export interface DeliveryOptions {
  readonly clock: Clock
  readonly limits: DeliveryLimits
  readonly listener: DeliveryListener
}

export function createDelivery(options: DeliveryOptions): RoomDelivery {
  return new SocketDelivery(options)
}

/** The sockets of one room and one namespace, whose name is part of what is encoded. Nearly every room has one group. */
interface Group {
  readonly nsp: Socket['nsp']
  readonly ports: Set<Port>
  readonly meter: Meter
}

interface Member {
  /** An array, not a set: a socket is in few rooms, and there are many sockets. */
  readonly rooms: string[]
  pace: 'live' | 'behind' | 'stuck'
}

class SocketDelivery implements RoomDelivery, WriterListener {
  readonly #writer: Writer
  readonly #listener: DeliveryListener
  readonly #rooms = new Map<string, Group[]>()
  readonly #members = new Map<Socket, Member>()
  /** One for all sockets; Socket.IO calls it with the socket as `this`. */
  readonly #onDisconnect: (this: Socket) => void
  #behind = 0

  constructor({ clock, limits, listener }: DeliveryOptions) {
    this.#listener = listener
    this.#writer = createWriter({ clock, limits, listener: this })
    const forget = (socket: Socket) => this.#forget(socket)
    this.#onDisconnect = function onDisconnect() {
      forget(this)
    }
  }

  join(room: string, socket: Socket): void {
    if (!socket.connected) return
    const member = this.#members.get(socket) ?? this.#add(socket)
    if (member.rooms.includes(room)) return
    member.rooms.push(room)
    const groups = this.#rooms.get(room) ?? []
    if (groups.length === 0) this.#rooms.set(room, groups)
    const group = groups.find(({ nsp }) => isSame(nsp, socket.nsp))
    const port = this.#writer.portOf(socket)
    if (group !== undefined) group.ports.add(port)
    else groups.push({ nsp: socket.nsp, ports: new Set([port]), meter: this.#writer.newMeter() })
  }

  leave(room: string, socket: Socket): void {
    const member = this.#members.get(socket)
    const at = member?.rooms.indexOf(room) ?? -1
    if (member === undefined || at === -1) return
    member.rooms.splice(at, 1)
    this.#takeOut(room, socket)
    if (member.rooms.length === 0 && member.pace === 'live') this.#forget(socket)
  }

  deliver(
    room: string,
    event: string,
    args: readonly unknown[],
    { except = [], droppable = false }: DeliverOptions = {},
  ): number {
    const groups = this.#rooms.get(room) ?? []
    // All before any is written: what cannot be encoded throws here.
    const events = groups.map(({ nsp }) =>
      encodeEvent(nsp.server.encoder, nsp.name, [event, ...args]),
    )
    let written = 0
    for (const [i, { ports, meter }] of [...groups].entries()) {
      const encoded = events[i]
      if (encoded === undefined) continue
      const to = except.length === 0 ? ports : without(ports, except)
      written += this.#writer.write(encoded, to, meter, { droppable })
    }
    return written
  }

  sockets(room: string): readonly Socket[] {
    return (this.#rooms.get(room) ?? []).flatMap(({ ports }) =>
      Array.from(ports, ({ socket }) => socket),
    )
  }

  rooms(socket: Socket): readonly string[] {
    return [...(this.#members.get(socket)?.rooms ?? [])]
  }

  bytesQueued(socket: Socket): number {
    return this.#writer.bytesQueued(socket)
  }

  isBehind(socket: Socket): boolean {
    const member = this.#members.get(socket)
    return member !== undefined && member.pace !== 'live'
  }

  size() {
    return { rooms: this.#rooms.size, sockets: this.#members.size, behind: this.#behind }
  }

  stop(): void {
    this.#writer.stop()
    for (const socket of [...this.#members.keys()]) this.#forget(socket)
  }

  onBehind(socket: Socket): void {
    const member = this.#members.get(socket)
    if (member === undefined || member.pace !== 'live') return
    this.#turn(member, 'behind')
    this.#listener.onBehind(socket)
  }

  onDrained(socket: Socket): void {
    const member = this.#members.get(socket)
    if (member?.pace !== 'behind') return
    this.#listener.onDrained(socket)
    this.#turn(member, 'live')
    if (member.rooms.length === 0) this.#forget(socket)
  }

  onStuck(socket: Socket): void {
    const member = this.#members.get(socket)
    if (member?.pace !== 'behind') return
    this.#turn(member, 'stuck')
    this.#listener.onStuck(socket)
  }

  #add(socket: Socket): Member {
    const member: Member = { rooms: [], pace: 'live' }
    this.#members.set(socket, member)
    socket.on('disconnect', this.#onDisconnect)
    return member
  }

  #takeOut(room: string, socket: Socket): void {
    const groups = this.#rooms.get(room) ?? []
    const at = groups.findIndex(({ nsp }) => isSame(nsp, socket.nsp))
    const ports = groups[at]?.ports
    if (ports?.delete(this.#writer.portOf(socket)) && ports.size === 0) groups.splice(at, 1)
    if (groups.length === 0) this.#rooms.delete(room)
  }

  #forget(socket: Socket): void {
    const member = this.#members.get(socket)
    if (member === undefined) return
    for (const room of member.rooms) this.#takeOut(room, socket)
    member.rooms.length = 0
    this.#members.delete(socket)
    this.#turn(member, 'live')
    socket.off('disconnect', this.#onDisconnect)
  }

  #turn(member: Member, pace: Member['pace']): void {
    if (member.pace === 'behind') this.#behind -= 1
    if (pace === 'behind') this.#behind += 1
    member.pace = pace
  }
}

/** What is encoded for one is good for the other: a server may know one namespace under several objects. */
function isSame(a: Socket['nsp'], b: Socket['nsp']): boolean {
  return a === b || (a.name === b.name && a.server === b.server)
}

function* without(ports: Iterable<Port>, except: readonly string[]): Iterable<Port> {
  for (const port of ports) if (!except.includes(port.socket.id)) yield port
}
