/** One node: its parts, put together and started, drained and stopped in order. */
import { access, constants, mkdir } from 'node:fs/promises'
import { watchDoors, watchParts } from './app/gauges.ts'
import { Operating } from './app/operating.ts'
import {
  createDoors,
  createParts,
  type Doors,
  type NodeSurroundings,
  type Parts,
  type Surroundings,
} from './app/parts.ts'
import type { Config } from './config.ts'
import { drainMsMax } from './gateway/drain/pacer.ts'
import { type DrainProgress, NOT_DRAINING } from './gateway/drain/progress.ts'
import { hostOf } from './gateway/nodes/address.ts'
import { createLifecycle, type Lifecycle, type Phase, type Service } from './lifecycle.ts'
import { createHealth } from './ops/health.ts'
import { createMetrics } from './ops/metrics.ts'
import { opsPages } from './ops/pages.ts'
import { watchProcess } from './ops/process-metrics.ts'

export type { Surroundings } from './app/parts.ts'

export interface App {
  readonly phase: Phase
  /** Where it can be reached from this machine; once it has started. */
  readonly url: string
  /** Rejects with `StartFailure`, having stopped what was begun. */
  start(): Promise<void>
  /** Takes no new connection at the port: for a worker whose siblings share it, before it drains. */
  unlisten(): void
  /** Takes nobody new, and moves those who are connected elsewhere. */
  drain(): Promise<void>
  /** How far the move is. */
  drainProgress(): DrainProgress
  /** Resolves to the names of what did not stop cleanly. */
  stop(): Promise<readonly string[]>
}

/** How long the whole of a shutdown may take, in ms: within the 30 s that orchestrators give before they kill. */
export const shutdownMsMax = 29_000

/** What a drain may take beyond its own end, in ms: a tick that is late, and the answers to the last requests. */
const drainGraceMs = 3_000

export function createApp(config: Config, surroundings: Surroundings): App {
  return new Node(config, surroundings)
}

class Node implements App {
  readonly #config: Config
  readonly #around: NodeSurroundings
  readonly #parts: Parts
  readonly #lifecycle: Lifecycle
  readonly #operating: Operating
  #doors: Doors | undefined
  #port: number

  constructor(config: Config, surroundings: Surroundings) {
    const node = config.nodeId ?? Buffer.from(surroundings.randomBytes(4)).toString('hex')
    const log = surroundings.log.child({ node })
    this.#config = config
    this.#port = config.port
    this.#around = { ...surroundings, node, log, metrics: createMetrics() }
    this.#parts = createParts(config, this.#around)
    const { clock, version, metrics } = this.#around
    const isRedis = config.broker.kind === 'redis'
    watchParts(metrics, this.#parts, { version, node, phase: () => this.phase, isRedis })
    this.#operating = new Operating({
      ...{ parts: this.#parts, around: this.#around, phase: () => this.phase },
      doors: () => this.#doors,
    })
    this.#lifecycle = createLifecycle({ services: this.#services(), clock, log })
  }

  get phase(): Phase {
    return this.#lifecycle.phase
  }

  get url(): string {
    const { host } = this.#config
    const isEverywhere = host === '0.0.0.0' || host === '::'
    const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
    return `http://${name}:${this.#port}`
  }

  start(): Promise<void> {
    for (const warning of this.#config.warnings) this.#around.log.warn({}, warning)
    return this.#lifecycle.start()
  }

  unlisten(): void {
    this.#doors?.api.unlisten()
  }

  drain(): Promise<void> {
    return this.#lifecycle.drain()
  }

  drainProgress(): DrainProgress {
    return this.#doors?.gateway?.drainProgress() ?? NOT_DRAINING
  }

  stop(): Promise<readonly string[]> {
    return this.#lifecycle.stop()
  }

  /** In the order of starting. Stopping in reverse, what is asked for is refused before what answers it is gone. */
  #services(): Service[] {
    const { store, core, dispatcher, load, rateNotes, recorder } = this.#parts
    const { dataDir, drainMs, roles, store: place } = this.#config
    return [
      this.#watching(),
      {
        name: 'data folder',
        start: () => (place.kind === 'sqlite' ? openFolder(dataDir) : undefined),
      },
      { name: 'store', start: () => store.start(), stop: () => store.stop() },
      {
        name: 'counts',
        start: () => recorder.start(),
        stop: () => recorder.stop(),
        deadlines: { stopMsMax: 6_000 },
      },
      this.#operating.service(),
      { name: 'doors', start: () => this.#openDoors() },
      { name: 'broker', start: () => dispatcher.start(), stop: () => this.#stopFeeds() },
      { name: 'rates', start: () => rateNotes.start(), stop: () => rateNotes.stop() },
      // Whoever keeps the truth makes what everybody finds in it.
      ...(roles.api ? [{ name: 'welcome', start: () => core.prepare() }] : []),
      {
        name: 'http',
        stop: () => this.#doors?.api.stop(),
        deadlines: { stopMsMax: 10_000 },
      },
      {
        name: 'back door',
        start: () => this.#openBackDoor(),
        stop: () => this.#closeBackDoor(),
      },
      {
        name: 'gateway',
        start: () => this.#doors?.gateway?.start(),
        drain: () => this.#doors?.gateway?.drain(drainMs),
        stop: () => this.#doors?.gateway?.stop(),
        deadlines: { drainMsMax: drainMsMax(drainMs) + drainGraceMs, stopMsMax: 8_000 },
      },
      { name: 'load', start: () => load.start(), stop: () => load.stop() },
      { name: 'port', start: () => this.#listen(), drain: () => this.#doors?.api.drain() },
    ]
  }

  #watching(): Service {
    let watch: { stop(): void } | undefined
    return {
      name: 'watch',
      start: () => {
        watch = watchProcess(this.#around.metrics)
      },
      stop: () => watch?.stop(),
    }
  }

  /** Before the broker starts: whoever listens to it has to be there by then. */
  async #openDoors(): Promise<void> {
    const { clock, metrics, host } = this.#around
    const { store, dispatcher } = this.#parts
    const ownPage = () => metrics.page()
    host?.show(ownPage)
    const health = createHealth({
      clock,
      phase: () => this.phase,
      pingStore: () => this.#operating.watched(store.ping()),
      isBrokerConnected: () => dispatcher.health.connected,
      ...(host && { workers: () => host.facts }),
    })
    const pages = opsPages({
      health,
      metrics: host === undefined ? metrics : { page: () => host.page(ownPage) },
      metricsToken: this.#config.metricsToken,
    })
    this.#doors = await createDoors(
      this.#config,
      this.#around,
      this.#parts,
      pages,
      this.#operating.desk,
    )
    watchDoors(metrics, this.#doors)
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#config
    if (this.#doors) this.#port = await this.#doors.api.listen({ host, port })
  }

  /** Others know of this node before it gives out a session. */
  async #openBackDoor(): Promise<void> {
    const { host, port } = this.#config.internal
    const { backDoor, directory } = this.#parts
    await directory.start(await backDoor.listen({ host: hostOf(host), port }))
  }

  async #closeBackDoor(): Promise<void> {
    const { backDoor, directory } = this.#parts
    await directory.stop()
    await backDoor.stop()
  }

  async #stopFeeds(): Promise<void> {
    const { feeds, notes, dispatcher } = this.#parts
    await feeds.stop()
    notes.stop()
    await dispatcher.stop()
  }
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await access(folder, constants.W_OK | constants.X_OK)
}
