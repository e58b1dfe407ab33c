/** The wire over stock Socket.IO 4, on an HTTP server that others may share. */
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import {
  createDelivery,
  cutOff,
  type DeliveryLimits,
  type DeliveryListener,
  type RoomDelivery,
} from '@madang/fanout'
import {
  type DownName,
  type DownPayload,
  type ErrorBody,
  errorBody,
  LIMITS,
} from '@madang/protocol'
import { type Socket, Server as SocketServer } from 'socket.io'
import type { Clock } from '../clock.ts'
import { Arrivals } from './socketio/arrivals.ts'
import type { BackDoor } from './socketio/back-door.ts'
import { BOUNDS } from './socketio/bounds.ts'
import { readCall } from './socketio/call.ts'
import { type Host, SocketConnection } from './socketio/connection.ts'
import { type EngineSocket, ping } from './socketio/engine.ts'
import { Entrance } from './socketio/entrance.ts'
import { Front } from './socketio/front.ts'
import type { HandOver } from './socketio/hand-over.ts'
import { serveAliases } from './socketio/namespaces.ts'
import { Decoder, Encoder, NamespacedDecoder } from './socketio/packets.ts'
import { boundPolling } from './socketio/polling.ts'
import { BoundedWebSocketServer } from './socketio/ws-engine.ts'
import type { Connection, Door, EmitOptions, Wire } from './wire.ts'

type LimitName =
  | 'payloadBytesMax'
  | 'payloadDepthMax'
  | 'handshakeMsMax'
  | 'connectionsPerNodeMax'
  | 'connectionsPerAddressMax'
  | 'connectionBytesQueuedMax'
  | 'connectionBehindMsMax'

export interface SocketIoOptions {
  /** Its present request listeners are served behind the socket path. It is neither started nor stopped here. */
  readonly server: Server
  readonly clock: Clock
  /** This node's name: letters, digits, `_` and `-`. Every session id begins with it and a dot, so that a proxy can tell whose it is. */
  readonly node: string
  /** With a slash at its end; `/socket.io/` unless given. */
  readonly path?: string
  /** Origins that may connect beside the server's own, exactly as browsers send them. */
  readonly origins?: readonly string[]
  /** Proxies in front of us that append to `X-Forwarded-For`; 0 unless given: the header is not read. */
  readonly trustProxies?: number
  /** The session cookie's name: long-polling that began with it must go on with it. */
  readonly cookieName?: string
  readonly pingIntervalMs?: number
  readonly pingTimeoutMs?: number
  /** How long a connection that is closed may take to read what it was still sent; 5 s unless given. */
  readonly closeGraceMs?: number
  readonly limits?: Partial<Record<LimitName, number>>
  /** Where requests of other nodes' sessions go; without it they are unknown here. Stopped with the wire. */
  readonly handOver?: HandOver
  /** Where other nodes hand over requests of sessions that are here. It is neither started nor stopped here. */
  readonly backDoor?: BackDoor
  /** Over how long websockets that pass through to other nodes are let go once the wire refuses newcomers; 10 s unless given. */
  readonly handOverDrainMs?: number
  /** Whether one client may have other namespaces beside `/`; which, the door says. */
  readonly namespaces?: boolean
  /** Told of every room emit: to how many connections it went. Must not throw. */
  readonly onDelivered?: (event: string, connections: number) => void
}

export function createSocketIoWire<State>(options: SocketIoOptions): Wire<State> {
  return new SocketIoWire<State>(options)
}

class SocketIoWire<State> implements Wire<State>, Host<State>, DeliveryListener {
  readonly delivery: RoomDelivery
  readonly limits: DeliveryLimits
  readonly #options: SocketIoOptions
  readonly #bounds: Record<LimitName, number>
  readonly #arrivals: Arrivals
  readonly #front: Front
  readonly #connections = new Map<string, SocketConnection<State>>()
  /** Those whose pongs the door is told of. */
  readonly #pinged = new WeakSet<object>()
  #door: Door<State> | undefined
  #io: SocketServer | undefined
  #refusing = false
  #stopped: Promise<void> | undefined
  #onGone: () => void = () => {}

  constructor(options: SocketIoOptions) {
    this.#options = { path: '/socket.io/', ...options }
    this.#bounds = { ...LIMITS, ...options.limits }
    this.limits = {
      bytesQueuedMax: this.#bounds.connectionBytesQueuedMax,
      behindMsMax: this.#bounds.connectionBehindMsMax,
    }
    this.delivery = createDelivery({ clock: options.clock, limits: this.limits, listener: this })
    this.#arrivals = new Arrivals(options.cookieName)
    this.#front = this.#makeFront()
  }

  async start(door: Door<State>): Promise<void> {
    this.#door = door
    const io = new SocketServer(this.#front.inner, this.#serverOptions())
    this.#io = io
    io.engine.generateId = () => `${this.#options.node}.${randomBytes(15).toString('base64url')}`
    io.engine.on('connection', (conn: EngineSocket) => this.#arrived(conn))
    const entrance = new Entrance({
      door,
      arrivals: this.#arrivals,
      payloadDepthMax: this.#bounds.payloadDepthMax,
      refusing: () => this.#refusing,
    })
    if (this.#options.namespaces === true) serveAliases(io, (name) => door.serves(name))
    io.use((socket, next) => entrance.ask(socket, next))
    io.on('connection', (socket) => {
      const admitted = entrance.take(socket)
      socket.once('disconnect', () => entrance.left(socket))
      if (admitted === undefined) socket.disconnect(true)
      else this.#open(socket, door, admitted.state)
    })
    this.#front.start()
  }

  emitTo<N extends DownName>(
    room: string,
    event: N,
    payload: DownPayload<N>,
    options?: EmitOptions,
  ): void {
    this.sayTo(room, event, [payload], options)
  }

  sayTo(room: string, event: string, args: readonly unknown[], options?: EmitOptions): void {
    const connections = this.delivery.deliver(room, event, args, options)
    this.#options.onDelivered?.(event, connections)
  }

  in(room: string): readonly Connection<State>[] {
    return this.delivery.sockets(room).flatMap(({ id }) => this.#connections.get(id) ?? [])
  }

  connections(): readonly Connection<State>[] {
    return [...this.#connections.values()]
  }

  count(): { readonly websocket: number; readonly polling: number } {
    const count = { websocket: 0, polling: 0 }
    const counted = new Set<object>()
    for (const { transport, client } of this.#connections.values()) {
      if (!counted.has(client)) count[transport]++
      counted.add(client)
    }
    return count
  }

  ping(client: object): void {
    const conn = client as EngineSocket
    if (!this.#pinged.has(conn)) {
      this.#pinged.add(conn)
      // Socket.IO hands each event on in the next tick: what was read before this pong is received before it.
      conn.on('heartbeat', () => process.nextTick(() => this.#door?.ponged(conn)))
    }
    ping(conn)
  }

  refuse(): void {
    if (!this.#refusing) this.#options.handOver?.drain(this.#options.handOverDrainMs ?? 10_000)
    this.#refusing = true
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  ended(connection: SocketConnection<State>, reason: string): void {
    this.#connections.delete(connection.id)
    this.#door?.closed(connection, reason)
  }

  /** Nothing can be said to it now; it is told when it has drained. */
  onBehind(): void {}

  onDrained({ id }: Socket): void {
    const connection = this.#connections.get(id)
    if (connection !== undefined) this.#door?.drained(connection)
  }

  onStuck({ id }: Socket): void {
    this.#connections.get(id)?.cut(errorBody('behind'))
  }

  /** A client that does not read what it was sent last has had its time. */
  closing(socket: Socket): void {
    const timer = this.#options.clock.after(this.#closeGraceMs, () => cutOff(socket))
    socket.conn.once('close', () => timer.cancel())
  }

  get #closeGraceMs(): number {
    return this.#options.closeGraceMs ?? BOUNDS.closeGraceMsMax
  }

  #serverOptions(): ConstructorParameters<typeof SocketServer>[1] {
    return {
      ...(this.#options.path !== undefined && { path: this.#options.path }),
      serveClient: false,
      allowEIO3: false,
      transports: ['polling', 'websocket'],
      perMessageDeflate: false,
      maxHttpBufferSize: this.#bounds.payloadBytesMax,
      connectTimeout: this.#bounds.handshakeMsMax,
      pingInterval: this.#options.pingIntervalMs ?? 25_000,
      pingTimeout: this.#options.pingTimeoutMs ?? 20_000,
      parser: { Encoder, Decoder: this.#options.namespaces ? NamespacedDecoder : Decoder },
      wsEngine: BoundedWebSocketServer,
    }
  }

  #makeFront(): Front {
    const { server, path = '/socket.io/', origins = [], trustProxies = 0 } = this.#options
    const { handOver, backDoor } = this.#options
    return new Front({
      ...{ server, handOver, backDoor },
      path,
      origins,
      trustProxies,
      knock: (address) => this.#knock(address),
      owns: (sid, request) => this.#arrivals.owns(sid, request),
    })
  }

  #knock(address: string): ErrorBody | undefined {
    const { connectionsPerNodeMax, connectionsPerAddressMax } = this.#bounds
    if (this.#refusing) return errorBody('draining')
    if (this.#arrivals.count >= connectionsPerNodeMax) {
      return errorBody('busy', { limit: 'connectionsPerNodeMax' })
    }
    if (this.#arrivals.countFrom(address) >= connectionsPerAddressMax) {
      return errorBody('too_many_connections', { limit: 'connectionsPerAddressMax' })
    }
    return this.#door?.knock(address)
  }

  #arrived(conn: EngineSocket): void {
    this.#arrivals.add(conn, this.#front.addressOf(conn.request))
    boundPolling(conn, this.#closeGraceMs)
    conn.once('close', () => {
      this.#arrivals.remove(conn)
      this.#onGone()
    })
  }

  #open(socket: Socket, door: Door<State>, state: State): void {
    const address = this.#arrivals.addressOf(socket.conn)
    const connection = new SocketConnection(socket, state, address, this)
    this.#connections.set(socket.id, connection)
    socket.on('disconnect', (reason) => connection.end(reason))
    // The middleware never calls on: nothing is dispatched to listeners, whatever the event is called.
    socket.use((args) => this.#received(connection, door, args))
    lighten(socket)
    door.opened(connection)
  }

  #received(connection: SocketConnection<State>, door: Door<State>, args: unknown[]): void {
    if (connection.ended) return
    const call = readCall(args, this.#bounds.payloadDepthMax)
    const reply = connection.reply(call.acknowledge)
    if ('error' in call) door.malformed(connection, call.error, reply)
    else door.received(connection, call.event, call.args, reply)
  }

  async #stop(): Promise<void> {
    this.refuse()
    for (const connection of this.connections()) connection.close(errorBody('draining'), true)
    for (const conn of this.#arrivals.all()) conn.close()
    await this.#emptied()
    this.#io?.engine.close()
    this.#front.stop()
    this.delivery.stop()
  }

  /** Resolves when every engine connection is gone, or has had its time to read what it was sent. */
  #emptied(): Promise<void> {
    if (this.#arrivals.count === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(this.#closeGraceMs, resolve)
      this.#onGone = () => {
        if (this.#arrivals.count > 0) return
        timer.cancel()
        resolve()
      }
    })
  }
}

const NOTHING = Object.freeze({})

/** Lets go of the first request and its headers, which nobody reads any more: several kilobytes a connection. Doing so before the handshake is done would take them from it. */
function lighten(socket: Socket): void {
  Reflect.set(socket.conn, 'request', null)
  Reflect.set(socket, 'handshake', NOTHING)
}
