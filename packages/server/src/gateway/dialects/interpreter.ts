/** Stands between the wire and the gateway, and lets connections that speak a dialect look like any other. */
import { type DownName, type DownPayload, type ErrorBody, errorBody } from '@madang/protocol'
import type { Clock } from '../../clock.ts'
import type { Feeds } from '../../feed/feeds.ts'
import type { LocalChannels } from '../local-channels.ts'
import type { Session } from '../session.ts'
import type { Admission, Connection, Door, EmitOptions, Handshake, Reply, Wire } from '../wire.ts'
import type { Dialect } from './dialect.ts'
import { Voice, type VoiceHost } from './voice.ts'

export interface InterpreterParts {
  readonly wire: Wire<Session>
  readonly feeds: Feeds
  readonly channels: LocalChannels
  readonly clock: Clock
}

/** Rooms of a dialect stand beside those of the gateway: what is said in one is encoded once for all of its speakers, and costs nothing where there are none. */
export class Interpreter implements Wire<Session>, Door<Session>, VoiceHost {
  readonly feeds: Feeds
  readonly channels: LocalChannels
  readonly now: () => number
  readonly #parts: InterpreterParts
  readonly #dialects = new Map<string, Dialect>()
  readonly #voices = new Map<Connection<Session>, Voice>()
  readonly #byClient = new WeakMap<object, Set<Voice>>()
  /** How many speakers are in each room of a dialect. */
  readonly #rooms = new Map<string, number>()
  #door: Door<Session> | undefined

  constructor(parts: InterpreterParts) {
    this.#parts = parts
    this.feeds = parts.feeds
    this.channels = parts.channels
    this.now = () => parts.clock.now()
  }

  /** To be called before `start`. */
  learn(dialects: readonly Dialect[]): void {
    for (const dialect of dialects) this.#dialects.set(dialect.name, dialect)
  }

  // What the gateway asks of its wire.

  async start(door: Door<Session>): Promise<void> {
    this.#door = door
    await this.#parts.wire.start(this)
  }

  emitTo<N extends DownName>(
    room: string,
    event: N,
    payload: DownPayload<N>,
    options: EmitOptions = {},
  ): void {
    const { wire } = this.#parts
    wire.emitTo(room, event, payload, options)
    for (const dialect of this.#dialects.values()) {
      const name = roomOf(dialect, room)
      if (!this.#rooms.has(name)) continue
      const said = dialect.toRoom(event, payload)
      if (said === undefined) continue
      const except = [...(options.except ?? []), ...(said.except ?? [])]
      wire.sayTo(name, said.event, said.args, { ...options, except })
    }
  }

  sayTo(room: string, event: string, args: readonly unknown[], options?: EmitOptions): void {
    const names = [...this.#dialects.values()].map((dialect) => roomOf(dialect, room))
    for (const name of [room, ...names]) this.#parts.wire.sayTo(name, event, args, options)
  }

  in(room: string): readonly Connection<Session>[] {
    const { wire } = this.#parts
    const names = [...this.#dialects.values()].map((dialect) => roomOf(dialect, room))
    const speakers = names.flatMap((name) => wire.in(name).map((one) => this.#known(one)))
    return [...wire.in(room), ...speakers]
  }

  connections(): readonly Connection<Session>[] {
    return this.#parts.wire.connections().map((connection) => this.#known(connection))
  }

  count(): { readonly websocket: number; readonly polling: number } {
    return this.#parts.wire.count()
  }

  ping(client: object): void {
    this.#parts.wire.ping(client)
  }

  refuse(): void {
    this.#parts.wire.refuse()
  }

  /** Stock clients are told where they are, so that they go on there. */
  async stop(): Promise<void> {
    this.refuse()
    for (const voice of [...this.#voices.values()]) voice.close(errorBody('draining'), true)
    await this.#parts.wire.stop()
  }

  // What the wire asks of its door.

  knock(address: string): ErrorBody | undefined {
    return this.#door?.knock(address)
  }

  serves(namespace: string): boolean {
    return this.#door?.serves(namespace) ?? false
  }

  async admit(handshake: Handshake): Promise<Admission<Session>> {
    return this.#door?.admit(handshake) ?? { ok: false, error: errorBody('draining') }
  }

  abandoned(session: Session): void {
    this.#door?.abandoned(session)
  }

  opened(connection: Connection<Session>): void {
    const dialect = this.#dialects.get(connection.state.manner.speech)
    if (dialect !== undefined) this.#add(connection, new Voice(connection, dialect, this))
    this.#door?.opened(this.#known(connection))
  }

  received(
    connection: Connection<Session>,
    event: string,
    args: readonly unknown[],
    reply: Reply,
  ): void {
    const voice = this.#voices.get(connection)
    if (voice === undefined) this.#door?.received(connection, event, args, reply)
    else voice.dialect.asked(voice, event, args, reply)
  }

  malformed(connection: Connection<Session>, error: ErrorBody, reply: Reply): void {
    this.#door?.malformed(this.#known(connection), error, reply)
  }

  drained(connection: Connection<Session>): void {
    this.#door?.drained(this.#known(connection))
  }

  ponged(client: object): void {
    this.#door?.ponged(client)
  }

  closed(connection: Connection<Session>, reason: string): void {
    const known = this.#known(connection)
    this.#door?.closed(known, reason)
    const voice = this.#voices.get(connection)
    if (voice === undefined) return
    this.#voices.delete(connection)
    this.#byClient.get(connection.client)?.delete(voice)
    for (const name of voice.rooms) this.#takeOut(voice, name)
  }

  // What voices ask.

  joined(voice: Voice, room: string): void {
    const name = roomOf(voice.dialect, room)
    if (!voice.rooms.has(name)) this.#rooms.set(name, (this.#rooms.get(name) ?? 0) + 1)
    voice.rooms.add(name)
    voice.connection.join(name)
  }

  left(voice: Voice, room: string): void {
    const name = roomOf(voice.dialect, room)
    voice.connection.leave(name)
    this.#takeOut(voice, name)
  }

  closing(voice: Voice, error: ErrorBody): void {
    for (const other of this.#byClient.get(voice.client) ?? []) {
      if (other !== voice) other.say('closed', [{ error }, ...other.lastWords(error)])
    }
  }

  #add(connection: Connection<Session>, voice: Voice): void {
    this.#voices.set(connection, voice)
    const siblings = this.#byClient.get(connection.client) ?? new Set()
    this.#byClient.set(connection.client, siblings.add(voice))
  }

  #known(connection: Connection<Session>): Connection<Session> {
    return this.#voices.get(connection) ?? connection
  }

  #takeOut(voice: Voice, name: string): void {
    if (!voice.rooms.delete(name)) return
    const left = (this.#rooms.get(name) ?? 1) - 1
    if (left === 0) this.#rooms.delete(name)
    else this.#rooms.set(name, left)
  }
}

function roomOf({ name }: Dialect, room: string): string {
  return `${name}:${room}`
}
