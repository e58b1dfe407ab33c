/** What one namespace does for the other nodes: their commands and questions. */
import type { Namespace, Socket } from 'socket.io'
import type { BroadcastOptions } from 'socket.io-adapter'
import type { EventPacket, SocketDetails } from './base-adapter.ts'
import type { Codec } from './codec.ts'
import type { Exchange } from './exchange.ts'
import { optionsOf } from './frame-options.ts'
import { flags, type Kind, kinds, type WireFrame } from './wire.ts'

/** The sockets of this node, as the adapter keeps them. */
export interface LocalSockets {
  readonly nsp: Namespace
  localSockets(opts: BroadcastOptions): Socket[]
  joinLocally(opts: BroadcastOptions, rooms: string[]): Promise<unknown>
  leaveLocally(opts: BroadcastOptions, rooms: string[]): void
  disconnectLocally(opts: BroadcastOptions, close: boolean): void
  emitLocallyWithAck(
    packet: EventPacket,
    opts: BroadcastOptions,
    onClientCount: (clients: number) => void,
    onAck: (answer: unknown) => void,
  ): void
}

/** PacketType.EVENT of socket.io-parser. */
const eventType = 2
/** Questions whether a command was done that has not come yet; the oldest go first, and their askers wait in vain. */
const parkedMax = 1_000

export class Answers {
  readonly #local: LocalSockets
  readonly #exchange: Exchange
  readonly #codec: Codec
  /** By the node and id of the command. */
  readonly #parked = new Map<string, WireFrame>()

  constructor(local: LocalSockets, exchange: Exchange, codec: Codec) {
    this.#local = local
    this.#exchange = exchange
    this.#codec = codec
  }

  take(frame: WireFrame): void {
    const { kind } = frame
    if (kind === kinds.fetch) this.#tellSockets(frame)
    else if (kind === kinds.ids) this.#tellIds(frame)
    else if (kind === kinds.settle) this.#settle(frame)
    else if (kind === kinds.disconnect) this.#disconnect(frame)
    else this.#takeWithBody(frame)
  }

  #takeWithBody(frame: WireFrame): void {
    const { kind, body } = frame
    const values = kind === kinds.eventWithAck ? this.#eventOf(body) : this.#valuesOf(body)
    if (values === undefined) return
    if (kind === kinds.join) void this.#join(frame, names(values[0]))
    else if (kind === kinds.leave) {
      this.#local.leaveLocally(optionsOf(frame), names(values[0]))
      this.#done(frame)
    } else if (kind === kinds.eventWithAck) this.#emitWithAck(frame, values)
    else if (kind === kinds.serverEmit) this.#serverEmit(values)
    else if (kind === kinds.serverEmitWithAck) this.#serverEmit([...values, this.#once(frame)])
  }

  async #join(frame: WireFrame, rooms: string[]): Promise<void> {
    await this.#local.joinLocally(optionsOf(frame), rooms)
    this.#done(frame)
  }

  #disconnect(frame: WireFrame): void {
    this.#local.disconnectLocally(optionsOf(frame), (frame.flags & flags.close) !== 0)
    this.#done(frame)
  }

  /** A command that went out on the topics of its rooms is answered through the question beside it. */
  #done(frame: WireFrame): void {
    if ((frame.flags & flags.repeated) === 0) this.#reply(frame, kinds.reply, [])
    const key = `${frame.node}${frame.id}`
    const question = this.#parked.get(key)
    this.#parked.delete(key)
    if (question !== undefined) this.#reply(question, kinds.reply, [])
  }

  #settle(frame: WireFrame): void {
    const isDone = this.#exchange.hasHeard(frame.node, frame.value)
    if (isDone || this.#local.localSockets(optionsOf(frame)).length === 0) {
      this.#reply(frame, kinds.reply, [])
      return
    }
    this.#parked.set(`${frame.node}${frame.value}`, frame)
    const [oldest] = this.#parked.keys()
    if (this.#parked.size > parkedMax && oldest !== undefined) this.#parked.delete(oldest)
  }

  #emitWithAck(frame: WireFrame, data: unknown[]): void {
    const opts = optionsOf(frame)
    const sockets = this.#local.localSockets(opts)
    const packet: EventPacket = { type: eventType, data }
    let waiting = sockets.length
    const onAck = (answer: unknown) => {
      waiting -= 1
      if (waiting === 0) timer.cancel()
      this.#reply(frame, kinds.ack, [answer])
    }
    const timer = this.#exchange.settings.clock.after(frame.value, () => {
      for (const socket of sockets) forgetAck(socket, packet.id)
    })
    const onCount = (clients: number) => this.#reply(frame, kinds.ackCount, [clients])
    this.#local.emitLocallyWithAck(packet, opts, onCount, onAck)
    if (waiting === 0) timer.cancel()
  }

  #serverEmit(args: unknown[]): void {
    this.#local.nsp._onServerSideEmit(args as [string, ...unknown[]])
  }

  #once(frame: WireFrame): (answer: unknown) => void {
    let isAnswered = false
    return (answer) => {
      if (isAnswered) return
      isAnswered = true
      this.#reply(frame, kinds.reply, [answer])
    }
  }

  #tellIds(frame: WireFrame): void {
    const sockets = this.#local.localSockets(optionsOf(frame))
    this.#reply(frame, kinds.reply, [sockets.map((socket) => socket.id)])
  }

  #tellSockets(frame: WireFrame): void {
    const details = this.#local.localSockets(optionsOf(frame)).map(detailsOf)
    try {
      this.#reply(frame, kinds.reply, [details])
    } catch (error) {
      // One socket's data that cannot be encoded (a BigInt, a circle) must not hide the others.
      this.#exchange.tell({ kind: 'error', error })
      this.#reply(frame, kinds.reply, [details.map((one) => this.#encodable(one))])
    }
  }

  #encodable(details: SocketDetails): SocketDetails {
    try {
      this.#codec.body([details])
      return details
    } catch {
      return { ...details, data: {} }
    }
  }

  #reply(to: WireFrame, kind: Kind, values: unknown[]): void {
    this.#exchange.reply(to, kind, this.#codec.body(values))
  }

  #valuesOf(body: Buffer): unknown[] | undefined {
    return this.#read(() => this.#codec.values(body))
  }

  #eventOf(body: Buffer): unknown[] | undefined {
    return this.#read(() => this.#codec.eventOf(this.#local.nsp.name, body).args())
  }

  #read(read: () => unknown[]): unknown[] | undefined {
    try {
      return read()
    } catch {
      this.#exchange.malformed(this.#exchange.topics.namespace(this.#local.nsp.name))
      return undefined
    }
  }
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value : []
}

function detailsOf(socket: Socket): SocketDetails {
  // Session middleware hangs its store on the handshake, which may hold anything.
  const handshake = { ...socket.handshake, sessionStore: undefined }
  return { id: socket.id, handshake, rooms: [...socket.rooms], data: socket.data }
}

/** An acknowledgement that nobody waits for any more. */
function forgetAck(socket: Socket, id: number | undefined): void {
  const acks: unknown = Reflect.get(socket, 'acks')
  if (acks instanceof Map) acks.delete(id)
}
