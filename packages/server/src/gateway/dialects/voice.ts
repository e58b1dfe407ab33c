/** A connection that speaks a dialect, as the gateway sees it: one like all others. */
import {
  type DownName,
  type DownPayload,
  type ErrorBody,
  errorBody,
  type Id,
} from '@madang/protocol'
import type { Feeds } from '../../feed/feeds.ts'
import { type LocalChannels, openChannelOf } from '../local-channels.ts'
import type { Session } from '../session.ts'
import type { Connection } from '../wire.ts'
import type { Dialect, Said } from './dialect.ts'
import { type OffsetPlace, writeOffset, writeWholeOffset } from './offset.ts'

export interface VoiceHost {
  readonly feeds: Feeds
  readonly channels: LocalChannels
  readonly now: () => number
  joined(voice: Voice, room: string): void
  left(voice: Voice, room: string): void
  /** The client's other namespaces are about to close with this one. */
  closing(voice: Voice, error: ErrorBody): void
}

/** A write of this very connection, until it was delivered here. */
export interface OwnWrite {
  readonly channelId: Id
  readonly kind: 'created' | 'edited' | 'deleted'
  readonly clientId?: string
  readonly target?: number
  /** Once it is committed. */
  seq?: number
}

type MyPlace = DownPayload<'community'>

const MAIN = '/'

/** Requests of one connection that wait for it to enter a room; what comes beyond does not wait, and is refused where it should have. */
const WAITING_MAX = 64

export class Voice implements Connection<Session> {
  readonly connection: Connection<Session>
  readonly dialect: Dialect
  readonly writes: OwnWrite[] = []
  /** The rooms of the dialect that it is in. */
  readonly rooms = new Set<string>()
  readonly #host: VoiceHost
  /** What the channels were called when they were opened: who is put out of one is told so by its name. */
  readonly #names = new Map<Id, string>()
  #entering: Promise<unknown> | undefined
  #waiting = 0

  constructor(connection: Connection<Session>, dialect: Dialect, host: VoiceHost) {
    this.connection = connection
    this.dialect = dialect
    this.#host = host
  }

  get id(): string {
    return this.connection.id
  }

  get state(): Session {
    return this.connection.state
  }

  get address(): string {
    return this.connection.address
  }

  get transport(): 'websocket' | 'polling' {
    return this.connection.transport
  }

  get namespace(): string {
    return this.connection.namespace
  }

  get client(): object {
    return this.connection.client
  }

  get behind(): boolean {
    return this.connection.behind
  }

  emit<N extends DownName>(event: N, payload: DownPayload<N>): void {
    for (const said of this.dialect.toOne(this, event, payload)) this.tell(said)
    const { scope } = this.state.manner
    if (event === 'community' && scope !== undefined) this.#placed(payload as MyPlace)
  }

  /** Whoever is no longer in the community of their namespace is not in the namespace either. */
  #placed({ community }: MyPlace): void {
    const isOver = community.id === this.state.manner.scope && community.role === null
    if (isOver && this.namespace !== MAIN) this.part(errorBody('not_member'))
  }

  /** Who was left out of room emits has less than any offset of now says. */
  tell({ event, args }: Said): void {
    const isOffset = typeof args.at(-1) === 'string'
    this.connection.say(event, isOffset && this.behind ? args.slice(0, -1) : args)
  }

  say(event: string, args: readonly unknown[]): void {
    this.connection.say(event, args)
  }

  join(room: string): void {
    if (!this.dialect.hears(room)) return
    const channelId = openChannelOf(room)
    const channel = channelId === undefined ? undefined : this.#host.channels.get(channelId)
    if (channel !== undefined) this.#names.set(channel.id, channel.name)
    this.#host.joined(this, room)
  }

  leave(room: string): void {
    this.#host.left(this, room)
  }

  close(error: ErrorBody, reconnect: boolean, ...more: readonly unknown[]): void {
    if (reconnect) this.#host.closing(this, error)
    const words = reconnect && more.length === 0 ? this.lastWords(error) : more
    this.connection.close(error, reconnect, ...words)
  }

  part(error: ErrorBody): void {
    this.connection.part(error)
  }

  /** Where the connection is in all that it has open, where that is known: the client goes on exactly there. */
  lastWords({ code }: ErrorBody): readonly string[] {
    return code === 'draining' && this.state.ready && !this.behind ? [this.wholeOffset()] : []
  }

  nameOf(channelId: Id): string {
    return this.#host.channels.get(channelId)?.name ?? this.#names.get(channelId) ?? ''
  }

  /** The place of one channel as of now. */
  placeOf(channelId: Id, seq: number): readonly OffsetPlace[] {
    const key = this.#host.channels.get(channelId)?.key
    return key === undefined ? [] : [{ key, seq }]
  }

  offsetAt(channelId: Id, seq: number, at: number): readonly string[] {
    return this.placeOf(channelId, seq).map((place) => writeOffset(at, place))
  }

  /** `more` are channels that are just being opened. */
  wholeOffset(more: readonly { readonly channelId: Id; readonly head: number }[] = []): string {
    const { channels, feeds, now } = this.#host
    const heads = new Map(more.map(({ channelId, head }) => [channelId, head]))
    for (const [id, { state }] of this.state.seats) {
      const head = state === 'open' ? feeds.head(id) : undefined
      if (head !== undefined && !heads.has(id)) heads.set(id, head)
    }
    const places = [...heads].flatMap(([id, head]) => {
      const key = channels.get(id)?.key
      return key === undefined ? [] : [{ key, seq: head }]
    })
    return writeWholeOffset(now(), places)
  }

  /** What was asked before is done first: who enters a room and speaks in the same breath is heard. */
  inOrder(work: () => void): void {
    if (this.#entering === undefined || this.#waiting >= WAITING_MAX) {
      work()
      return
    }
    this.#waiting++
    void this.#entering.then(() => {
      this.#waiting--
      work()
    })
  }

  /** Whatever is asked meanwhile waits for it. Must not reject. */
  entering(work: Promise<unknown>): void {
    const entering = work.finally(() => {
      if (this.#entering === entering) this.#entering = undefined
    })
    this.#entering = entering
  }
}
