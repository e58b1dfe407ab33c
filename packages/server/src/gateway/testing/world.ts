/** Whole nodes in one process, of real parts: store, core, feeds, broker and gateway, over a wire of the test's choice. */
import { MemoryHub } from '@madang/fanout'
import type { Id, Person } from '@madang/protocol'
import type { Authenticator } from '../../auth/authenticator.ts'
import { createAuthenticator } from '../../auth/create-authenticator.ts'
import { type Clock, systemClock } from '../../clock.ts'
import type { Core } from '../../core/core.ts'
import { createCore } from '../../core/create-core.ts'
import { createDispatcher } from '../../feed/dispatcher.ts'
import { FEED_LIMITS, FRAME_BYTES_MAX } from '../../feed/feed-limits.ts'
import type { Feeds } from '../../feed/feeds.ts'
import { createFeeds } from '../../feed/node-feeds.ts'
import { createNotes } from '../../feed/notes.ts'
import { createNewId, systemRandom } from '../../ids.ts'
import { createSqliteStore } from '../../store/sqlite.ts'
import type { Store } from '../../store/store.ts'
import { createGateway, type Gateway } from '../gateway.ts'
import { createOutlet } from '../outlet.ts'
import type { Session } from '../session.ts'
import type { GatewayOptions, GatewayReport } from '../settings.ts'
import type { Wire } from '../wire.ts'

export interface WorldOptions<W extends Wire<Session>> {
  readonly newWire: (node: string) => W
  readonly nodes?: number
  readonly hub?: MemoryHub
  readonly clock?: Clock
  /** From 0 up to 1. */
  readonly random?: () => number
  readonly options?: Omit<GatewayOptions, 'node'>
  /** Whether there is a welcome community, and everybody is in it. */
  readonly welcomes?: boolean
  /** Puts something between core and the store. */
  readonly between?: (store: Store) => Store
}

export interface WorldNode<W extends Wire<Session>> {
  readonly name: string
  readonly core: Core
  readonly auth: Authenticator
  readonly feeds: Feeds
  readonly gateway: Gateway
  readonly wire: W
  stop(): Promise<void>
  /** Ends without a word to the other nodes, as a process that is killed does. */
  die(): Promise<void>
}

export interface Guest {
  readonly person: Person
  readonly token: string
}

export interface World<W extends Wire<Session>> {
  readonly nodes: readonly WorldNode<W>[]
  /** The first node. */
  readonly node: WorldNode<W>
  readonly core: Core
  readonly hub: MemoryHub
  /** What should not have happened. */
  readonly errors: { readonly text: string; readonly facts: unknown }[]
  /** How handshakes, requests and connections ended, as the operator is told. */
  readonly reported: string[]
  guest(name: string): Promise<Guest>
  /** A public community of this owner with a channel of the owner's, and these members in both. */
  place(owner: Guest, members?: readonly Guest[]): Promise<Place>
  stop(): Promise<void>
}

export interface Place {
  readonly communityId: Id
  readonly channelId: Id
}

export async function newWorld<W extends Wire<Session>>(
  options: WorldOptions<W>,
): Promise<World<W>> {
  const { clock = systemClock, between = (store: Store) => store } = options
  const store = between(createSqliteStore({ file: ':memory:' }))
  await store.start()
  const hub = options.hub ?? new MemoryHub()
  const errors: { text: string; facts: unknown }[] = []
  const reported: string[] = []
  const report: GatewayReport = {
    handshake: (outcome) => reported.push(`handshake ${outcome}`),
    heldBack: (where) => reported.push(`held back ${where}`),
    request: (event, outcome) => reported.push(`request ${event} ${outcome}`),
    replayed: () => {},
    inspection: (found) => reported.push(`inspection ${found}`),
    drained: (stage) => reported.push(`drained ${stage}`),
    finished: () => {},
    stoodStill: (outcome, clients) => reported.push(`stood still ${outcome} ${clients}`),
    distrusted: () => reported.push('distrusted'),
    note: () => {},
    opened: () => {},
    closed: (reason) => reported.push(`closed ${reason}`),
    error: (text, facts) => errors.push({ text, facts }),
  }
  const nodes: WorldNode<W>[] = []
  for (let i = 1; i <= (options.nodes ?? 1); i++) {
    nodes.push(await newNode(`n${i}`, { ...options, clock, store, hub, report, errors }))
  }
  const [node] = nodes
  if (node === undefined) throw new Error('a world has a node')
  const { core } = node
  await core.prepare()
  return {
    nodes,
    node,
    core,
    hub,
    errors,
    reported,
    guest: async (name) => {
      const { person, session } = await core.people.guest(name)
      return { person, token: session.token }
    },
    place: (owner, members = []) => newPlace(core, owner, members),
    stop: async () => {
      for (const each of nodes) await each.stop()
      await store.stop()
    },
  }
}

interface NodeParts<W extends Wire<Session>> extends WorldOptions<W> {
  readonly clock: Clock
  readonly store: Store
  readonly hub: MemoryHub
  readonly report: GatewayReport
  readonly errors: { text: string; facts: unknown }[]
}

async function newNode<W extends Wire<Session>>(
  name: string,
  {
    newWire,
    clock,
    random = Math.random,
    options,
    welcomes,
    store,
    hub,
    report,
    errors,
  }: NodeParts<W>,
): Promise<WorldNode<W>> {
  const feedReport = {
    count: () => {},
    warn: (text: string, facts: Readonly<Record<string, unknown>>) => errors.push({ text, facts }),
  }
  const dispatcher = createDispatcher({
    broker: hub.newBroker(),
    report: feedReport,
    frameBytesMax: FRAME_BYTES_MAX,
  })
  const limits = FEED_LIMITS
  const feeds = createFeeds({ store, dispatcher, clock, random, limits, report: feedReport })
  const notes = createNotes(dispatcher)
  const outlet = createOutlet(feeds, notes)
  const newId = createNewId(clock)
  const core = createCore({
    store,
    outlet,
    clock,
    newId,
    randomBytes: systemRandom,
    options: welcomes ? {} : { welcome: null },
  })
  const auth = createAuthenticator({ people: core.people, clock, guests: true })
  const wire = newWire(name)
  const gateway = createGateway({
    core,
    feeds,
    notes,
    auth,
    wire,
    clock,
    random,
    report,
    options: {
      node: name,
      cookieName: 'session',
      brokerAway: () => !dispatcher.health.connected,
      ...options,
    },
  })
  await dispatcher.start()
  await gateway.start()
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    await gateway.stop()
    await feeds.stop()
    notes.stop()
    await dispatcher.stop()
  }
  return {
    name,
    core,
    auth,
    feeds,
    gateway,
    wire,
    stop,
    die: async () => {
      await dispatcher.stop()
      await stop()
    },
  }
}

async function newPlace(core: Core, owner: Guest, members: readonly Guest[]): Promise<Place> {
  const { community } = await core.communities.create(owner.person, { name: 'Home' })
  const channel = await core.channels.create(owner.person, {
    communityId: community.id,
    kind: 'text',
    name: 'talk',
  })
  for (const { person } of members) {
    await core.communities.join(person, community.id)
    await core.channels.join(person, channel.id)
  }
  return { communityId: community.id, channelId: channel.id }
}
