/** What the namespaces of one client share: who it is, and how much it may ask for. */
import type { Id } from '@madang/protocol'
import type { Authenticated } from '../auth/authenticator.ts'
import type { FullAt } from '../doors/buckets.ts'

/** One client, whatever namespaces it has. */
export class Client {
  strikes = 0
  inFlight = 0
  /** Requests over the rate since the last one within it. */
  flood = 0
  requests: FullAt
  reads: FullAt
  /** Namespaces that are open, or are being opened. */
  namespaces = 0
  /** Who it is: asked once, whatever comes of it. */
  identity: Promise<Authenticated> | undefined
  /** What it showed for that. */
  shown: string | undefined
  /** The browser that it came with. */
  agent = ''
  /** Counted among this person's connections. */
  counted: Id | undefined
}

export class Clients {
  readonly #clients = new WeakMap<object, Client>()

  of(key: object): Client {
    const client = this.#clients.get(key) ?? new Client()
    this.#clients.set(key, client)
    return client
  }
}
