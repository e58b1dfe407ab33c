/** Makes the parts of one node and joins them: first what serves both doors, then the doors. Nothing runs yet. */
import type { Broker } from '@madang/fanout'
import { LIMITS } from '@madang/protocol'
import { type Api, createApi, type PlainPage } from '../api/api.ts'
import type { Authenticator } from '../auth/authenticator.ts'
import { createAuthenticator } from '../auth/create-authenticator.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Core } from '../core/core.ts'
import { createCore } from '../core/create-core.ts'
import type { Outlet } from '../core/outlet.ts'
import { createRates, type Rates, scaledRates } from '../doors/rates.ts'
import { SESSION_COOKIE } from '../doors/session-cookie.ts'
import { createDispatcher, type Dispatcher } from '../feed/dispatcher.ts'
import { aloneLimits, FEED_LIMITS, FRAME_BYTES_MAX } from '../feed/feed-limits.ts'
import type { Feeds } from '../feed/feeds.ts'
import { createFeeds, type FeedsSize } from '../feed/node-feeds.ts'
import { createNotes, type Notes } from '../feed/notes.ts'
import { createGateway, type Gateway } from '../gateway/gateway.ts'
import { Directory } from '../gateway/nodes/directory.ts'
import { createOutlet } from '../gateway/outlet.ts'
import type { Session } from '../gateway/session.ts'
import { BackDoor } from '../gateway/socketio/back-door.ts'
import { HandOver } from '../gateway/socketio/hand-over.ts'
import { createSocketIoWire } from '../gateway/socketio.ts'
import type { NewId, RandomBytes } from '../ids.ts'
import type { Log } from '../log.ts'
import { createLoadWatch, type LoadWatch } from '../ops/load.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { Store } from '../store/store.ts'
import { createBroker } from './broker.ts'
import { BrokerWatch } from './broker-watch.ts'
import { RateNotes } from './rate-notes.ts'
import { apiReport, feedReport, gatewayReport } from './reports.ts'
import { createStore } from './store.ts'
import { storeApiMounts } from './store-api.ts'

/** What comes from outside and is not configuration. */
export interface Surroundings {
  readonly clock: Clock
  readonly newId: NewId
  readonly randomBytes: RandomBytes
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: Log
  /** Of the product. */
  readonly version: string
  /** Where the built web app is, if it is built. */
  readonly webFolder: string
  /** Where the node is one of several workers: what it knows of the others of its host. */
  readonly host?: HostView
  /** What carries frames to other nodes, in place of the one that the configuration names. */
  readonly broker?: Broker
}

/** The workers of this host, as one of them sees them. */
export interface HostView {
  /** The other workers' count for readiness as this one does. */
  readonly facts: { readonly wanted: number; readonly ready: number; readonly stopping: boolean }
  /** The metrics of all of them on one page, of which `own` is this worker's part. */
  page(own: Metrics['page']): ReturnType<Metrics['page']>
  /** What the others are given when they are asked for that page. */
  show(own: Metrics['page']): void
}

export interface Parts {
  readonly store: Store
  readonly broker: Broker
  readonly brokerWatch: BrokerWatch
  readonly dispatcher: Dispatcher
  readonly feeds: Feeds & { size(): FeedsSize }
  readonly notes: Notes
  readonly core: Core
  readonly authenticator: Authenticator
  readonly rates: Rates
  readonly rateNotes: RateNotes
  readonly load: LoadWatch
  /** The way to the other nodes, and theirs to this one. */
  readonly directory: Directory
  readonly handOver: HandOver
  readonly backDoor: BackDoor
}

export interface Doors {
  readonly api: Api
  /** Absent where sockets are others' business. */
  readonly gateway?: Gateway
}

/** The same surroundings, for a node with a name. */
export interface NodeSurroundings extends Surroundings {
  readonly node: string
  readonly metrics: Metrics
}

export function createParts(config: Config, around: NodeSurroundings): Parts {
  const { clock, random, log, metrics } = around
  const store = createStore(config, around)
  const broker = around.broker ?? createBroker(config.broker)
  const report = feedReport(metrics, log)
  const dispatcher = createDispatcher({ broker, report, frameBytesMax: FRAME_BYTES_MAX })
  const brokerWatch = new BrokerWatch({ name: broker.name, clock, log })
  const isShared = hasBroker(config, around)
  if (isShared) dispatcher.onHealth((health) => brokerWatch.heard(health))
  const limits = reachesAll(config, around) ? FEED_LIMITS : aloneLimits(FEED_LIMITS)
  const feeds = createFeeds({ store, dispatcher, clock, random, limits, report })
  const notes = createNotes(dispatcher)
  const rates = createRates({ clock, rates: scaledRates(config.rateScale), shared: isShared })
  const core = createCore({
    ...around,
    store,
    outlet: counted(createOutlet(feeds, notes), metrics),
    options: { welcome: { name: config.welcomeCommunity }, guests: config.guests },
  })
  return {
    ...{ store, broker, brokerWatch, dispatcher, feeds, notes, core },
    authenticator: newAuthenticator(config, core, around),
    rates,
    rateNotes: new RateNotes({
      ...{ clock, notes, rates, isShared },
      isConnected: () => dispatcher.health.connected,
      count: (what) => metrics.count('madang_rate_notes_total', { what }),
    }),
    load: createLoadWatch({ clock, random, lagMsMax: config.lagMsMax }),
    ...newPassage(store, around),
  }
}

/** How nodes hand requests to each other. */
function newPassage(
  store: Store,
  { clock, random, node, randomBytes, log, metrics }: NodeSurroundings,
) {
  const secret = Buffer.from(randomBytes(24)).toString('base64url')
  const directory = new Directory({
    ...{ store, clock, random, node, secret },
    onError: (err) =>
      log.warn(
        { err },
        'The directory of nodes cannot be used: long-polling needs a proxy that routes by session meanwhile.',
      ),
  })
  const handOver = new HandOver({
    ...{ node, clock, random },
    find: (other) => directory.find(other),
    onOutcome: (outcome) => metrics.count('madang_handed_over_total', { outcome }),
  })
  return { directory, handOver, backDoor: new BackDoor(secret) }
}

/** The doors share one HTTP server, which does not listen yet. */
export async function createDoors(
  config: Config,
  around: NodeSurroundings,
  parts: Parts,
  pages: readonly PlainPage[],
): Promise<Doors> {
  const { log, metrics } = around
  const { core, rates, load, authenticator } = parts
  const api = await createApi({
    ...around,
    ...{ core, authenticator, rates, pages },
    mounts: storeApiMounts(config, parts.store, log),
    webFolder: config.roles.gateway ? around.webFolder : null,
    load: () => load.waitMs(),
    report: apiReport(metrics, log),
    origins: config.corsOrigins,
    trustedProxies: config.trustedProxies,
    cookies: { secure: config.secureCookies, production: config.production },
  })
  return config.roles.gateway ? { api, gateway: newGateway(config, around, parts, api) } : { api }
}

function newGateway(config: Config, around: NodeSurroundings, parts: Parts, api: Api): Gateway {
  const { clock, random, log, metrics, node } = around
  const { core, feeds, notes, rates, load, authenticator } = parts
  const limits = scaledLimits(config.rateScale)
  const wire = createSocketIoWire<Session>({
    ...{ clock, node, limits },
    handOver: parts.handOver,
    backDoor: parts.backDoor,
    handOverDrainMs: config.drainMs,
    server: api.server,
    origins: config.corsOrigins,
    trustProxies: config.trustedProxies,
    cookieName: SESSION_COOKIE,
    namespaces: config.dialects.includes('communities'),
    onDelivered: (event, connections) =>
      metrics.count('madang_deliveries_total', { event }, connections),
  })
  return createGateway({
    ...{ core, feeds, notes, wire, clock, random },
    auth: authenticator,
    report: gatewayReport(metrics, log),
    options: {
      ...{ node, limits, randomBytes: around.randomBytes },
      dialects: config.dialects,
      secrets: [config.tokens.secret, config.tokens.previousSecret].flatMap((one) => one ?? []),
      cookieName: SESSION_COOKIE,
      load: () => load.waitMs(),
      brokerAway: () => !reachesAll(config, around) || !parts.dispatcher.health.connected,
      rates: scaledRates(config.rateScale),
      buckets: rates.buckets,
    },
  })
}

/** Without one, other nodes may still share the store: what they would tell is read from there. */
function hasBroker({ broker }: Config, around: Surroundings): boolean {
  return broker.kind !== 'none' || around.broker !== undefined
}

/** The workers of one host hear each other, but not another host with the same store. */
function reachesAll(config: Config, around: Surroundings): boolean {
  const isOneHost = config.broker.kind === 'ipc' && config.store.kind !== 'sqlite'
  return hasBroker(config, around) && !isOneHost
}

function newAuthenticator(config: Config, { people }: Core, around: Surroundings): Authenticator {
  const { jwksUrl, ...rules } = config.tokens
  const acceptsTokens = rules.secret !== undefined || jwksUrl !== undefined
  return createAuthenticator({
    people,
    clock: around.clock,
    guests: config.guests,
    ...(acceptsTokens && { jwt: { ...rules, ...(jwksUrl && { keySetUrl: jwksUrl }) } }),
    onError: (err) => around.log.warn({ err }, 'The key set at JWKS_URL cannot be fetched.'),
  })
}

function counted(outlet: Outlet, metrics: Metrics): Outlet {
  return {
    committed(events) {
      for (const { kind } of events) metrics.count('madang_events_appended_total', { kind })
      outlet.committed(events)
    },
    notify: (personId, notice) => outlet.notify(personId, notice),
  }
}

/** What holds one person or address back, so many times; a node's own bounds stay. */
function scaledLimits(scale: number) {
  return {
    connectionsPerPersonMax: LIMITS.connectionsPerPersonMax * scale,
    connectionsPerAddressMax: LIMITS.connectionsPerAddressMax * scale,
  }
}
