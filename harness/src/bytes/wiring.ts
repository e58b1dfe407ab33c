/** What a server of the comparison is told, and what it answers. */
import type { AdapterKind } from './candidates.ts'
import type { ClientBytes } from './client-bytes.ts'

export interface ServerOrder {
  readonly kind: AdapterKind
  /** Of the brokers: one Redis, all nodes of a cluster, all partitions, or one NATS server. */
  readonly urls: readonly string[]
  /** How often our adapter says that a server is alive, in ms; its default where it is not given. */
  readonly heartbeatMs?: number
}

/** From the server, once: where it listens; then one answer to each question. */
export type ServerAnswer = { readonly port: number } | { readonly bytes: ClientBytes }

/** A server's link to its brokers. */
export interface Link {
  /** What `new Server(httpServer, { adapter })` takes. */
  readonly adapter: AdapterConstructor
  /** Resolves when the link is released. */
  stop(): Promise<void>
}

export type AdapterConstructor = NonNullable<
  NonNullable<ConstructorParameters<typeof import('socket.io').Server>[1]>['adapter']
>

/** The one thing that people say in this experiment, in three lanes of a live chat. */
export interface Said {
  readonly lane: 'chat' | 'question'
  readonly text: string
  readonly from: number
  /** Counted per sender, from 0. */
  readonly n: number
}
