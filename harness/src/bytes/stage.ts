/** One candidate at work: its brokers, its servers, its people; and what a stretch of talk or of silence costs. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Candidate } from './candidates.ts'
import { ChatServer } from './chat-server.ts'
import { GROUND_SIZE, type Ground, type OwnCount, startGround } from './ground.ts'
import { type Delivered, People } from './people.ts'
import type { ClusterSize } from './redis-nodes.ts'

export interface StageOptions {
  readonly servers: number
  readonly people: number
  /** Of a cluster, or partitions. */
  readonly size?: ClusterSize
  /** See `ServerOrder`. */
  readonly heartbeatMs?: number
}

/** Bytes of a stretch of time. */
export interface Traffic {
  /** From servers to brokers, and back. */
  readonly in: number
  readonly out: number
  /** Between the nodes of the broker. Undefined where the machine cannot tell. */
  readonly bus: number | undefined
  /** Of `in` and `out` together, what belongs to servers without anybody. */
  readonly empty: number
  /** What Redis itself counted. */
  readonly own: OwnCount | undefined
}

export interface Stretch {
  readonly messages: number
  readonly tookMs: number
  /** All that was carried while people talked. */
  readonly talk: Traffic
  /** What was carried in as much time while nobody did. */
  readonly idle: Traffic
  readonly delivered: Delivered
}

export class Stage {
  readonly #candidate: Candidate
  readonly #ground: Ground
  readonly #heartbeat: { readonly heartbeatMs?: number }
  readonly #servers: ChatServer[] = []
  #people: People | undefined
  /** Servers from this one on have nobody. */
  #emptyFrom = 0

  constructor(candidate: Candidate, ground: Ground, heartbeatMs?: number) {
    this.#candidate = candidate
    this.#ground = ground
    this.#heartbeat = heartbeatMs === undefined ? {} : { heartbeatMs }
  }

  /** Resolves when everyone is in one room and hears everyone else. */
  static async open(candidate: Candidate, options: StageOptions): Promise<Stage> {
    const ground = await startGround(candidate.ground, options.size ?? GROUND_SIZE)
    const stage = new Stage(candidate, ground, options.heartbeatMs)
    try {
      await stage.addServers(options.servers)
      stage.#emptyFrom = options.servers
      const urls = stage.#servers.map(({ url }) => url)
      stage.#people = await People.connect(urls, options.people)
      await stage.#people.join(1)
      return stage
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  /** After `open`: servers at which nobody is. */
  async addServers(count: number): Promise<void> {
    const { kind } = this.#candidate
    const order = { kind, urls: this.#ground.urls, ...this.#heartbeat }
    const started = Array.from({ length: count }, () => ChatServer.start(order))
    for (const result of await Promise.allSettled(started)) {
      if (result.status === 'rejected') throw result.reason
      this.#servers.push(result.value)
    }
  }

  async moveInto(rooms: number): Promise<void> {
    await this.#people?.join(rooms)
  }

  /**
   * Everyone says so many messages. Before and after it everyone is silent, as long in all as the talk took: gossip that fades or grows is taken off at its mean.
   */
  async run(messagesEach: number): Promise<Stretch> {
    if (!this.#people) throw new Error('nobody is there')
    const people = this.#people
    const self = await this.#selfCost()
    const began = await this.#look()
    const quietMs = people.talkMs(messagesEach) / 2
    await wait(quietMs)
    const before = await this.#look()
    const startedMs = performance.now()
    const delivered = await people.talk(messagesEach)
    const tookMs = performance.now() - startedMs
    const between = await this.#look()
    await wait(tookMs - quietMs)
    const ended = await this.#look()
    const idle = plus(minus(minus(before, began), self), minus(minus(ended, between), self))
    const talk = minus(minus(between, before), self)
    return { messages: messagesEach * people.count, tookMs, talk, idle, delivered }
  }

  async close(): Promise<void> {
    this.#people?.stop()
    await Promise.all(this.#servers.map((server) => server.stop()))
    await this.#ground.stop()
  }

  /** What the question itself adds to Redis' own count. */
  async #selfCost(): Promise<Traffic> {
    const first = await this.#ground.ownCount()
    const second = await this.#ground.ownCount()
    const own = first && second && { in: second.in - first.in, out: second.out - first.out }
    return { in: 0, out: 0, bus: 0, empty: 0, own }
  }

  async #look(): Promise<Traffic> {
    const counts = await Promise.all(this.#servers.map((server) => server.bytes()))
    const bus = await this.#ground.busBytes()
    const own = await this.#ground.ownCount()
    const total = { in: 0, out: 0, empty: 0 }
    for (const [index, { read, written }] of counts.entries()) {
      total.in += written
      total.out += read
      if (index >= this.#emptyFrom) total.empty += read + written
    }
    return { ...total, bus, own }
  }
}

const plus = (a: Traffic, b: Traffic): Traffic => combined(a, b, 1)
const minus = (a: Traffic, b: Traffic): Traffic => combined(a, b, -1)

function combined(a: Traffic, b: Traffic, sign: 1 | -1): Traffic {
  return {
    in: a.in + sign * b.in,
    out: a.out + sign * b.out,
    bus: a.bus === undefined || b.bus === undefined ? undefined : a.bus + sign * b.bus,
    empty: a.empty + sign * b.empty,
    own: a.own && b.own && { in: a.own.in + sign * b.own.in, out: a.own.out + sign * b.own.out },
  }
}
