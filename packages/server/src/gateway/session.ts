/** One connection's state: who it is, where it sits, and what it has used up. */
import type { DownPayload, Id, MyCommunity, Person } from '@madang/protocol'
import type { Authenticated } from '../auth/authenticator.ts'
import type { Belongings } from '../store/store.ts'
import type { Client } from './clients.ts'
import type { Resumption } from './dialects/resumption.ts'
import type { Manner } from './manner.ts'
import type { Seat } from './seats.ts'
import type { Connection } from './wire.ts'

export type Cursors = Readonly<Record<Id, number | { seq: number; epoch: string } | null>>

/** What a client came with, until it has been told `ready`. */
export interface Arrival {
  readonly belongings: Belongings
  readonly cursors: Cursors | undefined
  readonly speaksWire: boolean
  readonly signedIn: DownPayload<'ready'>['session']
  /** Where a stock client was that came back. */
  readonly resumption?: Resumption
}

export class Session {
  readonly person: Person
  readonly sessionId: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined
  readonly manner: Manner
  /** What it shares with the client's other namespaces. */
  readonly client: Client
  /** Whether it named the wire's number: then it knows everything that the wire has, `goaway` among it. */
  readonly speaksWire: boolean
  readonly seats = new Map<Id, Seat>()
  readonly communities = new Map<Id, MyCommunity>()
  /** Channels that this connection is joining right now: the answer tells it, so notices need not. */
  readonly joining = new Set<Id>()
  /** Channels that the client was told are the person's own, and not that they are gone. Opening one says nothing of that, and one that is only watched has a seat while it is open. */
  readonly named = new Set<Id>()
  arrival: Arrival | undefined
  /** The store's version of the person's places that this connection was brought to. Another one there: the places are read anew. */
  version: string
  /** Whether the client has been told `ready`: before it, nothing else is sent. */
  ready = false
  /** Events that it was handed when it came. */
  replayed = 0
  #connection: Connection<Session> | undefined
  #turns: Promise<void> = Promise.resolve()
  #ended = false
  #inFlight = 0
  #onIdle: (() => void)[] = []

  constructor(identity: Authenticated, arrival: Arrival, manner: Manner, client: Client) {
    this.person = identity.person
    this.sessionId = identity.sessionId
    this.expiresAt = identity.expiresAt
    this.manner = manner
    this.client = client
    this.speaksWire = arrival.speaksWire
    this.arrival = arrival
    this.version = arrival.belongings.version
  }

  get connection(): Connection<Session> {
    if (this.#connection === undefined) throw new Error('the session is not connected')
    return this.#connection
  }

  /** Whether the client named no channels and so has all of its own open. */
  get opensAll(): boolean {
    return this.manner.opens === 'all'
  }

  get ended(): boolean {
    return this.#ended
  }

  /** How many channels are open, or are being opened. */
  get open(): number {
    let open = 0
    for (const seat of this.seats.values()) if (seat.state !== 'digest') open++
    return open
  }

  /** Requests that are in work. */
  get inFlight(): number {
    return this.#inFlight
  }

  requestBegan(): void {
    this.#inFlight++
    this.client.inFlight++
  }

  requestEnded(): void {
    this.#inFlight--
    this.client.inFlight--
    if (this.#inFlight > 0) return
    for (const resolve of this.#onIdle.splice(0)) resolve()
  }

  /** Resolves when no request is in work. */
  idle(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    return new Promise((resolve) => this.#onIdle.push(resolve))
  }

  connected(connection: Connection<Session>): void {
    this.#connection = connection
  }

  end(): void {
    this.#ended = true
  }

  /** Openings of one connection happen one after the other, in the order of the calls. Rejects with what the work rejects with. */
  turn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turns.then(work)
    this.#turns = result.then(
      () => {},
      () => {},
    )
    return result
  }
}
