/** The first door: lets clients in, keeps each connection where its person belongs, and takes requests to core. Wires the parts together and nothing else. */
import { type ErrorBody, errorBody } from '@madang/protocol'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../clock.ts'
import type { Core } from '../core/core.ts'
import type { Feeds } from '../feed/feeds.ts'
import type { Notes } from '../feed/notes.ts'
import { Admission } from './admission.ts'
import { refusalOf } from './answers.ts'
import { Digesting } from './digesting.ts'
import { Digests } from './digests.ts'
import { drainConnections } from './drain.ts'
import { Expiry } from './expiry.ts'
import { FanOut } from './fan-out.ts'
import { Greeting } from './greeting.ts'
import { Inspection } from './inspection.ts'
import { LocalChannels } from './local-channels.ts'
import { Naps } from './naps.ts'
import { Opening } from './opening.ts'
import { PersonNotices } from './person-notices.ts'
import { Presence } from './presence.ts'
import { Pulses } from './pulses.ts'
import { Reconciling } from './reconciling.ts'
import { Requests } from './requests.ts'
import { Seats } from './seats.ts'
import type { Session } from './session.ts'
import { Sessions } from './sessions.ts'
import { type GatewayOptions, type GatewayReport, type Settings, settingsOf } from './settings.ts'
import { Typing } from './typing.ts'
import type { Admission as Admitted, Connection, Door, Handshake, Reply, Wire } from './wire.ts'

export interface GatewayParts {
  readonly core: Core
  readonly feeds: Feeds
  readonly notes: Notes
  readonly auth: Authenticator
  readonly wire: Wire<Session>
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly report: GatewayReport
  readonly options: GatewayOptions
}

/** For metrics. */
export interface GatewaySize {
  readonly connections: { readonly websocket: number; readonly polling: number }
  readonly people: number
  readonly channels: number
  readonly communities: number
}

export interface Gateway {
  /** Starts the feeds and the wire; the notes' dispatcher is started by whoever made it, after the gateway was made. */
  start(): Promise<void>
  size(): GatewaySize
  /** Lets nobody in any more, and moves everybody elsewhere over the window. Resolves when all are gone. */
  drain(windowMs: number): Promise<void>
  /** Closes what is left. Feeds and notes are stopped by whoever made them. Calling it twice is calling it once. */
  stop(): Promise<void>
}

export function createGateway(parts: GatewayParts): Gateway {
  return new NodeGateway(parts)
}

class NodeGateway implements Gateway, Door<Session> {
  readonly #parts: GatewayParts
  readonly #settings: Settings
  readonly #naps: Naps
  readonly #sessions = new Sessions()
  readonly #channels = new LocalChannels()
  readonly #seats: Seats
  readonly #typing: Typing
  readonly #digests: Digests
  readonly #presence: Presence
  readonly #pulses: Pulses
  readonly #notices: PersonNotices
  readonly #inspection: Inspection
  readonly #admission: Admission
  readonly #greeting: Greeting
  readonly #requests: Requests
  readonly #fanOut: FanOut
  readonly #expiry: Expiry
  #stopped: Promise<void> | undefined

  constructor(parts: GatewayParts) {
    const { clock, wire, feeds, notes } = parts
    const settings = settingsOf(parts.options)
    const { limits, bounds, brokerAway } = settings
    this.#parts = parts
    this.#settings = settings
    this.#naps = new Naps(clock)
    const { heldEventsMax, typingPeopleMax } = bounds
    const channels = this.#channels
    const sessions = this.#sessions
    const seats = new Seats({ feeds, channels, heldEventsMax })
    const digests = new Digests({ clock, wire, digestIntervalMs: limits.digestIntervalMs })
    const typing = new Typing({ clock, notes, wire, limits, typingPeopleMax })
    const life = lifeOf(settings.node, parts.random)
    const alive = (node: string) => this.#pulses.heard(node)
    const presence = new Presence({ clock, notes, wire, node: life, alive, limits, bounds })
    const shared = { ...parts, settings, naps: this.#naps, sessions, seats, digests, presence }
    const digesting = new Digesting(shared)
    const opening = new Opening({ ...shared, digesting })
    const reconciling = new Reconciling({ ...shared, digesting, opening })
    this.#seats = seats
    this.#digests = digests
    this.#typing = typing
    this.#presence = presence
    const onSilent = (node: string) => presence.nodeDied(node)
    const onBeat = (stillMs: number) => {
      if (stillMs <= bounds.stillMsMax) return
      for (const { connection } of sessions.all()) connection.close(errorBody('unavailable'), true)
    }
    this.#pulses = new Pulses({ clock, notes, node: life, brokerAway, bounds, onSilent, onBeat })
    this.#inspection = new Inspection({ ...shared, reconciling })
    this.#notices = new PersonNotices({ ...shared, reconciling, inspection: this.#inspection })
    this.#admission = new Admission(shared)
    this.#greeting = new Greeting({ ...shared, digesting, opening })
    const stillMs = () => this.#pulses.stillMs()
    this.#requests = new Requests({ ...shared, digesting, opening, typing, stillMs })
    this.#fanOut = new FanOut({ ...shared, channels, typing })
    this.#expiry = new Expiry(clock)
  }

  async start(): Promise<void> {
    this.#typing.start()
    this.#presence.start()
    this.#pulses.start()
    this.#inspection.start()
    await this.#parts.feeds.start(this.#fanOut)
    await this.#parts.wire.start(this)
  }

  size(): GatewaySize {
    return {
      connections: this.#parts.wire.count(),
      people: this.#sessions.people,
      channels: this.#channels.size,
      communities: this.#presence.size,
    }
  }

  drain(windowMs: number): Promise<void> {
    const { wire, random } = this.#parts
    const { moveGraceMs } = this.#settings.bounds
    return drainConnections({ wire, random, naps: this.#naps, moveGraceMs }, windowMs)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  knock(address: string): ErrorBody | undefined {
    return this.#admission.knock(address)
  }

  admit(handshake: Handshake): Promise<Admitted<Session>> {
    return this.#admission.admit(handshake)
  }

  abandoned(session: Session): void {
    this.#admission.release(session)
  }

  opened(connection: Connection<Session>): void {
    const session = connection.state
    session.connected(connection)
    this.#sessions.add(session)
    this.#notices.watch(session)
    this.#expiry.watch(session)
    session.turn(() => this.#greeting.greet(session)).catch((error) => this.#failed(session, error))
  }

  received({ state }: Connection<Session>, event: string, payload: unknown, reply: Reply): void {
    this.#requests.received(state, event, payload, reply)
  }

  malformed({ state }: Connection<Session>, error: ErrorBody, reply: Reply): void {
    this.#requests.malformed(state, error, reply)
  }

  /** Who named cursors can say where they were; whoever did not begins anew. */
  drained(connection: Connection<Session>): void {
    const { opensAll, seats } = connection.state
    if (opensAll) {
      connection.close(errorBody('behind'), true)
      return
    }
    const open = [...seats].flatMap(([id, { state }]) => (state === 'open' ? id : []))
    connection.emit('resume', { channelIds: open })
  }

  closed({ state: session }: Connection<Session>, reason: string): void {
    session.end()
    this.#expiry.forget(session)
    this.#admission.release(session)
    for (const seat of [...session.seats.values()]) this.#seats.giveUp(session, seat)
    for (const communityId of session.communities.keys()) {
      this.#presence.go(communityId, session.person.id)
    }
    this.#sessions.remove(session)
    this.#notices.unwatch(session)
    this.#parts.report.closed(reason)
  }

  #failed(session: Session, thrown: unknown): void {
    const refusal = refusalOf(thrown, this.#settings.bounds.storeRetryMs)
    if (refusal === undefined) {
      this.#parts.report.error('a connection could not be greeted', { error: thrown })
    }
    session.connection.close(refusal ?? errorBody('internal'), true)
  }

  async #stop(): Promise<void> {
    await this.#parts.wire.stop()
    this.#naps.stop()
    this.#expiry.stop()
    this.#inspection.stop()
    this.#digests.stop()
    this.#typing.stop()
    this.#pulses.stop()
    this.#presence.stop()
  }
}

/** A node that is started anew under its old name is another one: what it said before it died is not said by it. */
function lifeOf(node: string, random: () => number): string {
  return `${node}~${Math.floor(random() * 2 ** 32).toString(36)}`
}
