/** A wire without a network: clients are objects in this process. What is sent arrives in the very call. */
import {
  type DownName,
  type DownPayload,
  type ErrorBody,
  errorBody,
  LIMITS,
} from '@madang/protocol'
import { deeperThan } from '../depth.ts'
import { readCall } from '../socketio/call.ts'
import type { Connection, Door, EmitOptions, Handshake, Wire } from '../wire.ts'

export interface Seen {
  readonly event: string
  readonly payload: unknown
}

/** Why a client was not let in. */
export class Refused extends Error {
  readonly error: ErrorBody

  constructor(error: ErrorBody) {
    super(error.code)
    this.error = error
  }
}

type Copy = <T>(value: T) => T

/** As a network does it: nobody can change what another one holds. */
const copied: Copy = (value) => (value === undefined ? value : JSON.parse(JSON.stringify(value)))
/** For many thousand runs, each compared with the truth at its end. */
const shared: Copy = (value) => value

/** The client's end. */
export class MemoryClient {
  readonly seen: Seen[] = []
  /** Called with everything that arrives. */
  onSeen: (seen: Seen) => void = () => {}
  /** What Socket.IO's own client would show when it comes back. */
  pid: string | undefined
  offset: string | undefined
  /** Set once the connection is closed; true where the client may come back by itself. */
  closedBy: { readonly reason: string; readonly reconnect: boolean } | undefined
  /** Whether it leaves pings for `pong` to answer. */
  isStill = false
  /** Answers to pings that it has not answered. */
  readonly pings: (() => void)[] = []
  readonly #copy: Copy
  #send: (args: unknown[]) => void = () => {}
  #close: () => void = () => {}
  #drained: () => void = () => {}
  #behind = false

  constructor(copy: Copy = copied) {
    this.#copy = copy
  }

  attach(send: (args: unknown[]) => void, close: () => void, drained: () => void): void {
    this.#send = send
    this.#close = close
    this.#drained = drained
  }

  /** Whether it reads too slowly: what is sent to its rooms does not reach it. */
  get behind(): boolean {
    return this.#behind
  }

  /** Stops reading, and reads again: then the door hears that it has drained. */
  setBehind(behind: boolean): void {
    if (behind === this.#behind) return
    this.#behind = behind
    if (!behind && this.closedBy === undefined) this.#drained()
  }

  pinged(answer: () => void): void {
    if (this.isStill) this.pings.push(answer)
    else answer()
  }

  /** Answers the oldest ping. */
  pong(): void {
    this.pings.shift()?.()
  }

  arrive(event: string, ...[payload, ...more]: readonly unknown[]): void {
    const last = more.at(-1) ?? payload ?? event
    if (typeof last === 'string') this.offset = last
    const seen = { event, payload: this.#copy(payload) }
    this.seen.push(seen)
    this.onSeen(seen)
  }

  /** Sends without asking for an answer. */
  emit(...args: unknown[]): void {
    if (this.closedBy === undefined) this.#send(this.#copy(args))
  }

  /** Sends and asks for an answer, which arrives in a call; never where the connection closes before. */
  ask(event: string, payload: unknown, answered: (answer: unknown) => void): void {
    const args = payload === undefined ? [event] : [event, payload]
    if (this.closedBy === undefined) this.#send([...this.#copy(args), answered])
  }

  request(event: string, payload?: unknown): Promise<unknown> {
    return new Promise((resolve) => this.ask(event, payload, resolve))
  }

  close(): void {
    this.#close()
  }
}

type Ended<State> = (
  connection: MemoryConnection<State>,
  reason: string,
  reconnect: boolean,
) => void

class MemoryConnection<State> implements Connection<State> {
  readonly id: string
  readonly state: State
  readonly address: string
  readonly transport = 'websocket'
  readonly bytesQueued = 0
  readonly namespace: string
  readonly client: object
  readonly rooms = new Set<string>()
  readonly #far: MemoryClient
  readonly #ended: Ended<State>
  open = true

  constructor(
    id: string,
    state: State,
    { address, namespace, client }: Handshake,
    far: MemoryClient,
    ended: Ended<State>,
  ) {
    this.id = id
    this.state = state
    this.address = address
    this.namespace = namespace
    this.client = client
    this.#far = far
    this.#ended = ended
  }

  get behind(): boolean {
    return this.#far.behind
  }

  emit<N extends DownName>(event: N, payload: DownPayload<N>): void {
    this.say(event, [payload])
  }

  say(event: string, args: readonly unknown[]): void {
    if (this.open) this.#far.arrive(event, ...args)
  }

  ping(answer: () => void): void {
    this.#far.pinged(answer)
  }

  join(room: string): void {
    if (this.open) this.rooms.add(room)
  }

  leave(room: string): void {
    this.rooms.delete(room)
  }

  close(error: ErrorBody, reconnect: boolean, ...more: readonly unknown[]): void {
    if (!this.open) return
    this.#far.arrive('closed', { error }, ...more)
    this.end(error.code, reconnect)
  }

  part(error: ErrorBody): void {
    this.close(error, false)
  }

  end(reason: string, reconnect: boolean): void {
    if (!this.open) return
    this.open = false
    this.rooms.clear()
    this.#far.closedBy = { reason, reconnect }
    this.#ended(this, reason, reconnect)
  }
}

export interface MemoryHandshake {
  readonly auth?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly address?: string
  readonly namespace?: string
  /** The same object for namespaces of one client. */
  readonly client?: object
}

export class MemoryWire<State> implements Wire<State> {
  readonly #copy: Copy
  readonly #connections = new Map<string, MemoryConnection<State>>()
  #door: Door<State> | undefined
  #refusing = false
  #stopped = false
  #made = 0

  /** `shares`: what is sent is the very object, which nobody may change. */
  constructor({ shares = false }: { readonly shares?: boolean } = {}) {
    this.#copy = shares ? shared : copied
  }

  async start(door: Door<State>): Promise<void> {
    this.#door = door
  }

  /** Rejects with `Refused`. `gone`: the client goes away while it is being admitted. */
  async connect(handshake: MemoryHandshake = {}, gone = () => false): Promise<MemoryClient> {
    const door = this.#door
    const { auth = {}, headers = {}, address = '192.0.2.1', namespace = '/' } = handshake
    const { client: key } = handshake
    const knocked = this.#refusing ? errorBody('draining') : door?.knock(address)
    if (door === undefined || knocked !== undefined) throw new Refused(knocked ?? errorBody('busy'))
    if (deeperThan(auth, LIMITS.payloadDepthMax)) throw new Refused(errorBody('too_deep'))
    if (!door.serves(namespace)) throw new Refused(errorBody('not_found'))
    const client = new MemoryClient(this.#copy)
    const shown: Handshake = {
      ...{ auth: this.#copy(auth), headers, address, namespace },
      client: key ?? client,
    }
    const admission = await door
      .admit(shown)
      .catch(() => ({ ok: false as const, error: errorBody('internal') }))
    if (!admission.ok) throw new Refused(admission.error)
    client.pid = admission.pid
    if (this.#stopped) {
      door.abandoned(admission.state)
      throw new Refused(errorBody('draining'))
    }
    if (gone()) door.abandoned(admission.state)
    else this.#open(door, client, admission.state, shown)
    return client
  }

  emitTo<N extends DownName>(
    room: string,
    event: N,
    payload: DownPayload<N>,
    options: EmitOptions = {},
  ): void {
    this.sayTo(room, event, [payload], options)
  }

  sayTo(room: string, event: string, args: readonly unknown[], options: EmitOptions = {}): void {
    for (const connection of this.#connections.values()) {
      const { rooms, behind, id } = connection
      if (!rooms.has(room) || behind || options.except?.includes(id)) continue
      connection.say(event, args)
    }
  }

  in(room: string): readonly Connection<State>[] {
    return [...this.#connections.values()].filter(({ rooms }) => rooms.has(room))
  }

  connections(): readonly Connection<State>[] {
    return [...this.#connections.values()]
  }

  count(): { readonly websocket: number; readonly polling: number } {
    const clients = new Set(this.connections().map(({ client }) => client))
    return { websocket: clients.size, polling: 0 }
  }

  ping(client: object): void {
    const [one] = this.#of(client)
    one?.ping(() => this.#door?.ponged(client))
  }

  refuse(): void {
    this.#refusing = true
  }

  async stop(): Promise<void> {
    this.refuse()
    this.#stopped = true
    for (const connection of this.connections()) connection.close(errorBody('draining'), true)
  }

  #open(door: Door<State>, client: MemoryClient, state: State, shown: Handshake): void {
    const connection = new MemoryConnection(
      `c${++this.#made}`,
      state,
      shown,
      client,
      (ended, reason, reconnect) => {
        this.#connections.delete(ended.id)
        door.closed(ended, reason)
        if (reconnect) this.#closeOthers(ended)
      },
    )
    this.#connections.set(connection.id, connection)
    client.attach(
      (args) => this.#received(door, connection, args),
      () => connection.end('client closed', true),
      () => door.drained(connection),
    )
    door.opened(connection)
  }

  #closeOthers({ client }: MemoryConnection<State>): void {
    for (const other of this.#of(client)) other.end('transport close', true)
  }

  /** The client's namespaces. */
  #of(client: object): MemoryConnection<State>[] {
    return [...this.#connections.values()].filter((one) => one.client === client)
  }

  #received(door: Door<State>, connection: MemoryConnection<State>, args: unknown[]): void {
    if (!connection.open) return
    const call = readCall(args, LIMITS.payloadDepthMax)
    let answered = false
    const reply = (answer: object) => {
      if (answered || !connection.open) return
      answered = true
      call.acknowledge(this.#copy(answer))
    }
    if ('error' in call) door.malformed(connection, call.error, reply)
    else door.received(connection, call.event, call.args, reply)
  }
}
