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
import type { Connection, Door, EmitOptions, Wire } from '../wire.ts'

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
  /** Set once the connection is closed; true where the client may come back by itself. */
  closedBy: { readonly reason: string; readonly reconnect: boolean } | undefined
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

  arrive(event: string, payload: unknown): void {
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

class MemoryConnection<State> implements Connection<State> {
  readonly id: string
  readonly state: State
  readonly address: string
  readonly transport = 'websocket'
  readonly bytesQueued = 0
  readonly rooms = new Set<string>()
  readonly client: MemoryClient
  readonly #ended: (connection: MemoryConnection<State>, reason: string) => void
  open = true

  constructor(
    id: string,
    state: State,
    address: string,
    client: MemoryClient,
    ended: (connection: MemoryConnection<State>, reason: string) => void,
  ) {
    this.id = id
    this.state = state
    this.address = address
    this.client = client
    this.#ended = ended
  }

  emit<N extends DownName>(event: N, payload: DownPayload<N>): void {
    if (this.open) this.client.arrive(event, payload)
  }

  join(room: string): void {
    if (this.open) this.rooms.add(room)
  }

  leave(room: string): void {
    this.rooms.delete(room)
  }

  close(error: ErrorBody, reconnect: boolean): void {
    if (!this.open) return
    this.client.arrive('closed', { error })
    this.end(error.code, reconnect)
  }

  end(reason: string, reconnect: boolean): void {
    if (!this.open) return
    this.open = false
    this.rooms.clear()
    this.client.closedBy = { reason, reconnect }
    this.#ended(this, reason)
  }
}

export interface MemoryHandshake {
  readonly auth?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly address?: string
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
    const { auth = {}, headers = {}, address = '192.0.2.1' } = handshake
    const knocked = this.#refusing ? errorBody('draining') : door?.knock(address)
    if (door === undefined || knocked !== undefined) throw new Refused(knocked ?? errorBody('busy'))
    if (deeperThan(auth, LIMITS.payloadDepthMax)) throw new Refused(errorBody('too_deep'))
    const admission = await door
      .admit({ auth: this.#copy(auth), headers, address })
      .catch(() => ({ ok: false as const, error: errorBody('internal') }))
    if (!admission.ok) throw new Refused(admission.error)
    const client = new MemoryClient(this.#copy)
    if (this.#stopped) {
      door.abandoned(admission.state)
      throw new Refused(errorBody('draining'))
    }
    if (gone()) door.abandoned(admission.state)
    else this.#open(door, client, admission.state, address)
    return client
  }

  emitTo<N extends DownName>(
    room: string,
    event: N,
    payload: DownPayload<N>,
    options: EmitOptions = {},
  ): void {
    for (const connection of this.#connections.values()) {
      const { rooms, client, id } = connection
      if (!rooms.has(room) || client.behind || options.except?.includes(id)) continue
      connection.emit(event, payload)
    }
  }

  in(room: string): readonly Connection<State>[] {
    return [...this.#connections.values()].filter(({ rooms }) => rooms.has(room))
  }

  connections(): readonly Connection<State>[] {
    return [...this.#connections.values()]
  }

  count(): { readonly websocket: number; readonly polling: number } {
    return { websocket: this.#connections.size, polling: 0 }
  }

  refuse(): void {
    this.#refusing = true
  }

  async stop(): Promise<void> {
    this.refuse()
    this.#stopped = true
    for (const connection of this.connections()) connection.close(errorBody('draining'), true)
  }

  #open(door: Door<State>, client: MemoryClient, state: State, address: string): void {
    const connection = new MemoryConnection(
      `c${++this.#made}`,
      state,
      address,
      client,
      (ended, reason) => {
        this.#connections.delete(ended.id)
        door.closed(ended, reason)
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
    else door.received(connection, call.event, call.payload, reply)
  }
}
