/** The adapter of one namespace: serves its own sockets in the emit call itself, and hands one frame to the nodes that have somebody to serve. */
import type { Namespace, Socket } from 'socket.io'
import type { BroadcastOptions } from 'socket.io-adapter'
import type { Topic } from '../broker.ts'
import type { EncodedEvent, Meter, Port, Writer } from '../delivery/writer.ts'
import { Answers } from './answers.ts'
import { BaseAdapter, type EventPacket, type SocketDetails } from './base-adapter.ts'
import { areWholeFrames, Codec } from './codec.ts'
import type { Exchange, Local } from './exchange.ts'
import { flagsOf, optionsOf } from './frame-options.ts'
import { PortLists } from './port-lists.ts'
import { Questions } from './questions.ts'
import { kinds, type WireFrame } from './wire.ts'

/** PacketType.EVENT of socket.io-parser. */
const eventType = 2

export class RoomAdapter extends BaseAdapter implements Local {
  /** What all namespaces of this process share: health, counters, the other nodes. */
  readonly exchange: Exchange
  readonly #writer: Writer
  readonly #codec: Codec
  readonly #questions: Questions
  readonly #answers: Answers
  readonly #hasDefaultRoom: boolean
  readonly #namespaceTopic: Topic
  /** Of rooms that were emitted to; what goes to one socket has none, because it is never held for others. */
  readonly #meters = new Map<string, Meter>()
  readonly #namespaceMeter: Meter
  readonly #portLists = new PortLists()
  #attached: Promise<void> | undefined
  #closed: Promise<void> | undefined

  constructor(nsp: Namespace, exchange: Exchange, writer: Writer) {
    super(nsp)
    refuseRecovery(nsp)
    this.exchange = exchange
    this.#writer = writer
    this.#codec = new Codec(nsp.server)
    this.#hasDefaultRoom = exchange.settings.defaultRoom
    this.#namespaceTopic = exchange.topics.namespace(nsp.name)
    this.#namespaceMeter = writer.newMeter()
    this.#questions = new Questions(nsp.name, exchange, this.#codec)
    this.#answers = new Answers(this, exchange, this.#codec)
    // In the constructor, so that what is wrong is thrown where the server is made.
    this.#attached = exchange.attach(nsp.name, this)
  }

  /** Resolves when frames for the whole namespace arrive. */
  override init(): Promise<void> | undefined {
    return this.#attached
  }

  override close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  override serverCount(): Promise<number> {
    return Promise.resolve(1 + this.exchange.peers(this.nsp.name).size)
  }

  /** Where it returns a promise, frames published to these rooms once it has resolved arrive: `await socket.join(room)` means subscribed. */
  override addAll(id: string, rooms: Set<string>): Promise<void> | undefined {
    const fresh = [...rooms].filter((room) => !this.#isWanted(room))
    const isNew = !this.sids.has(id)
    if (this.#hasDefaultRoom || !rooms.has(id)) void super.addAll(id, rooms)
    else void super.addAll(id, new Set([...rooms].filter((room) => room !== id)))
    if (!this.#hasDefaultRoom && isNew && !rooms.has(id) && !this.rooms.has(id)) fresh.push(id)
    this.#portLists.changed(rooms)
    if (isNew) this.#portLists.cameOrWent()
    if (this.#closed !== undefined) return undefined
    for (const room of fresh) void this.exchange.subscriptions.add(this.#topicOf(room))
    return this.#subscribed(rooms)
  }

  override del(id: string, room: string): void {
    const wasWanted = this.#isWanted(room)
    void super.del(id, room)
    this.#portLists.changed([room])
    if (wasWanted) this.#unwantUnused(room)
  }

  override delAll(id: string): void {
    const rooms = [...(this.sids.get(id) ?? [])]
    const wasImplicit = !this.#hasDefaultRoom && this.sids.has(id)
    super.delAll(id)
    this.#portLists.changed(rooms)
    this.#portLists.cameOrWent()
    for (const room of rooms) this.#unwantUnused(room)
    if (wasImplicit) this.#unwantUnused(id)
  }

  override broadcast(packet: EventPacket, opts: BroadcastOptions): void {
    if (packet.type !== eventType) {
      super.broadcast(packet, opts)
      return
    }
    // Before anything is written: what cannot be encoded throws here, and later changes of the arguments are not seen.
    const event = this.#codec.event(this.nsp.name, packet.data)
    this.#serve(event, opts)
    if (opts.flags?.local === true) return
    const saying = {
      flags: flagsOf(opts),
      nsp: this.nsp.name,
      rooms: opts.rooms,
      body: event.frame,
    }
    const except = opts.except ?? []
    this.exchange.publish(this.#topicsOf(opts), kinds.event, { ...saying, except })
  }

  override broadcastWithAck(
    packet: EventPacket,
    opts: BroadcastOptions,
    onClientCount: (clients: number) => void,
    onAck: (answer: unknown) => void,
  ): void {
    const { frame } = this.#codec.event(this.nsp.name, packet.data)
    this.emitLocallyWithAck(packet, opts, onClientCount, onAck)
    if (opts.flags?.local !== true) this.#questions.emit(frame, opts, onClientCount, onAck)
  }

  /** Serves the sockets of this node alone. */
  emitLocallyWithAck(
    packet: EventPacket,
    opts: BroadcastOptions,
    onClientCount: (clients: number) => void,
    onAck: (answer: unknown) => void,
  ): void {
    super.broadcastWithAck(packet, opts, onClientCount, onAck)
  }

  /** The ids of all nodes. */
  override async sockets(rooms: Set<string>): Promise<Set<string>> {
    const ids = await super.sockets(rooms)
    for (const id of await this.#questions.ids({ rooms })) ids.add(id)
    return ids
  }

  override async fetchSockets(opts: BroadcastOptions): Promise<(Socket | SocketDetails)[]> {
    const sockets = this.localSockets(opts)
    if (opts.flags?.local === true) return sockets
    return [...sockets, ...(await this.#questions.fetch(opts))]
  }

  /** Resolves when every node that is alive has done it, and is subscribed. */
  override async addSockets(opts: BroadcastOptions, rooms: string[]): Promise<void> {
    const here = this.joinLocally(opts, rooms)
    if (opts.flags?.local !== true) await this.#questions.join(opts, rooms)
    await here
  }

  override async delSockets(opts: BroadcastOptions, rooms: string[]): Promise<void> {
    this.leaveLocally(opts, rooms)
    if (opts.flags?.local === true) return
    await this.#questions.leave(opts, rooms, this.#topicsOf(opts))
  }

  override async disconnectSockets(opts: BroadcastOptions, close: boolean): Promise<void> {
    const topics = this.#topicsOf(opts)
    this.disconnectLocally(opts, close)
    if (opts.flags?.local !== true) await this.#questions.disconnect(opts, close, topics)
  }

  override serverSideEmit(args: unknown[]): void {
    this.#questions.serverSideEmit(args)
  }

  /** A name that is a socket's id means that socket: in `except` always, elsewhere where it has no room of its own. */
  override apply(opts: BroadcastOptions, each: (socket: Socket) => void): void {
    for (const socket of this.localSockets(opts)) {
      // An earlier call may have disconnected it.
      if (this.nsp.sockets.has(socket.id)) each(socket)
    }
  }

  override computeExceptSids(except: ReadonlySet<string> = new Set()): Set<string> {
    const ids = new Set<string>()
    for (const name of except) {
      if (this.sids.has(name)) ids.add(name)
      for (const id of this.rooms.get(name) ?? []) ids.add(id)
    }
    return ids
  }

  /** A frame of another node. Throws what listeners of the application throw. */
  receive(frame: WireFrame): void {
    if (frame.kind === kinds.event) this.#receiveEvent(frame)
    else this.#answers.take(frame)
  }

  localSockets({ rooms, except }: BroadcastOptions): Socket[] {
    const excepted = this.computeExceptSids(except)
    const sockets: Socket[] = []
    const add = (id: string) => {
      const socket = excepted.has(id) ? undefined : this.nsp.sockets.get(id)
      if (socket !== undefined) sockets.push(socket)
    }
    if (rooms.size === 0) for (const id of this.sids.keys()) add(id)
    else for (const id of this.#idsIn(rooms)) add(id)
    return sockets
  }

  joinLocally(opts: BroadcastOptions, rooms: string[]): Promise<unknown> {
    const joined: unknown[] = []
    this.apply(opts, (socket) => joined.push(socket.join(rooms)))
    return Promise.all(joined)
  }

  leaveLocally(opts: BroadcastOptions, rooms: string[]): void {
    this.apply(opts, (socket) => {
      for (const room of rooms) void socket.leave(room)
    })
  }

  disconnectLocally(opts: BroadcastOptions, close: boolean): void {
    this.apply(opts, (socket) => void socket.disconnect(close))
  }

  #idsIn(rooms: ReadonlySet<string>): Iterable<string> {
    const [first] = rooms
    if (rooms.size === 1 && first !== undefined && !this.#isImplicit(first)) {
      return this.rooms.get(first) ?? []
    }
    const ids = new Set<string>()
    for (const room of rooms) {
      if (this.#isImplicit(room)) ids.add(room)
      for (const id of this.rooms.get(room) ?? []) ids.add(id)
    }
    return ids
  }

  #isImplicit(room: string): boolean {
    return !this.#hasDefaultRoom && this.sids.has(room)
  }

  #isWanted(room: string): boolean {
    return this.rooms.has(room) || this.#isImplicit(room)
  }

  #unwantUnused(room: string): void {
    if (!this.rooms.has(room)) this.#meters.delete(room)
    if (this.#isWanted(room) || this.#closed !== undefined) return
    this.exchange.subscriptions.remove(this.#topicOf(room))
  }

  #topicOf(room: string): Topic {
    return this.exchange.topics.room(this.nsp.name, room)
  }

  /** Where a frame with these rooms has to go. */
  #topicsOf({ rooms }: BroadcastOptions): Topic[] {
    const isWide = rooms.size === 0 || rooms.size > this.exchange.settings.roomTopicsMax
    // Sockets elsewhere may be about to join: who will be in these rooms is not subscribed to them yet.
    if (isWide || this.#questions.isJoining) return [this.#namespaceTopic]
    return [...rooms].map((room) => this.#topicOf(room))
  }

  #subscribed(rooms: ReadonlySet<string>): Promise<void> | undefined {
    const pending: Promise<void>[] = []
    for (const room of rooms) {
      const one = this.exchange.subscriptions.pending(this.#topicOf(room))
      if (one !== undefined) pending.push(one)
    }
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => {})
  }

  #serve(event: EncodedEvent, opts: BroadcastOptions): void {
    const ports = this.#portsOf(opts)
    if (ports.length === 0) return
    this.#writer.write(event, ports, this.#meterOf(opts, ports.length), {
      droppable: opts.flags?.volatile === true,
      compress: opts.flags?.compress !== false,
    })
  }

  #portsOf({ rooms, except }: BroadcastOptions): readonly Port[] {
    const ports = this.#portsIn(rooms)
    if (except === undefined || except.size === 0) return ports
    const out = new Set<Port>()
    for (const id of this.computeExceptSids(except)) {
      const socket = this.nsp.sockets.get(id)
      if (socket !== undefined) out.add(this.#writer.portOf(socket))
    }
    return out.size === 0 ? ports : ports.filter((port) => !out.has(port))
  }

  #portsIn(rooms: Set<string>): readonly Port[] {
    const [room] = rooms
    const isOneRoom = rooms.size === 1 && room !== undefined && !this.#isImplicit(room)
    const kept = isOneRoom ? this.#portLists.room(room) : this.#portLists.everybody
    if (kept !== undefined && (isOneRoom || rooms.size === 0)) return kept
    const ports = this.localSockets({ rooms }).map((socket) => this.#writer.portOf(socket))
    if (isOneRoom) this.#portLists.keepRoom(room, ports, this.rooms.get(room)?.size ?? 0)
    else if (rooms.size === 0) this.#portLists.keepEverybody(ports, this.sids.size)
    return ports
  }

  #meterOf({ rooms }: BroadcastOptions, sockets: number): Meter {
    const [room] = rooms
    if (sockets === 1) return this.#writer.newMeter()
    if (room === undefined || rooms.size > 1) return this.#namespaceMeter
    const meter = this.#meters.get(room) ?? this.#writer.newMeter()
    this.#meters.set(room, meter)
    return meter
  }

  #receiveEvent(frame: WireFrame): void {
    if (!areWholeFrames(frame.body)) this.exchange.malformed(this.#namespaceTopic)
    else this.#serve(this.#codec.eventOf(this.nsp.name, frame.body), optionsOf(frame))
  }

  async #close(): Promise<void> {
    const rooms = this.#hasDefaultRoom
      ? this.rooms.keys()
      : [...this.rooms.keys(), ...this.sids.keys()]
    for (const room of rooms) this.exchange.subscriptions.remove(this.#topicOf(room))
    await this.exchange.detach(this.nsp.name, this)
  }
}

function refuseRecovery({ server }: Namespace): void {
  if (server._opts.connectionStateRecovery === undefined) return
  throw new Error(
    'createAdapter: connectionStateRecovery needs an adapter that stores what it sends, and this one stores nothing. Leave the option out, and let clients ask for what they missed',
  )
}
