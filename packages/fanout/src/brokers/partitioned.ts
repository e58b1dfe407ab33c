/**
 * Several brokers as one: each topic lives on exactly one of them, chosen by its name, so that servers share the load and every client keeps its one socket.
 *
 * Guarantees: those of the parts. A topic never leaves its part, so the order per publisher and topic is the part's order; frames of topics on different parts
 * may overtake each other. All nodes place a topic alike as long as they are given the same names; the order of the list means nothing.
 *
 * Costs: a publish or subscribe is one hash of the topic and one multiplication per part. Every node holds a connection to every part. A topic's whole traffic
 * is one server's: this spreads many topics, and does not split a hot one. With 10,000 topics or more each part holds its even share within a tenth.
 *
 * Failure: a part that is away takes only its own topics with it; the others notice nothing, and nothing fails over to them, because two nodes that see
 * different servers away would then talk past each other. `onHealth` says connected only while every part is, and names those that are away. What a part
 * loses is told for its topics alone (see `gapTopicsMax`). Its publish queue, and what it drops, are its own; `droppedFrames` is the sum.
 *
 * Changing the list: a part that is added takes 1/(n+1) of the topics, one that is removed leaves its own to the rest, no other topic moves. While nodes with the
 * old and the new list run side by side they do not hear each other on the topics that moved, and no broker can know it: who needs every frame
 * finds the hole by its numbers. Give a server that moves to another address its old name, and nothing moves.
 */
import type { Broker, BrokerHealth, BrokerListener, Frame, Topic } from '../broker.ts'
import { rendezvous } from '../rendezvous.ts'

export interface BrokerPart {
  /** Decides which topics are its own: the same on every node, unique in the list, kept for as long as the part lives. */
  readonly name: string
  readonly broker: Broker
}

export interface PartitionedOptions {
  /**
   * When a part has lost frames and does not say of which topic, each of its subscribed topics is named, up to so many (default 1,000); a part with more
   * tells one gap without a topic, because looking at everything is then cheaper than being called so often.
   */
  readonly gapTopicsMax?: number
}

/** Throws a TypeError where no part is given, or two have the same name. */
export function createPartitionedBroker(
  parts: readonly BrokerPart[],
  options: PartitionedOptions = {},
): Broker {
  const [first, ...others] = parts.map(
    (part): Part => ({ ...part, topics: new Set(), health: undefined }),
  )
  if (first === undefined) throw new TypeError('a partitioned broker needs at least one part')
  const names = parts.map((part) => part.name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new TypeError(`two parts have the name ${JSON.stringify(twice)}`)
  return new PartitionedBroker([first, ...others], options.gapTopicsMax ?? 1_000)
}

interface Part extends BrokerPart {
  /** What this node subscribes to there. */
  readonly topics: Set<Topic>
  /** What it said last. */
  health: BrokerHealth | undefined
}

class PartitionedBroker implements Broker {
  readonly name: string
  readonly #parts: readonly Part[]
  readonly #partOf: (topic: Topic) => Part
  readonly #gapTopicsMax: number
  #listener: BrokerListener | undefined
  #told: BrokerHealth | undefined

  constructor(parts: readonly [Part, ...Part[]], gapTopicsMax: number) {
    this.name = `partitioned (${parts.map((part) => part.name).join(', ')})`
    this.#parts = parts
    this.#partOf = rendezvous(parts)
    this.#gapTopicsMax = gapTopicsMax
  }

  get droppedFrames(): number {
    return this.#parts.reduce((sum, { broker }) => sum + broker.droppedFrames, 0)
  }

  async start(listener: BrokerListener): Promise<void> {
    this.#listener = listener
    await Promise.all(this.#parts.map((part) => part.broker.start(this.#listenTo(part))))
  }

  subscribe(topic: Topic): Promise<void> {
    const part = this.#partOf(topic)
    if (this.#listener !== undefined) part.topics.add(topic)
    return part.broker.subscribe(topic)
  }

  unsubscribe(topic: Topic): Promise<void> {
    const part = this.#partOf(topic)
    part.topics.delete(topic)
    return part.broker.unsubscribe(topic)
  }

  publish(topic: Topic, frame: Frame): boolean {
    return this.#partOf(topic).broker.publish(topic, frame)
  }

  async stop(): Promise<void> {
    this.#listener = undefined
    for (const part of this.#parts) part.topics.clear()
    await Promise.all(this.#parts.map(({ broker }) => broker.stop()))
  }

  /** A part keeps the rules of calls (in order, never from within a method), and so does whatever is passed on as it comes. */
  #listenTo(part: Part): BrokerListener {
    return {
      onFrame: (topic, frame) => this.#listener?.onFrame(topic, frame),
      onGap: (topic) => this.#gap(part, topic),
      onHealth: (health) => {
        part.health = health
        this.#tellHealth()
      },
    }
  }

  /** A topic of another part has lost nothing, and is not looked at in vain. */
  #gap(part: Part, topic: Topic | undefined): void {
    const isCheaperWhole = this.#parts.length === 1 || part.topics.size > this.#gapTopicsMax
    if (topic !== undefined || isCheaperWhole) this.#listener?.onGap(topic)
    else this.#gapOfEach(part)
  }

  #gapOfEach(part: Part): void {
    let thrown: { readonly error: unknown } | undefined
    for (const each of [...part.topics]) {
      try {
        if (part.topics.has(each)) this.#listener?.onGap(each)
      } catch (error) {
        thrown ??= { error }
      }
    }
    // The part knows what to do with a listener that throws; the topics after it were told all the same.
    if (thrown !== undefined) throw thrown.error
  }

  /** Silent until every part has spoken, so that a start does not look like an outage. */
  #tellHealth(): void {
    const health = healthOf(this.#parts)
    if (health === undefined) return
    const { connected, detail } = this.#told ?? {}
    if (health.connected === connected && health.detail === detail) return
    this.#told = health
    this.#listener?.onHealth(health)
  }
}

function healthOf(parts: readonly Part[]): BrokerHealth | undefined {
  const away: string[] = []
  for (const { name, health } of parts) {
    if (health === undefined) return undefined
    if (!health.connected) away.push(`${name}: ${health.detail}`)
  }
  if (away.length === 0) return { connected: true, detail: `all ${parts.length} parts` }
  return {
    connected: false,
    detail: `${away.length} of ${parts.length} parts away: ${away.join('; ')}`,
  }
}
