/** The first door: lets clients in, keeps each connection where its person belongs, and takes requests to core. Wires the parts together and nothing else. */
import { type ErrorBody, errorBody, type SlowReader } from '@madang/protocol'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../clock.ts'
import type { Core } from '../core/core.ts'
import type { Feeds } from '../feed/feeds.ts'
import type { Notes } from '../feed/notes.ts'
import { Admission } from './admission.ts'
import { refusalOf } from './answers.ts'
import { Communities } from './dialects/communities.ts'
import type { DialectDesk } from './dialects/dialect.ts'
import { Interpreter } from './dialects/interpreter.ts'
import { Rooms } from './dialects/rooms.ts'
import { StockWords } from './dialects/stock.ts'
import { Digesting } from './digesting.ts'
import { Digests } from './digests.ts'
import type { DrainProgress } from './drain/progress.ts'
import { Drain } from './drain.ts'
import { Expiry } from './expiry.ts'
import { FanOut } from './fan-out.ts'
import { Fence } from './fence.ts'
import { Greeting } from './greeting.ts'
import { Inspection } from './inspection.ts'
import { LocalChannels } from './local-channels.ts'
import { serves } from './manner.ts'
import { Naps } from './naps.ts'
import { Observers } from './observers.ts'
import { Opening } from './opening.ts'
import { PersonNotices } from './person-notices.ts'
import { Presence } from './presence.ts'
import { Pulses } from './pulses.ts'
import { Reconciling } from './reconciling.ts'
import { ReplayGate } from './replay-gate.ts'
import { Requests } from './requests.ts'
import { Seats } from './seats.ts'
import type { Session } from './session.ts'
import { Sessions } from './sessions.ts'
import { type GatewayOptions, type GatewayReport, type Settings, settingsOf } from './settings.ts'
import { slowReaders } from './slow-readers.ts'
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
  /** Connections that are being handed what they missed, and that wait for it. */
  replays(): { readonly running: number; readonly waiting: number }
  /** The connections with most bytes that wait for their client to read, most first. Looks at all of them. */
  slowReaders(max: number): readonly SlowReader[]
  /** Lets nobody in any more, and moves everybody elsewhere over the window. Resolves when all are gone and answered, at the latest after `drainMsMax(windowMs)` and a little. To be called once. */
  drain(windowMs: number): Promise<void>
  drainProgress(): DrainProgress
  /** Closes what is left. Feeds and notes are stopped by whoever made them. Calling it twice is calling it once. */
  stop(): Promise<void>
}

export function createGateway(parts: GatewayParts): Gateway {
  return new NodeGateway(parts)
}

class NodeGateway implements Gateway, Door<Session> {
  readonly #parts: GatewayParts
  readonly #settings: Settings
  readonly #wire: Interpreter
  readonly #naps: Naps
  readonly #sessions = new Sessions()
  readonly #channels = new LocalChannels()
  readonly #seats: Seats
  readonly #typing: Typing
  readonly #digests: Digests
  readonly #presence: Presence
  readonly #observers: Observers
  readonly #pulses: Pulses
  readonly #fence: Fence
  readonly #notices: PersonNotices
  readonly #inspection: Inspection
  readonly #admission: Admission
  readonly #greeting: Greeting
  readonly #requests: Requests
  readonly #fanOut: FanOut
  readonly #expiry: Expiry
  readonly #drain: Drain
  readonly #replayGate: ReplayGate
  #stopped: Promise<void> | undefined

  constructor(parts: GatewayParts) {
    const { clock, feeds, notes } = parts
    const settings = settingsOf(parts.options)
    const { limits, bounds, brokerAway } = settings
    this.#parts = parts
    this.#settings = settings
    this.#naps = new Naps(clock)
    const { heldEventsMax, typingPeopleMax } = bounds
    const channels = this.#channels
    const wire = new Interpreter({ ...parts, channels })
    this.#wire = wire
    const sessions = this.#sessions
    const seats = new Seats({ feeds, channels, heldEventsMax })
    const digests = new Digests({ clock, wire, digestIntervalMs: limits.digestIntervalMs })
    const typing = new Typing({ clock, notes, wire, limits, typingPeopleMax })
    const life = lifeOf(settings.node, parts.random)
    const alive = (node: string) => this.#pulses.heard(node)
    const presence = new Presence({ clock, notes, wire, node: life, alive, limits, bounds })
    const shared = {
      ...parts,
      wire,
      settings,
      naps: this.#naps,
      sessions,
      seats,
      digests,
      presence,
    }
    const digesting = new Digesting(shared)
    const opening = new Opening({ ...shared, digesting })
    const reconciling = new Reconciling({ ...shared, digesting, opening })
    this.#seats = seats
    this.#digests = digests
    this.#typing = typing
    this.#presence = presence
    const onSilent = (node: string) => presence.nodeDied(node)
    const fence = new Fence({ wire, sessions, bounds, report: parts.report })
    this.#fence = fence
    const onStill = (stillMs: number) => fence.stoodStill(stillMs)
    this.#pulses = new Pulses({ clock, notes, node: life, brokerAway, bounds, onSilent, onStill })
    this.#inspection = new Inspection({ ...shared, reconciling })
    this.#notices = new PersonNotices({ ...shared, reconciling, inspection: this.#inspection })
    this.#admission = new Admission(shared)
    this.#replayGate = new ReplayGate({ ...parts, bounds })
    this.#greeting = new Greeting({ ...shared, digesting, opening, gate: this.#replayGate })
    const onError = (error: unknown) =>
      parts.report.error('operators could not be shown what they look at', { error })
    this.#observers = new Observers({ ...shared, desk: settings.desk, onError })
    const observers = this.#observers
    const look = () => this.#pulses.look()
    const desk = { ...shared, digesting, opening, typing, observers }
    this.#requests = new Requests({ ...desk, fence, look })
    this.#fanOut = new FanOut({ ...shared, channels, typing })
    this.#expiry = new Expiry(clock)
    this.#drain = new Drain({ ...shared, requests: this.#requests })
    this.#learn()
  }

  async start(): Promise<void> {
    this.#typing.start()
    this.#presence.start()
    this.#pulses.start()
    this.#inspection.start()
    await this.#parts.feeds.start(this.#fanOut)
    await this.#wire.start(this)
  }

  size(): GatewaySize {
    return {
      connections: this.#wire.count(),
      people: this.#sessions.people,
      channels: this.#channels.size,
      communities: this.#presence.size,
    }
  }

  replays(): { readonly running: number; readonly waiting: number } {
    return this.#replayGate.size
  }

  slowReaders(max: number): readonly SlowReader[] {
    return slowReaders(this.#parts.wire.connections(), max)
  }

  drain(windowMs: number): Promise<void> {
    return this.#drain.run(windowMs)
  }

  drainProgress(): DrainProgress {
    return this.#drain.progress
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  knock(address: string): ErrorBody | undefined {
    return this.#admission.knock(address)
  }

  /** Whoever was on the way in when the drain began is sent on at once, instead of moved a moment later. */
  async admit(handshake: Handshake): Promise<Admitted<Session>> {
    const admitted = await this.#admission.admit(handshake)
    if (!admitted.ok || !this.#drain.hasBegun) return admitted
    this.#admission.release(admitted.state)
    return { ok: false, error: errorBody('draining') }
  }

  abandoned(session: Session): void {
    this.#admission.release(session)
  }

  opened(connection: Connection<Session>): void {
    // What it asks was sent after the node went on: it must not be taken for one of before.
    this.#pulses.look()
    const session = connection.state
    session.connected(connection)
    this.#sessions.add(session)
    this.#drain.opened(connection)
    this.#notices.watch(session)
    this.#parts.report.opened(session.person.id)
    this.#expiry.watch(session)
    session.turn(() => this.#greeting.greet(session)).catch((error) => this.#failed(session, error))
  }

  serves(namespace: string): boolean {
    return serves(namespace, this.#settings.dialects)
  }

  received(
    { state }: Connection<Session>,
    event: string,
    args: readonly unknown[],
    reply: Reply,
  ): void {
    this.#requests.received(state, event, args, reply)
  }

  malformed({ state }: Connection<Session>, error: ErrorBody, reply: Reply): void {
    this.#requests.malformed(state, error, reply)
  }

  ponged(client: object): void {
    this.#fence.ponged(client)
  }

  /**
   * Who named cursors can say where they were; whoever did not begins anew. Digests were stopped as well, and nobody asks for those: what the channels have come to
   * is told at once.
   */
  drained(connection: Connection<Session>): void {
    const { manner, seats } = connection.state
    if (manner.opens !== 'named') {
      connection.close(errorBody('behind'), true)
      return
    }
    const open = [...seats].flatMap(([id, { state }]) => (state === 'open' ? id : []))
    connection.emit('resume', { channelIds: open })
    for (const { state, settled, channel } of seats.values()) {
      if (state === 'digest' && settled) this.#digests.tell(connection.state, channel)
    }
  }

  closed(connection: Connection<Session>, reason: string): void {
    const { state: session } = connection
    session.end()
    this.#drain.closed(connection)
    this.#expiry.forget(session)
    this.#admission.release(session)
    for (const seat of [...session.seats.values()]) this.#seats.giveUp(session, seat)
    for (const communityId of session.communities.keys()) {
      this.#presence.go(communityId, session.person.id)
    }
    this.#sessions.remove(session)
    this.#notices.unwatch(session)
    this.#observers.forget(session)
    this.#parts.report.closed(reason, session.person.id)
  }

  #learn(): void {
    const { core, clock, feeds } = this.#parts
    const { dialects, randomBytes } = this.#settings
    const desk: DialectDesk = {
      ...{ core, feeds, channels: this.#channels, sessions: this.#sessions },
      now: () => clock.now(),
      newClientId: () => Buffer.from(randomBytes(12)).toString('base64url'),
      ask: ({ state }, event, args, reply) => this.#requests.received(state, event, args, reply),
      look: ({ state }, event, look, reply) => this.#requests.looked(state, event, look, reply),
      malformed: ({ state }, error, reply) => this.#requests.malformed(state, error, reply),
      payForPlace: ({ state, address }) => this.#requests.payForPlace(state, address),
    }
    this.#wire.learn([new StockWords(desk)])
    if (dialects.has('rooms')) this.#wire.learn([new Rooms(desk)])
    if (dialects.has('communities')) this.#wire.learn([new Communities(desk)])
  }

  #failed(session: Session, thrown: unknown): void {
    const refusal = refusalOf(thrown, this.#settings.bounds.storeRetryMs)
    if (refusal?.limit === 'replaysWaitingMax') this.#parts.report.heldBack('replay')
    if (refusal === undefined) {
      this.#parts.report.error('a connection could not be greeted', { error: thrown })
    }
    session.connection.close(refusal ?? errorBody('internal'), true)
  }

  async #stop(): Promise<void> {
    await this.#wire.stop()
    this.#naps.stop()
    this.#replayGate.stop()
    this.#expiry.stop()
    this.#inspection.stop()
    this.#digests.stop()
    this.#observers.stop()
    this.#typing.stop()
    this.#pulses.stop()
    this.#presence.stop()
  }
}

/** A node that is started anew under its old name is another one: what it said before it died is not said by it. */
function lifeOf(node: string, random: () => number): string {
  return `${node}~${Math.floor(random() * 2 ** 32).toString(36)}`
}
