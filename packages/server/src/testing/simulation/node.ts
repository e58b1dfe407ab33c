/** One node of a simulated run, of real parts from the dispatcher to the gateway; it can be asked to go, or end without a word. */
import type { MemoryHub } from '@madang/fanout'
import { type FakeClock, type FaultRates, FaultyBroker } from '@madang/fanout/testing'
import { createAuthenticator } from '../../auth/create-authenticator.ts'
import type { Core } from '../../core/core.ts'
import { createCore } from '../../core/create-core.ts'
import { PasswordHash } from '../../core/people/password-hash.ts'
import { createDispatcher, type Dispatcher } from '../../feed/dispatcher.ts'
import {
  aloneLimits,
  FEED_LIMITS,
  type FeedLimits,
  FRAME_BYTES_MAX,
} from '../../feed/feed-limits.ts'
import type { Feeds } from '../../feed/feeds.ts'
import { createFeeds } from '../../feed/node-feeds.ts'
import { createNotes } from '../../feed/notes.ts'
import { createGateway, type Gateway } from '../../gateway/gateway.ts'
import { createOutlet } from '../../gateway/outlet.ts'
import type { Session } from '../../gateway/session.ts'
import { silentReport } from '../../gateway/settings.ts'
import { MemoryWire } from '../../gateway/testing/memory-wire.ts'
import type { Store } from '../../store/store.ts'
import { MortalClock } from './mortal-clock.ts'
import type { Dice } from './place.ts'
import { createWay, type Way } from './vault.ts'

/**
 * What carries frames, and how badly. `untold`: frames are lost, repeated, late and out of order, and nobody is told; nodes crash. `told`: what is lost the broker tells of.
 * `away`: it goes away and stays away. `none`: every node is alone, over one store.
 */
export type Weather = 'untold' | 'told' | 'away' | 'none'

/** What is the same for all nodes of a run. */
export interface Conditions {
  readonly weather: Weather
  readonly rates: FaultRates
  /** Whether there is room for a few events only, so that every bound is reached. */
  readonly narrow: boolean
}

/** Where a test can put something wrong between the parts. */
export interface Seams {
  readonly limits?: Partial<FeedLimits>
  /** Between core and feeds on one side and the store on the other. */
  readonly store?: (store: Store, feeds: () => Feeds) => Store
  /** Between feeds and frames. */
  readonly dispatcher?: (dispatcher: Dispatcher) => Dispatcher
  /** Between feeds and whoever listens to them. */
  readonly feeds?: (feeds: Feeds, wire: MemoryWire<Session>, dispatcher: Dispatcher) => Feeds
}

export interface NodeOptions {
  readonly name: string
  readonly seed: number
  readonly story: Conditions
  readonly clock: FakeClock
  readonly dice: Dice
  readonly hub: MemoryHub
  readonly vault: Store
  readonly seams: Seams
  /** Told what should not have happened. */
  readonly onError: (text: string, facts: unknown) => void
}

/** Nobody signs in with a password; which way of hashing is best is found out once. */
export const passwords = new PasswordHash((bytes) => new Uint8Array(bytes))
const PLENTY = { burst: 1_000_000, perSecond: 1_000_000 }
const RATES = {
  connection: PLENTY,
  person: PLENTY,
  channel: PLENTY,
  address: PLENTY,
  reads: PLENTY,
  credentials: PLENTY,
  places: PLENTY,
}

/** So small that a story of some dozen events reaches every one of them. */
const NARROW: Partial<FeedLimits> = {
  tailEventsMax: 4,
  feedPendingEventsMax: 3,
  replayEventsMax: 12,
  pageEventsMax: 4,
  readAheadEvents: 1,
  readEventsMax: 5,
  headsChannelsMax: 1,
  tailsEventsMax: 6,
}

export class SimNode {
  readonly name: string
  readonly broker: FaultyBroker
  readonly wire = new MemoryWire<Session>({ shares: true })
  readonly way: Way = { barred: false, mute: false, dead: false }
  readonly core: Core
  readonly #clock: MortalClock
  readonly #dispatcher: Dispatcher
  readonly #feeds: Feeds
  readonly #notes: ReturnType<typeof createNotes>
  readonly #gateway: Gateway
  #serves = false

  constructor(options: NodeOptions) {
    const { name, story, dice, seams } = options
    this.name = name
    this.#clock = new MortalClock(options.clock)
    const clock = this.#clock
    const { random } = dice
    this.broker = newBroker(options)
    const report = { count() {}, warn() {} }
    const parts = { broker: this.broker, report, frameBytesMax: FRAME_BYTES_MAX }
    const made = createDispatcher(parts)
    this.#dispatcher = seams.dispatcher?.(made) ?? made
    const dispatcher = this.#dispatcher
    const store = newStore(options, this.way, () => this.#feeds)
    const limits = limitsOf(story, seams)
    const feeds = createFeeds({ store, dispatcher, clock, random, limits, report })
    this.#feeds = seams.feeds?.(feeds, this.wire, dispatcher) ?? feeds
    this.#notes = createNotes(dispatcher)
    const outlet = createOutlet(this.#feeds, this.#notes)
    this.core = createCore({ ...dice, store, clock, outlet, passwords, options: { welcome: null } })
    // Where no notes of other nodes can arrive, what they would tell is read from the store.
    const away = { brokerAway: () => story.weather === 'none' || !dispatcher.health.connected }
    this.#gateway = createGateway({
      ...{
        core: this.core,
        feeds: this.#feeds,
        notes: this.#notes,
        wire: this.wire,
        clock,
        random,
      },
      auth: createAuthenticator({ people: this.core.people, clock, guests: true }),
      report: { ...silentReport, error: options.onError },
      options: {
        node: name,
        rates: RATES,
        ...away,
        ...(story.narrow && { bounds: { heldEventsMax: 4 }, limits: { replayPageEvents: 6 } }),
      },
    })
  }

  /** Whether clients can come. */
  get serves(): boolean {
    return this.#serves
  }

  async start(): Promise<void> {
    await this.#dispatcher.start()
    await this.#gateway.start()
    this.#serves = true
  }

  /** Ends in this very call; nothing that was under way comes to anything. */
  crash(): void {
    this.#serves = false
    this.way.dead = true
    this.#clock.die()
    void this.broker.stop()
  }

  /** Resolves to the timers that are left. */
  async leave(drainMs: number): Promise<number> {
    this.#serves = false
    await this.#gateway.drain(drainMs)
    await this.#gateway.stop()
    await this.#feeds.stop()
    this.#notes.stop()
    await this.#dispatcher.stop()
    return this.#clock.timers
  }
}

function newBroker({ hub, seed, clock, story }: NodeOptions): FaultyBroker {
  const { rates } = story
  return new FaultyBroker(hub.newBroker(), { seed, clock, rates, delayMsMax: 150 })
}

function newStore({ vault, clock, dice, seams }: NodeOptions, way: Way, feeds: () => Feeds): Store {
  const delayMs = () => Math.floor(dice.random() * 12)
  const store = createWay(vault, way, { clock, delayMs })
  return seams.store?.(store, feeds) ?? store
}

function limitsOf({ narrow, weather }: Conditions, { limits }: Seams): FeedLimits {
  const wide = weather === 'none' ? aloneLimits(FEED_LIMITS) : FEED_LIMITS
  return { ...wide, ...(narrow && NARROW), ...limits }
}
