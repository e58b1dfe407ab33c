/** The fault proxies of a stage: between clients and what they connect to, between each node and the broker, between each node and the store. */
import type { Splitter } from '../proxy/messages.ts'
import { FaultProxy } from '../proxy/proxy.ts'
import { OBEDIENT, UnrulyLink } from '../proxy/unruly.ts'
import type { Random } from '../random.ts'

export type LinkName = 'clients' | 'broker' | 'store'

export class Links {
  /** One in front of nginx, or one in front of each node. */
  readonly clients: FaultProxy[] = []
  /** One for each node and server of the broker, named 'node-1 to broker'. */
  readonly broker: FaultProxy[] = []
  /** One for each node. */
  readonly store: FaultProxy[] = []
  /** Where the stage asks for them, one for each node and server of the broker. */
  readonly unruly: UnrulyLink[] = []
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** A proxy to a port, which may change between two connections. */
  async open(link: LinkName, name: string, target: () => number): Promise<FaultProxy> {
    const random = this.#random.fork(name)
    const proxy = await FaultProxy.open({ name, target: () => ({ port: target() }), random })
    this[link].push(proxy)
    return proxy
  }

  /** The settings of a node with the ports in them replaced by those of proxies of its own. */
  async through(
    link: 'broker' | 'store',
    node: string,
    env: Readonly<Record<string, string>>,
    ports: readonly number[],
  ): Promise<Record<string, string>> {
    let text = JSON.stringify(env)
    for (const port of ports) {
      const proxy = await this.open(link, `${node} to ${link}`, () => port)
      text = text.replaceAll(`:${port}`, `:${proxy.port}`)
    }
    return JSON.parse(text) as Record<string, string>
  }

  /** The same with links that can be told to lose, double and hold what was published. */
  async throughUnruly(
    node: string,
    env: Readonly<Record<string, string>>,
    ports: readonly number[],
    said: Splitter,
  ): Promise<Record<string, string>> {
    let text = JSON.stringify(env)
    for (const port of ports) {
      const random = this.#random.fork(`${node} unruly ${this.unruly.length}`)
      const link = await UnrulyLink.open({ port, said, random })
      this.unruly.push(link)
      text = text.replaceAll(`:${port}`, `:${link.port}`)
    }
    return JSON.parse(text) as Record<string, string>
  }

  /** Everything passes again. */
  async fair(): Promise<void> {
    for (const link of this.unruly) link.habits = OBEDIENT
    for (const proxy of this.#all()) await proxy.fair()
  }

  async stop(): Promise<void> {
    for (const link of this.unruly) await link.stop()
    for (const proxy of this.#all()) await proxy.stop()
  }

  #all(): FaultProxy[] {
    return [...this.clients, ...this.broker, ...this.store]
  }
}
