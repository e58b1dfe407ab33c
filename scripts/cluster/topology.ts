// The whole topology: database, broker, nodes and nginx, started in this order and stopped in reverse.
import type { Found } from '../../tests/services/part.ts'
import { startBroker } from './brokers.ts'
import { namesLike } from './commands.ts'
import { sharedFile, startPostgres } from './database.ts'
import type { Member } from './member.ts'
import { newNginx } from './nginx.ts'
import { newNode, socketsOf } from './nodes.ts'
import type { ClusterOptions } from './options.ts'
import type { Place } from './place.ts'
import type { Row } from './table.ts'

/** The binaries that the options ask for. */
export interface Binaries {
  readonly nginx: Found
  readonly postgres?: Found | undefined
  readonly broker?: Found | undefined
}

/** All that runs, by kind, as it comes up. */
export class Topology {
  readonly #place: Place
  readonly #stores: Member[] = []
  readonly #brokers: Member[] = []
  readonly #nodes: Member[] = []
  readonly #proxies: Member[] = []
  #isStopping = false

  constructor(place: Place) {
    this.#place = place
  }

  /** From where people come in, to what they never see. */
  get members(): readonly Member[] {
    return [...this.#proxies, ...this.#nodes, ...this.#brokers, ...this.#stores]
  }

  /** What people open. */
  get url(): string {
    return this.#proxies[0]?.url ?? ''
  }

  /** The part that is worth breaking first: a broker, or else a node. */
  get breakable(): Member | undefined {
    return this.#brokers[0] ?? this.#nodes[0]
  }

  named(name: string): readonly Member[] {
    const all = this.members
    const names = namesLike(
      name,
      all.map((one) => one.name),
    )
    return all.filter((one) => names.includes(one.name))
  }

  /** `tell` gets one line for each step. Rejects where a part does not come up, or where `stop` is called meanwhile. */
  async start(options: ClusterOptions, binaries: Binaries, tell: Tell): Promise<void> {
    const place = this.#place
    const keep = (list: Member[]) => (member: Member) => {
      list.push(member)
      this.#goOn()
    }
    tell(`Starting the store (${options.store}) and the broker (${options.broker}) ...`)
    const database = binaries.postgres
      ? await startPostgres(binaries.postgres, place, keep(this.#stores))
      : sharedFile(place)
    this.#goOn()
    const broker = await startBroker(options.broker, binaries.broker, place, keep(this.#brokers))
    this.#goOn()
    tell(`Starting ${options.nodes} nodes and nginx ...`)
    const env = { ...database.env, ...broker.env }
    for (let at = 1; at <= options.nodes; at++) this.#nodes.push(await newNode(at, place, env))
    // The first one makes what is there at the first start; the others find it.
    const [first, ...others] = this.#nodes
    await first?.restart()
    this.#goOn()
    await Promise.all(others.map((node) => node.restart()))
    this.#goOn()
    const nginx = await newNginx(binaries.nginx, place, options.port, this.#nodes)
    keep(this.#proxies)(nginx)
    await nginx.restart()
    this.#goOn()
  }

  async rows(): Promise<readonly Row[]> {
    const nodes = new Set(this.#nodes)
    return Promise.all(
      this.members.map(async (member): Promise<Row> => {
        const { name, url, pid, state, plan } = member
        const sockets = nodes.has(member) ? await socketsOf(member) : undefined
        return { name, what: plan.what, url, pid, state, sockets, logFile: plan.logFile }
      }),
    )
  }

  /** The nodes first, while all that they need is there. Never rejects; each part has a bound, after which it is killed. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const members of [this.#nodes, this.#proxies, this.#brokers, this.#stores]) {
      await Promise.all(members.map((member) => member.stop()))
    }
  }

  /** Kills everything at once and without waiting. */
  abandon(): void {
    this.#isStopping = true
    for (const member of this.members) member.abandon()
  }

  #goOn(): void {
    if (this.#isStopping) throw new Error('stopped while it started')
  }
}

export type Tell = (line: string) => void
