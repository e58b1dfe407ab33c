/** The router of a cluster: knows who serves which slot, keeps a shard for each master, and looks again whenever something is amiss. */
import type { Timer } from '../clock.ts'
import { reasonOf } from '../link/link.ts'
import { retryDelayMs } from '../link/retry.ts'
import { type Asked, ClusterAsker } from './cluster-asker.ts'
import type { ClusterView } from './cluster-view.ts'
import { keyOf, type RedisAddress, type RedisDriver } from './driver.ts'
import type { Router, RouterEvents, ShardPlan } from './router.ts'
import { Shard } from './shard.ts'
import { SLOTS, slotOf } from './slot.ts'

/** An older view than the one in use comes from a node that has yet to hear the news. After this, the cluster was made anew. */
const STALE_MS = 5_000
/** How long a shard without slots is kept for the answers that are still to come. */
const RETIRE_MS = 2_000
/** How often one looks after a suspicion, for the nodes may agree only after a while. */
const LOOKS = 4

/** Set by `start`. */
interface Running {
  readonly plan: ShardPlan
  readonly events: RouterEvents
  readonly asker: ClusterAsker
}

export class Cluster implements Router {
  readonly name = 'redis-cluster'
  readonly #driver: RedisDriver
  readonly #shards = new Map<string, Shard>()
  readonly #addresses = new Map<string, RedisAddress>()
  #owners: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined)
  #nodes: readonly RedisAddress[]
  #epoch = -1
  #epochAt = 0
  #running: Running | undefined
  #detail = 'not started'
  /** When the next look is due, and why early. */
  #timer: Timer | undefined
  #retiring: Timer | undefined
  #looking = false
  #looksDue = 0
  #looks = 0

  constructor(driver: RedisDriver) {
    this.#driver = driver
    this.#nodes = driver.addresses
  }

  get connected(): boolean {
    return this.#trouble() === undefined
  }

  get detail(): string {
    return this.#trouble() ?? `${this.#masters().size} masters by ${this.#driver.name}`
  }

  async start(plan: ShardPlan, events: RouterEvents): Promise<void> {
    const asker = new ClusterAsker(this.#driver, plan.limits, plan.clock)
    this.#running = { plan, events, asker }
    await this.#look()
    await Promise.all([...this.#shards.values()].map((shard) => shard.known()))
  }

  laneOf(channel: string): number {
    return slotOf(channel)
  }

  shardOf(slot: number): Shard | undefined {
    const key = this.#owners[slot]
    return key === undefined ? undefined : this.#shards.get(key)
  }

  moved(slot: number, { host, port }: RedisAddress, from: Shard): void {
    if (this.#running === undefined) return
    const address = { host: host || (this.#addresses.get(from.key)?.host ?? '127.0.0.1'), port }
    const key = keyOf(address)
    this.suspect()
    if (this.#owners[slot] === key) return
    this.#owners[slot] = key
    this.#open(key, address)
  }

  suspect(): void {
    const { plan } = this.#running ?? {}
    if (plan === undefined) return
    this.#looks = 0
    this.#looksDue = LOOKS
    if (!this.#looking) this.#lookAfter(plan.limits.topologyMsMin)
  }

  stop(): void {
    this.#running?.asker.stop()
    this.#running = undefined
    this.#timer?.cancel()
    this.#retiring?.cancel()
    for (const shard of this.#shards.values()) shard.stop()
  }

  /** Why not everything is well. */
  #trouble(): string | undefined {
    if (this.#epoch === -1) return this.#detail
    const unserved = this.#owners.indexOf(undefined)
    if (unserved !== -1) return `nobody serves slot ${unserved}`
    for (const key of this.#masters()) {
      const shard = this.#shards.get(key)
      if (shard?.isConnected !== true) return shard?.detail ?? `${key}: unknown`
    }
    return undefined
  }

  #masters(): ReadonlySet<string> {
    return new Set(this.#owners.filter((key) => key !== undefined))
  }

  #lookAfter(ms: number): void {
    this.#timer?.cancel()
    this.#timer = this.#running?.plan.clock.after(ms, () => void this.#look())
  }

  async #look(): Promise<void> {
    const { plan, asker } = this.#running ?? {}
    if (plan === undefined || asker === undefined || this.#looking) return
    this.#looking = true
    try {
      this.#use(await asker.ask(this.#askable()))
    } catch (error) {
      this.#detail = reasonOf(error)
    }
    this.#looking = false
    this.#looks += 1
    this.#looksDue = Math.max(0, this.#looksDue - 1)
    this.#planLook()
  }

  #planLook(): void {
    const { plan } = this.#running ?? {}
    if (plan === undefined) return
    const { topologyMs, topologyMsMin } = plan.limits
    if (this.connected && this.#looksDue === 0) {
      this.#looks = 0
      this.#lookAfter(topologyMs * (0.8 + plan.random() * 0.4))
      return
    }
    const limits = { retryMsMin: topologyMsMin, retryMsMax: topologyMsMin * 5 }
    this.#lookAfter(retryDelayMs(this.#looks, plan.random(), limits))
  }

  /** Whoever has a connection first, then all that are known, then those that the user named. */
  #askable(): readonly Asked[] {
    const connected = [...this.#shards.values()].flatMap((shard) => {
      const address = this.#addresses.get(shard.key)
      const connection = shard.publisher
      return address === undefined || connection === undefined ? [] : [{ address, connection }]
    })
    const others = new Map<string, RedisAddress>()
    for (const address of [...this.#shuffled(this.#nodes), ...this.#driver.addresses]) {
      others.set(keyOf(address), address)
    }
    return [...this.#shuffled(connected), ...[...others.values()].map((address) => ({ address }))]
  }

  #shuffled<T>(all: readonly T[]): readonly T[] {
    const random = this.#running?.plan.random ?? (() => 0)
    return all
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one)
  }

  #use(view: ClusterView): void {
    if (this.#running === undefined) return
    const now = this.#running.plan.clock.monotonic()
    if (view.epoch < this.#epoch && now - this.#epochAt < STALE_MS) return
    if (view.epoch !== this.#epoch) this.#epochAt = now
    this.#epoch = view.epoch
    this.#nodes = view.nodes
    const isNew = this.#owners.some((key, slot) => key !== view.owners[slot])
    this.#owners = [...view.owners]
    for (const [key, address] of view.masters) this.#open(key, address)
    this.#retireLater()
    if (isNew) this.#running.events.onRoutes()
    this.#running.events.onChange()
  }

  #open(key: string, address: RedisAddress): void {
    if (this.#running === undefined || this.#shards.has(key)) return
    const { plan } = this.#running
    const shard = new Shard(key, { ...plan, address, sharded: true })
    this.#addresses.set(key, address)
    this.#shards.set(key, shard)
    void shard.start()
  }

  #retireLater(): void {
    const masters = this.#masters()
    if (this.#retiring !== undefined || [...this.#shards.keys()].every((key) => masters.has(key))) {
      return
    }
    this.#retiring = this.#running?.plan.clock.after(RETIRE_MS, () => {
      this.#retiring = undefined
      this.#retire()
    })
  }

  #retire(): void {
    const masters = this.#masters()
    for (const [key, shard] of this.#shards) {
      if (masters.has(key)) continue
      this.#shards.delete(key)
      this.#addresses.delete(key)
      shard.stop()
    }
  }
}
