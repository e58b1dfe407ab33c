/** What a node knows of itself and of the others, for operators: made of its parts, asked through its doors and its back door. */
import type { NodeFigures, StatsRange } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'
import type { OperatorDesk } from '../doors/operators.ts'
import { NodeAsker } from '../gateway/nodes/ask-node.ts'
import type { Phase, Service } from '../lifecycle.ts'
import { Cluster } from '../ops/cluster.ts'
import { Figures, type Parts as PartsNow, totalsOf } from '../ops/figures.ts'
import { NodeDesk } from '../ops/node-desk.ts'
import { Sampler } from '../ops/sampler.ts'
import type { Doors, NodeSurroundings, Parts } from './parts.ts'

/** Connections that are named as slow. */
const slowReadersMax = 10

const PHASES: Readonly<Record<Phase, NodeFigures['phase']>> = {
  new: 'starting',
  starting: 'starting',
  running: 'ready',
  draining: 'draining',
  stopping: 'stopping',
  stopped: 'stopping',
}

export interface OperatingParts {
  readonly parts: Parts
  readonly around: NodeSurroundings
  readonly phase: () => Phase
  /** Undefined before the doors are open. */
  readonly doors: () => Doors | undefined
}

export class Operating {
  readonly desk: OperatorDesk
  readonly #given: OperatingParts
  readonly #asker = new NodeAsker()
  readonly #sampler: Sampler
  #isStoreUp = true
  #isPinging = false

  constructor(given: OperatingParts) {
    this.#given = given
    const { parts, around } = given
    const { clock, metrics, node, version, leave } = around
    this.#sampler = new Sampler({ clock, totals: () => totalsOf(metrics) })
    const { probe, follower } = parts
    const figures = new Figures({
      ...{ node, version, clock, metrics, probe, sampler: this.#sampler },
      look: () => {
        this.#askStore()
        return this.#now()
      },
    })
    const nodeDesk = new NodeDesk({
      figures: () => figures.read(),
      follower,
      drain: () => leave?.(),
    })
    parts.backDoor.serveOps((path, body) => nodeDesk.answer(path, body))
    const cluster = new Cluster({
      ...{ node, clock, desk: nodeDesk },
      nodes: () => parts.directory.all(),
      ask: (other, path, body, withinMs) => this.#asker.ask(other, path, body, withinMs),
    })
    this.desk = {
      cluster: () => cluster.view(),
      follow: (target) => cluster.follow(target),
      drain: (other) => drained(cluster, other),
      stats: (range: StatsRange) =>
        parts.recorder.read(range).catch(() => {
          throw new Refusal('unavailable')
        }),
    }
  }

  service(): Service {
    return {
      name: 'operating',
      start: () => {
        this.#sampler.start()
        this.#given.parts.recorder.watch(this.#sampler, () => this.#connections())
      },
      stop: () => {
        this.#sampler.stop()
        this.#asker.stop()
        this.#given.parts.follower.stop()
      },
    }
  }

  /** Notes whether the store answered; the answer stays what it was. */
  watched(ping: Promise<void>): Promise<void> {
    return ping.then(
      () => {
        this.#isStoreUp = true
      },
      (error) => {
        this.#isStoreUp = false
        throw error
      },
    )
  }

  /** Asked while somebody looks: the answer is shown a look later. */
  #askStore(): void {
    if (this.#isPinging) return
    this.#isPinging = true
    const done = () => {
      this.#isPinging = false
    }
    this.watched(this.#given.parts.store.ping()).then(done, done)
  }

  #connections(): number {
    const count = this.#given.doors()?.gateway?.size().connections
    return count === undefined ? 0 : count.websocket + count.polling
  }

  #now(): PartsNow {
    const { parts, doors, phase } = this.#given
    const { feeds, meter, brokerWatch, dispatcher, store } = parts
    const gateway = doors()?.gateway
    const size = gateway?.size()
    const { connected, detail } = dispatcher.health
    const { feeds: open, pendingEvents, tailEvents } = feeds.size()
    return {
      phase: PHASES[phase()],
      connections: size?.connections ?? { websocket: 0, polling: 0 },
      people: size?.people ?? 0,
      channels: size?.channels ?? 0,
      slow: [...(gateway?.slowReaders(slowReadersMax) ?? [])],
      feeds: { open, pendingEvents, tailEvents },
      broker: {
        ...{ name: meter.name, connected, detail: detail.slice(0, 400) },
        ...{ outages: brokerWatch.outages, ...meter.traffic() },
      },
      store: { name: store.name, connected: this.#isStoreUp },
      drain: this.#drainNow(),
    }
  }

  #drainNow(): PartsNow['drain'] {
    const progress = this.#given.doors()?.gateway?.drainProgress()
    if (progress === undefined || progress.state === 'ready') return null
    return { connections: progress.of, left: progress.left, forMs: progress.tookMs }
  }
}

async function drained(cluster: Cluster, node: string): Promise<boolean> {
  const taken = await cluster.drain(node)
  if (taken === false) throw new Refusal('unavailable')
  return taken === true
}
