/**
 * What the gateway needs of a socket server, and nothing more. The first implementation is stock Socket.IO with our delivery (`socketio.ts`); a leaner
 * server of the same protocols can take its place without a change in the gateway. All of them pass `wire.case.ts`.
 */
import type { DownName, DownPayload, ErrorBody } from '@madang/protocol'

/** What a connecting client showed. */
export interface Handshake {
  /** Socket.IO's `auth`, as it came: not yet validated, but within `payloadBytesMax` and `payloadDepthMax`. */
  readonly auth: unknown
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The client's address, behind as many proxies as are trusted. */
  readonly address: string
  /** `/`, or another that the door serves. */
  readonly namespace: string
  /** The same object for all namespaces of one client, and for nothing else. The headers are those of its first namespace; later ones may come without. */
  readonly client: object
}

/**
 * A refused client is told `connect_error` with the code as its message and the error as its `data`. `pid` is given to an admitted one as Socket.IO's own: a stock client
 * shows it in the `auth` of its next connection as `pid`, with the last argument that was a text of the last event that had one as `offset`, and is `recovered` where it is given the same again.
 */
export type Admission<State> =
  | { readonly ok: true; readonly state: State; readonly pid?: string }
  | { readonly ok: false; readonly error: ErrorBody }

/** Answers a request; only the first call counts, and a request that asked for no answer gets none. */
export type Reply = (answer: object) => void

/** One client's connection in one namespace. Everything it is sent arrives in the order of the calls, room emits and answers included. */
export interface Connection<State = unknown> {
  readonly id: string
  readonly state: State
  readonly address: string
  readonly transport: 'websocket' | 'polling'
  /** What waits for the client to read it. */
  readonly bytesQueued: number
  readonly namespace: string
  /** As in the handshake. */
  readonly client: object
  /** It fell behind, and was left out of room emits; until the door is told that it has drained, and has answered. */
  readonly behind: boolean
  emit<N extends DownName>(event: N, payload: DownPayload<N>): void
  /** An event of a dialect. The name is none of Socket.IO's own. */
  say(event: string, args: readonly unknown[]): void
  join(room: string): void
  leave(room: string): void
  /**
   * Tells why with a `closed` event, which carries `more` as its last arguments, then closes all of the client's namespaces; the door's `closed` runs for this one before this
   * returns. `reconnect`: a stock client comes back by itself; else it stays away. Calling it twice is calling it once.
   */
  close(error: ErrorBody, reconnect: boolean, ...more: readonly unknown[]): void
  /** As `close`, but ends this namespace alone, and a stock client does not come back to it by itself. */
  part(error: ErrorBody): void
}

/**
 * What the wire calls; implemented by the gateway. None of its methods may throw. For one client: `knock`, then `admit`, then either `abandoned` or `opened`;
 * after `opened` any number of `received`, `malformed` and `drained` in the order of arrival; `closed` once and last.
 */
export interface Door<State> {
  /** Asked for every new client before anything is made for it. An error refuses it with the row's HTTP status and `Retry-After`. Must be cheap. */
  knock(address: string): ErrorBody | undefined
  /** Whether clients may ask for the namespace; `/` always. Asked before anything is made for them. Must be cheap. */
  serves(namespace: string): boolean
  /** Runs at most once at a time for each namespace of a client, for `/` at most once, before anything is created for it, and must settle within `handshakeMsMax`. */
  admit(handshake: Handshake): Promise<Admission<State>>
  /** The client went away between its admission and its opening; what `admit` took for it can be given back. */
  abandoned(state: State): void
  opened(connection: Connection<State>): void
  /** `event` and `args` are whatever the client sent, within `payloadBytesMax` and each within `payloadDepthMax`. */
  received(
    connection: Connection<State>,
    event: string,
    args: readonly unknown[],
    reply: Reply,
  ): void
  /** Something that is no request: nested too deeply, no event name. `error` says what was wrong. */
  malformed(connection: Connection<State>, error: ErrorBody, reply: Reply): void
  /** The connection fell behind (its room emits were stopped) and has drained: it needs to resume. */
  drained(connection: Connection<State>): void
  /**
   * A client that was ever pinged by `ping` answered a ping, that one or another: pongs do not say which, but come in the order of the pings. Told in the order of arrival, too: what the
   * client sent before was received before.
   */
  ponged(client: object): void
  closed(connection: Connection<State>, reason: string): void
}

export interface EmitOptions {
  /** Connection ids that are left out. */
  readonly except?: readonly string[]
  /** May be left out for connections that are slow (typing, presence). */
  readonly droppable?: boolean
}

export interface Wire<State> {
  start(door: Door<State>): Promise<void>
  /** To every connection in the room: encoded once, in the order of the calls. A connection that joins afterwards does not get it; one that leaves afterwards does. */
  emitTo<N extends DownName>(
    room: string,
    event: N,
    payload: DownPayload<N>,
    options?: EmitOptions,
  ): void
  /** The same with an event of a dialect. */
  sayTo(room: string, event: string, args: readonly unknown[], options?: EmitOptions): void
  /** The connections in a room. */
  in(room: string): readonly Connection<State>[]
  /** Every open connection. */
  connections(): readonly Connection<State>[]
  /** Connected clients, by transport; one with many namespaces is one. */
  count(): { readonly websocket: number; readonly polling: number }
  /** Asks a client, as in the handshake, for a sign of life at once; one that gives none is closed as if it had been asked by itself. Does nothing for one that is gone. */
  ping(client: object): void
  /** Refuses new connections with `draining` from now on; those that are open stay. */
  refuse(): void
  /** Closes what is open, so that clients may reconnect. Calling it twice is calling it once. */
  stop(): Promise<void>
}
