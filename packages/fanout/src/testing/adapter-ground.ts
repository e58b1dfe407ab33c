/** Several real Socket.IO servers that one hub joins, with real clients, for one test. */
import type { Server, ServerOptions } from 'socket.io'
import { createAdapter, type FanoutAdapter } from '../adapter/create-adapter.ts'
import type { AdapterEvent, AdapterOptions } from '../adapter/options.ts'
import type { Broker } from '../broker.ts'
import { MemoryHub } from '../brokers/memory.ts'
import { settle } from './fake-clock.ts'
import { type ClientKind, hears, type Pair, SocketGround } from './socket-ground.ts'

export interface AdapterGroundOptions {
  readonly nodes: number
  /** Stock: Socket.IO's own adapter, which serves one node. */
  readonly stock?: boolean
  readonly adapter?: AdapterOptions
  readonly server?: Partial<ServerOptions>
  /** Puts something between a node and its broker. */
  readonly wrap?: (broker: Broker, node: number) => Broker
}

/** How long a test waits for what must come. Only a test that fails waits this long. */
const patienceMs = 15_000

export async function until(what: string, ready: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await ready())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export class AdapterGround {
  readonly hub = new MemoryHub()
  /** What each node told. */
  readonly events: AdapterEvent[][] = []
  readonly #grounds: SocketGround[] = []
  readonly #pairs: Pair[] = []

  static async open(options: AdapterGroundOptions): Promise<AdapterGround> {
    const ground = new AdapterGround()
    for (let node = 0; node < options.nodes; node++) await ground.#open(node, options)
    if (options.stock !== true) await ground.haveMet('/')
    return ground
  }

  get nodes(): readonly Server[] {
    return this.#grounds.map((ground) => ground.io)
  }

  io(node: number): Server {
    return this.#ground(node).io
  }

  adapter(node: number, nsp = '/'): FanoutAdapter {
    return this.io(node).of(nsp).adapter as FanoutAdapter
  }

  async connect(node: number, kind: ClientKind = 'websocket', nsp = '/'): Promise<Pair> {
    const pair = await this.#ground(node).connect(kind, nsp)
    if (!pair.client.connected) {
      await new Promise<void>((resolve) => pair.client.once('connect', resolve))
    }
    this.#pairs.push(pair)
    return pair
  }

  /** As many clients as asked for, over all nodes and transports; each is reachable from every node by its id. */
  async people(
    count: number,
    nsp = '/',
    kinds: readonly ClientKind[] = ['websocket', 'polling', 'upgrade'],
  ): Promise<Pair[]> {
    const pairs: Pair[] = []
    for (let i = 0; i < count; i++) {
      const kind = kinds[Math.floor(i / this.nodes.length) % kinds.length]
      const pair = await this.connect(i % this.nodes.length, kind, nsp)
      await pair.socket.join(pair.socket.id)
      pairs.push(pair)
    }
    return pairs
  }

  /** Every node knows every other one's namespace. */
  async haveMet(nsp: string): Promise<void> {
    const count = this.nodes.length
    for (const io of this.nodes) {
      const { adapter } = io.of(nsp)
      await until(`${count} nodes meet`, async () => (await adapter.serverCount()) === count)
    }
  }

  /** What each heard up to now, wherever it was emitted. */
  async heard(pairs: readonly Pair[] = this.#pairs): Promise<unknown[][][]> {
    // A frame takes a turn of the event loop from node to node, and an answer another.
    for (let turn = 0; turn < 6; turn++) await settle()
    const connected = pairs.filter(({ socket }) => socket.connected)
    for (const { socket } of connected) socket.emit('end')
    await Promise.all(connected.map((pair) => hears(pair, 'end')))
    return pairs.map(({ heard }) => {
      const events = heard.filter(([event]) => event !== 'end')
      heard.length = 0
      return events
    })
  }

  async close(): Promise<void> {
    for (const ground of this.#grounds) await ground.close()
  }

  async #open(node: number, { stock, adapter, server, wrap }: AdapterGroundOptions): Promise<void> {
    const events: AdapterEvent[] = []
    this.events.push(events)
    const onEvent = (event: AdapterEvent) => void events.push(event)
    const broker = wrap?.(this.hub.newBroker(), node) ?? this.hub.newBroker()
    const ours = stock
      ? {}
      : { adapter: createAdapter(broker, { onEvent, nodeName: `node ${node}`, ...adapter }) }
    this.#grounds.push(await SocketGround.open({ ...server, ...ours }))
  }

  #ground(node: number): SocketGround {
    const ground = this.#grounds[node]
    if (ground === undefined) throw new Error(`no node ${node}`)
    return ground
  }
}
