/** Performs delivery: keeps rooms of sockets, writes each event to them encoded once, and stops for those that read too slowly. */
import type { Socket } from 'socket.io'
import type { Clock, Timer } from '../clock.ts'
import { type EncodedEvent, encodeEvent, Outlet } from './engine.ts'
import type {
  DeliverOptions,
  DeliveryLimits,
  DeliveryListener,
  RoomDelivery,
} from './room-delivery.ts'

export interface DeliveryOptions {
  readonly clock: Clock
  readonly limits: DeliveryLimits
  readonly listener: DeliveryListener
}

export function createDelivery(options: DeliveryOptions): RoomDelivery {
  return new SocketDelivery(options)
}

/** How often those who are behind are looked at, in ms. They were silent for longer than that, and while nobody is behind nothing is looked at. */
const behindCheckMs = 100

interface Member {
  readonly outlet: Outlet
  /** An array, not a set: a socket is in few rooms, and there are many sockets. */
  readonly rooms: string[]
  readonly onDisconnect: () => void
  pace: 'live' | 'behind' | 'stuck'
  behindSince: number
}

class SocketDelivery implements RoomDelivery {
  readonly #clock: Clock
  readonly #limits: DeliveryLimits
  readonly #listener: DeliveryListener
  readonly #rooms = new Map<string, Set<Member>>()
  readonly #members = new Map<Socket, Member>()
  readonly #behind = new Set<Member>()
  #check: Timer | undefined

  constructor({ clock, limits, listener }: DeliveryOptions) {
    this.#clock = clock
    this.#limits = limits
    this.#listener = listener
  }

  join(room: string, socket: Socket): void {
    if (!socket.connected) return
    const member = this.#members.get(socket) ?? this.#add(socket)
    if (member.rooms.includes(room)) return
    member.rooms.push(room)
    const members = this.#rooms.get(room)
    if (members === undefined) this.#rooms.set(room, new Set([member]))
    else members.add(member)
  }

  leave(room: string, socket: Socket): void {
    const member = this.#members.get(socket)
    const at = member?.rooms.indexOf(room) ?? -1
    if (member === undefined || at === -1) return
    member.rooms.splice(at, 1)
    this.#takeOut(room, member)
    if (member.rooms.length === 0 && member.pace === 'live') this.#forget(member)
  }

  deliver(
    room: string,
    event: string,
    args: readonly unknown[],
    { except = [], droppable = false }: DeliverOptions = {},
  ): number {
    const members = this.#rooms.get(room)
    if (members === undefined) return 0
    const encoded = new Map<string, EncodedEvent>()
    const tooSlow: Member[] = []
    let written = 0
    for (const member of members) {
      const { socket } = member.outlet
      if (!socket.connected || except.includes(socket.id)) continue
      // Before anything is marked or written: what cannot be encoded throws here.
      const one = encoded.get(socket.nsp.name) ?? encodeEvent(socket, event, args)
      encoded.set(socket.nsp.name, one)
      if (!this.#mayWrite(member, droppable, tooSlow)) continue
      member.outlet.write(one)
      written += 1
    }
    for (const member of tooSlow) this.#listener.onBehind(member.outlet.socket)
    return written
  }

  flushFor(_socket: Socket): void {
    // Every frame leaves within its `deliver`: nothing is held back.
  }

  sockets(room: string): readonly Socket[] {
    return [...(this.#rooms.get(room) ?? [])].map((member) => member.outlet.socket)
  }

  rooms(socket: Socket): readonly string[] {
    return [...(this.#members.get(socket)?.rooms ?? [])]
  }

  bytesQueued(socket: Socket): number {
    return (this.#members.get(socket)?.outlet ?? new Outlet(socket)).bytesQueued()
  }

  isBehind(socket: Socket): boolean {
    const member = this.#members.get(socket)
    return member !== undefined && member.pace !== 'live'
  }

  size() {
    return {
      rooms: this.#rooms.size,
      sockets: this.#members.size,
      behind: this.#behind.size,
    }
  }

  stop(): void {
    this.#check?.cancel()
    this.#check = undefined
    for (const member of [...this.#members.values()]) this.#forget(member)
  }

  #add(socket: Socket): Member {
    const member: Member = {
      outlet: new Outlet(socket),
      rooms: [],
      onDisconnect: () => this.#forget(member),
      pace: 'live',
      behindSince: 0,
    }
    this.#members.set(socket, member)
    socket.on('disconnect', member.onDisconnect)
    return member
  }

  #takeOut(room: string, member: Member): void {
    const members = this.#rooms.get(room)
    if (members?.delete(member) && members.size === 0) this.#rooms.delete(room)
  }

  #forget(member: Member): void {
    const { socket } = member.outlet
    for (const room of member.rooms) this.#takeOut(room, member)
    member.rooms.length = 0
    this.#members.delete(socket)
    this.#behind.delete(member)
    socket.off('disconnect', member.onDisconnect)
    if (this.#behind.size === 0) this.#check?.cancel()
  }

  /** Whether this frame is for a socket at its pace; puts it among `tooSlow` where it just fell behind. */
  #mayWrite(member: Member, droppable: boolean, tooSlow: Member[]): boolean {
    if (member.pace !== 'live') return false
    const queued = member.outlet.bytesQueued()
    if (queued > this.#limits.bytesQueuedMax) {
      this.#fallBehind(member)
      tooSlow.push(member)
      return false
    }
    return !droppable || queued <= this.#limits.bytesQueuedMax / 2
  }

  #fallBehind(member: Member): void {
    member.pace = 'behind'
    member.behindSince = this.#clock.monotonic()
    this.#behind.add(member)
    if (this.#behind.size === 1) this.#checkLater()
  }

  #checkLater(): void {
    this.#check?.cancel()
    this.#check = this.#clock.after(behindCheckMs, () => {
      for (const member of [...this.#behind]) this.#look(member)
      if (this.#behind.size > 0) this.#checkLater()
    })
  }

  #look(member: Member): void {
    if (!this.#behind.has(member)) return
    const { outlet } = member
    // Not down to nothing: a socket that is written to all the time may never get there.
    if (outlet.bytesQueued() <= this.#limits.bytesQueuedMax / 8) {
      this.#behind.delete(member)
      this.#listener.onDrained(outlet.socket)
      member.pace = 'live'
      if (member.rooms.length === 0) this.#forget(member)
    } else if (this.#clock.monotonic() - member.behindSince > this.#limits.behindMsMax) {
      this.#behind.delete(member)
      member.pace = 'stuck'
      this.#listener.onStuck(outlet.socket)
    }
  }
}
