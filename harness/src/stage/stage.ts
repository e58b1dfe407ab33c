/**
 * Where a scenario is played: real nodes as processes of their own over a real store and a real broker, nginx in front where it is asked for,
 * fault proxies on the links that are named, and a crowd. Everything is on loopback, or on networks of this machine alone, and is gone when the stage is closed, whatever happened.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Crowd } from '../crowd/crowd.ts'
import type { History } from '../history/history.ts'
import type { Note } from '../history/record.ts'
import { Hosts } from '../hosts/hosts.ts'
import { natsSaid, redisSaid } from '../proxy/messages.ts'
import { createRandom, type Random } from '../random.ts'
import { type BrokerName, type Carrier, startCarrier } from './brokers.ts'
import { Front } from './front.ts'
import { Keeper } from './keeper.ts'
import { type LinkName, Links } from './links.ts'
import { Nemesis } from './nemesis.ts'
import { StageNode } from './node.ts'
import { openVault, type Vault, type VaultOptions } from './stores.ts'

export interface StageOptions extends VaultOptions {
  readonly nodes: number
  readonly broker: BrokerName
  /** Whether clients come through nginx; else each is given a node. */
  readonly front: boolean
  /** The links with fault proxies. `broker` does not go with a cluster, whose addresses nodes learn from the cluster. */
  readonly proxied: readonly LinkName[]
  /** Whether a broker that keeps its word can be made one that does not; not for a cluster either, and not beside a proxied broker. */
  readonly unruly: boolean
  /** Whether each node has a host of its own, whose cables can be pulled. Takes root, and goes with a store that is a file and a broker that is Redis or none. */
  readonly hosts: boolean
  readonly ours: number
  readonly stock: number
  /** Of all clients together. */
  readonly sendsPerSecond: number
  /** More settings of the nodes. */
  readonly env: Readonly<Record<string, string>>
}

export const USUAL: StageOptions = {
  nodes: 3,
  broker: 'redis',
  store: 'sqlite',
  storeArgs: [],
  storeMib: 0,
  front: false,
  proxied: [],
  unruly: false,
  hosts: false,
  ours: 10,
  stock: 10,
  sendsPerSecond: 40,
  env: {},
}

/** A crowd that does not move for so long will not any more, in ms. Longer than the slowest repair and than any back-off. */
const STILL_MS_MAX = 45_000

export interface StageParts {
  readonly options: StageOptions
  readonly seed: number
  readonly history: History
  readonly progress: (line: string) => void
}

export class Stage {
  readonly options: StageOptions
  readonly random: Random
  readonly progress: (line: string) => void
  readonly nemesis: Nemesis
  readonly links: Links
  /** The nodes that belong to the fleet now, running or not, in the order of coming. */
  readonly nodes: StageNode[] = []
  readonly #history: History
  readonly #closing: (() => Promise<void>)[] = []
  #made = 0
  #isClosed = false
  #broker: Carrier | undefined
  #vault: Vault | undefined
  #front: Front | undefined
  #hosts: Hosts | undefined
  #keeper: Keeper | undefined
  #crowd: Crowd | undefined
  #note: Note | undefined

  private constructor({ options, seed, history, progress }: StageParts) {
    this.options = options
    this.random = createRandom(seed)
    this.progress = progress
    this.#history = history
    this.nemesis = new Nemesis(history.source('nemesis'), progress)
    this.links = new Links(this.random.fork('links'))
  }

  /** With all nodes ready and the crowd let in. Where something does not come up, what did is closed again. */
  static async open(parts: StageParts): Promise<Stage> {
    const stage = new Stage(parts)
    try {
      await stage.#build()
      await stage.#letIn()
      return stage
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  get broker(): Carrier {
    return present(this.#broker, 'broker')
  }

  get vault(): Vault {
    return present(this.#vault, 'store')
  }

  get front(): Front {
    return present(this.#front, 'nginx')
  }

  /** For those whom a scenario brings itself. */
  get note(): Note {
    return present(this.#note, 'crowd')
  }

  get keeper(): Keeper {
    return present(this.#keeper, 'keeper')
  }

  get crowd(): Crowd {
    return present(this.#crowd, 'crowd')
  }

  get dataDir(): string {
    return this.vault.dataDir
  }

  get running(): readonly StageNode[] {
    return this.nodes.filter((node) => node.isRunning)
  }

  /** Those that answer. */
  get awake(): readonly StageNode[] {
    return this.nodes.filter((node) => node.isAwake)
  }

  /**
   * For what is a matter of time in the story itself; what is waited for is waited for by its condition. An arrow, so that scenarios can take it
   * out of the stage. Rejects when the stage is closed: a story that was broken off does not wait for ever.
   */
  readonly sleep = async (ms: number): Promise<void> => {
    await sleep(ms)
    if (this.#isClosed) throw new Error('the stage is closed')
  }

  /** Starts one more node, with settings of its own over those of all, and, where there is nginx, has it send connections there. */
  async addNode(own: Readonly<Record<string, string>> = {}): Promise<StageNode> {
    this.#made += 1
    const name = `node-${this.#made}`
    const env = { ...(await this.#envOf(name)), ...own }
    const host = this.#hosts?.add(name)
    const node = new StageNode({ name, dataDir: this.dataDir, env, host })
    this.nodes.push(node)
    await node.start()
    await this.route()
    return node
  }

  /** Takes a node out of the fleet: nginx sends no new connections there. It runs on until it is ended. */
  async retire(node: StageNode): Promise<void> {
    this.nodes.splice(this.nodes.indexOf(node), 1)
    this.#closing.push(() => node.stop())
    await this.route()
  }

  /** Tells nginx which nodes there are, running or not. */
  async route(): Promise<void> {
    await this.#front?.route(this.nodes.map(({ address }) => address))
  }

  /** Waits until every node says so of itself, however long that takes. */
  async ready(...statuses: readonly string[]): Promise<void> {
    for (const node of this.running) await node.until(...(statuses.length ? statuses : ['ready']))
  }

  /** Frames that the running nodes had from each other: whether the broker carried anything. */
  async framesReceived(): Promise<number> {
    const counts = this.running.map((node) =>
      node.metric('madang_feed_total', 'what="frame_received"'),
    )
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
  }

  /** Ends everything that was started. Never rejects; calling it twice is calling it once. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#crowd?.stop().catch(() => {})
    await this.closeNodes()
    await this.links.stop().catch(() => {})
    for (const close of this.#closing.splice(0).reverse()) await close().catch(() => {})
  }

  /** Ends all nodes at once, so that the store can be read by itself. */
  async closeNodes(): Promise<void> {
    await Promise.allSettled(this.nodes.map((node) => node.stop()))
  }

  async #build(): Promise<void> {
    const { broker, nodes, front } = this.options
    this.#makeHosts()
    const vault = await openVault(this.options)
    this.#vault = vault
    this.#closing.push(() => vault.stop())
    const carrier = await startCarrier(broker, this.#hosts?.machine)
    this.#broker = carrier
    this.#closing.push(() => carrier.stop())
    // One after the other: the first makes what a fresh store needs.
    for (let i = 0; i < nodes; i++) await this.addNode()
    await this.ready()
    await this.#checkStore()
    if (!front) return
    const folder = await mkdtemp(join(tmpdir(), 'madang-front-'))
    this.#closing.push(() => rm(folder, { recursive: true, force: true }))
    const addresses = this.nodes.map(({ address }) => address)
    const opened = await Front.open(folder, addresses)
    this.#front = opened
    this.#closing.push(() => opened.stop())
  }

  #makeHosts(): void {
    const { hosts, store, proxied, unruly } = this.options
    if (!hosts) return
    if (store !== 'sqlite' || proxied.length > 0 || unruly)
      throw new Error('hosts of their own reach neither a database nor a proxy')
    const opened = Hosts.open()
    this.#hosts = opened
    this.#closing.push(async () => opened.remove())
  }

  /** Nodes that do not know of a database would keep everything in the data folder, and prove nothing about it. */
  async #checkStore(): Promise<void> {
    if (this.vault.server === undefined || (await readdir(this.dataDir)).length === 0) return
    throw new Error('the nodes do not use the database that they were given')
  }

  async #letIn(): Promise<void> {
    const { ours, stock, sendsPerSecond } = this.options
    const note = this.#history.source('crowd')
    this.#note = note
    const keeper = await Keeper.open(() => this.awake.map(({ url }) => url), note)
    this.#keeper = keeper
    const crowd = new Crowd({
      ...{ keeper, note, sendsPerSecond, progress: this.progress },
      random: this.random.fork('crowd'),
      stillMsMax: STILL_MS_MAX,
    })
    this.#crowd = crowd
    const urls = await this.#clientUrls()
    const urlOf = (index: number) => urls[index % urls.length] ?? ''
    await crowd.add('ours', ours, urlOf)
    await crowd.add('stock', stock, urlOf)
  }

  async #clientUrls(): Promise<readonly string[]> {
    if (!this.options.proxied.includes('clients'))
      return this.#front ? [this.#front.url] : this.nodes.map(({ url }) => url)
    const ports = this.#front ? [this.#front.port] : this.nodes.map(({ port }) => port)
    const proxies = ports.map((port, at) => {
      const to = this.#front ? 'nginx' : `node-${at + 1}`
      return this.links.open('clients', `clients to ${to}`, () => port)
    })
    return (await Promise.all(proxies)).map(({ port }) => urlOf(port))
  }

  async #envOf(node: string): Promise<Record<string, string>> {
    const { env, proxied, unruly } = this.options
    const { broker, vault, links } = this
    const ports = broker.servers.map(({ port }) => port)
    const said = broker.name.startsWith('nats') ? natsSaid : redisSaid
    const storePorts = proxied.includes('store') && vault.server ? [vault.server.port] : []
    return {
      RATE_SCALE: '1000',
      // What a node takes unless it is told otherwise: those who come back from a dead one are bounded here, too.
      CONNECTS_PER_SECOND: '400',
      TRUST_PROXY: this.options.front ? '1' : '0',
      ...(unruly
        ? await links.throughUnruly(node, broker.env, ports, said)
        : await links.through('broker', node, broker.env, proxied.includes('broker') ? ports : [])),
      ...(await links.through('store', node, vault.env, storePorts)),
      ...env,
    }
  }
}

const urlOf = (port: number): string => `http://127.0.0.1:${port}`

function present<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`this stage has no ${name}`)
  return part
}
