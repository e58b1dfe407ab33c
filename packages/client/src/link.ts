/** What the client needs of a transport: one connection to a server, told of once and then let go. */
import type {
  DownName,
  DownPayload,
  ErrorBody,
  UpName,
  UpRequest,
  UpResult,
} from '@madang/protocol'

/** What goes into the handshake; see `Handshake` in the protocol. */
export interface Greeting {
  readonly wire: number
  readonly token?: string
  readonly name?: string
  readonly cursors: Readonly<
    Record<string, { readonly seq: number; readonly epoch: string } | null>
  >
}

export type Answer<N extends UpName> =
  | ({ readonly ok: true } & UpResult<N>)
  | { readonly ok: false; readonly error: ErrorBody }

/** One function for everything that a server says. Called in the order of arrival. */
/** What operators look at is no part of chat. */
export type Listener = {
  readonly [N in Exclude<DownName, 'cluster' | 'trace'>]: (payload: DownPayload<N>) => void
}

export interface LinkParts {
  /** Undefined: the page's own origin. */
  readonly url: string | undefined
  readonly greeting: Greeting
  /** Start with long-polling and upgrade, where websockets seem to be swallowed. */
  readonly pollingFirst: boolean
  readonly ackTimeoutMs: number
  readonly listener: Listener
  /** The server refused the handshake. Nothing is called after it. */
  refused(error: ErrorBody): void
  /** A request had no answer in time, though nothing says that the transport is broken. */
  unanswered(): void
  /** The transport could not be opened, or broke. Nothing is called after it, but for outstanding answers. */
  closed(reason: string): void
}

export interface Link {
  /**
   * `answered` is called once: with the answer, or with undefined where there is none in time or the connection broke. It is called before
   * anything is heard that the server sent after the answer.
   */
  request<N extends UpName>(
    name: N,
    payload: UpRequest<N>,
    answered: (answer: Answer<N> | undefined) => void,
  ): void
  /** Says and hears nothing more; closes when what was asked is answered, or counts as unknown. Calling it twice is calling it once. */
  retire(): void
  /** Closes; nothing is called any more but outstanding answers. Calling it twice is calling it once. */
  close(): void
}

export type OpenLink = (parts: LinkParts) => Link
