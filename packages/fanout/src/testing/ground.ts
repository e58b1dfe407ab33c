/** What the suites of brokers stand on: a cluster of the broker in question, and nodes that remember what they heard. */
import assert from 'node:assert/strict'
import type { Broker } from '../broker.ts'
import { Recorder } from './recorder.ts'

/** One server, or whatever joins brokers, made for one test and taken down after it. */
export interface BrokerCluster {
  /** A broker of its own node, not yet started. */
  newBroker(): Broker
  /** The largest frame that these brokers take. */
  readonly frameBytesMax: number
  /** How many topics the server holds a subscription of, where it can be asked. */
  topics?(): Promise<number>
  /** Takes the server away, and gives it back. A cluster that cannot be cut names the cases of outages in `skip`. */
  readonly outage?: BrokerOutage
  stop(): Promise<void>
}

export interface BrokerOutage {
  /** Resolves when the server is gone. */
  cut(): Promise<void>
  heal(): Promise<void>
  /** How many frames a broker keeps meanwhile. */
  readonly queueFramesMax: number
}

export interface Node {
  readonly broker: Broker
  readonly heard: Recorder
}

export class Ground {
  readonly cluster: BrokerCluster
  readonly #nodes: Node[] = []

  constructor(cluster: BrokerCluster) {
    this.cluster = cluster
  }

  /** Every node so far. */
  get all(): readonly Node[] {
    return this.#nodes
  }

  node(): Promise<Node> {
    return this.nodeOf(this.cluster.newBroker())
  }

  async nodeOf(broker: Broker): Promise<Node> {
    const node = { broker, heard: new Recorder() }
    this.#nodes.push(node)
    await node.broker.start(node.heard)
    return node
  }

  async nodes(): Promise<[Node, Node, Node]> {
    return [await this.node(), await this.node(), await this.node()]
  }

  async end(): Promise<void> {
    for (const node of this.#nodes) await node.broker.stop()
    await this.cluster.stop()
  }
}

export const bytes = (text: string): Buffer => Buffer.from(text)

export function say(node: Node, topic: string, text: string): void {
  assert.equal(node.broker.publish(topic, bytes(text)), true)
}

/** Waits until `to` has heard `text`, which comes after all that was said before it on that topic. */
export async function hears(to: Node, topic: string, text: string): Promise<void> {
  await to.heard.until(`${text} came on ${topic}`, () => to.heard.texts(topic).includes(text))
}
