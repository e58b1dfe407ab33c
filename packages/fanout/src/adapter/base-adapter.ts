/** Socket.IO's own Adapter, with types that say what its methods take, and with the two methods open that it calls but keeps to itself. */
import type { EventEmitter } from 'node:events'
import type { Namespace, Socket } from 'socket.io'
import { Adapter, type BroadcastOptions } from 'socket.io-adapter'

/** An event that is emitted; `data` is `[event, ...args]`. */
export interface EventPacket {
  type: number
  nsp?: string
  id?: number
  data: unknown[]
}

/** What other nodes tell of a socket, enough for Socket.IO's `RemoteSocket`. */
export interface SocketDetails {
  readonly id: string
  readonly handshake: unknown
  readonly rooms: readonly string[]
  readonly data: unknown
}

export interface BaseAdapter extends EventEmitter {
  readonly nsp: Namespace
  readonly rooms: Map<string, Set<string>>
  readonly sids: Map<string, Set<string>>
  init(): Promise<void> | void
  close(): Promise<void> | void
  serverCount(): Promise<number>
  addAll(id: string, rooms: Set<string>): Promise<void> | void
  del(id: string, room: string): Promise<void> | void
  delAll(id: string): void
  broadcast(packet: EventPacket, opts: BroadcastOptions): void
  broadcastWithAck(
    packet: EventPacket,
    opts: BroadcastOptions,
    onClientCount: (clients: number) => void,
    onAck: (answer: unknown) => void,
  ): void
  sockets(rooms: Set<string>): Promise<Set<string>>
  socketRooms(id: string): Set<string> | undefined
  fetchSockets(opts: BroadcastOptions): Promise<(Socket | SocketDetails)[]>
  addSockets(opts: BroadcastOptions, rooms: string[]): Promise<void> | void
  delSockets(opts: BroadcastOptions, rooms: string[]): Promise<void> | void
  disconnectSockets(opts: BroadcastOptions, close: boolean): Promise<void> | void
  serverSideEmit(args: unknown[]): void
  /** Calls back with every local socket that is meant. */
  apply(opts: BroadcastOptions, each: (socket: Socket) => void): void
  computeExceptSids(except?: ReadonlySet<string>): Set<string>
}

export const BaseAdapter = Adapter as unknown as new (nsp: Namespace) => BaseAdapter
