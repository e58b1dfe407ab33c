/** The door for tabs: one client for all tabs of a browser. */
import type { World } from '../create-client.ts'
import { systemEnvironment } from '../environment.ts'
import type { Client } from '../types.ts'
import type { MakeClient } from './host-client.ts'
import { type Air, leaderWay } from './leader-way.ts'
import { systemLocks, type TabLocks } from './locks.ts'
import { TABS_VERSION } from './messages.ts'
import { type WatchPage, watchPage } from './page.ts'
import { RemoteClient } from './remote-client.ts'
import { soloWay } from './solo-way.ts'
import { firstWay, type OpenWay } from './way.ts'
import { type Worker, workerWay } from './worker-way.ts'

export { webStorage } from '../storage.ts'
export type { MakeClient } from './host-client.ts'

export interface TabsOptions {
  /** Names the build: tabs of one build share a client, tabs of different builds never do. */
  readonly build: string
  /**
   * Starts the SharedWorker under the name that is given, or reaches the one that runs; its script calls `serveTabs`. Without it, and
   * where it throws or does not start, the tabs choose a leader.
   */
  readonly startWorker?: (name: string) => Worker
  /** Makes the one client, where this tab comes to hold it. */
  readonly makeClient: MakeClient
}

/** What tests hand in instead of the browser. */
export interface TabsWorld {
  readonly world?: World
  /** Undefined: this browser has none. */
  readonly locks?: TabLocks | undefined
  readonly openAir?: ((name: string) => Air) | undefined
  readonly watchPage?: WatchPage
}

/** Makes the client of this tab. Nothing happens before `start`. */
export function createTabClient(
  options: TabsOptions,
  browser: TabsWorld = systemBrowser(),
): Client {
  const { world = {}, locks } = browser
  const environment = world.environment ?? systemEnvironment
  const tab = environment.newId()
  const lock = locks && `madang tab ${tab}`
  const ways = waysOf(options, browser, tab, lock)
  return new RemoteClient({
    tab,
    lock,
    ...(locks && { locks }),
    environment,
    openWay: (parts) => firstWay(ways, parts),
    watchPage: browser.watchPage ?? watchPage,
  })
}

function waysOf(
  { build, startWorker, makeClient }: TabsOptions,
  { world = {}, locks, openAir }: TabsWorld,
  tab: string,
  lock: string | undefined,
): OpenWay[] {
  const name = `madang tabs ${TABS_VERSION} ${build}`
  const { clock } = world.environment ?? systemEnvironment
  const ways: OpenWay[] = []
  if (startWorker) ways.push(workerWay(() => startWorker(name), clock))
  if (locks && lock && openAir) {
    ways.push(leaderWay({ name, tab, lock, locks, openAir, makeClient, world }))
  }
  ways.push(soloWay(makeClient, world))
  return ways
}

function systemBrowser(): TabsWorld {
  const canSpeak = typeof BroadcastChannel === 'function'
  return {
    locks: systemLocks(),
    openAir: canSpeak ? (name) => new BroadcastChannel(name) : undefined,
  }
}
