/** Asks a cluster who serves what: some nodes at once, so that one that is frozen keeps nobody waiting. */
import type { Clock } from '../clock.ts'
import { type ClusterView, clusterView } from './cluster-view.ts'
import type { RedisAddress, RedisConnection, RedisDriver } from './driver.ts'
import type { RedisLimits } from './limits.ts'

/** A node to ask, over a connection that is there or one that is opened for it. */
export interface Asked {
  readonly address: RedisAddress
  readonly connection?: RedisConnection | undefined
}

/** Nodes that are asked at the same time. */
const ASKED_AT_ONCE = 3
const SILENT = { onFrame() {}, onUnsubscribed() {}, onClosed() {} }

export class ClusterAsker {
  readonly #driver: RedisDriver
  readonly #limits: RedisLimits
  readonly #clock: Clock
  readonly #ends = new Set<() => void>()

  constructor(driver: RedisDriver, limits: RedisLimits, clock: Clock) {
    this.#driver = driver
    this.#limits = limits
    this.#clock = clock
  }

  /** Whatever is still asked is over. */
  stop(): void {
    for (const end of [...this.#ends]) end()
  }

  /** The first view that any of them gives. Rejects with what the last ones said when none does. */
  async ask(nodes: readonly Asked[]): Promise<ClusterView> {
    let failure: unknown = new Error('no node of the cluster is known')
    for (let at = 0; at < nodes.length; at += ASKED_AT_ONCE) {
      const some = nodes.slice(at, at + ASKED_AT_ONCE)
      try {
        return await Promise.any(some.map((node) => this.#askOne(node)))
      } catch (error) {
        failure = error instanceof AggregateError ? error.errors[0] : error
      }
    }
    throw failure
  }

  async #askOne({ address, connection }: Asked): Promise<ClusterView> {
    if (connection !== undefined) return this.#view(connection, address)
    const attempt = new AbortController()
    const { signal } = attempt
    const opening = this.#driver.open({ address, sharded: false, events: SILENT, signal })
    const opened = await this.#within(this.#limits.connectMsMax, opening, () => attempt.abort())
    try {
      return await this.#view(opened, address)
    } finally {
      opened.close()
    }
  }

  async #view(connection: RedisConnection, address: RedisAddress): Promise<ClusterView> {
    const [info, slots] = await this.#within(
      this.#limits.replyMsMax,
      Promise.all([
        connection.command(['CLUSTER', 'INFO']),
        connection.command(['CLUSTER', 'SLOTS']),
      ]),
    )
    const view = clusterView(info, slots, address)
    if (view === undefined) throw new Error('this is no node of a cluster')
    return view
  }

  /** What `promise` resolves to; rejects when it takes longer, and then calls `giveUp`. */
  #within<T>(ms: number, promise: Promise<T>, giveUp?: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        this.#ends.delete(end)
        deadline.cancel()
        giveUp?.()
        reject(new Error(`no answer within ${ms} ms`))
      }
      const deadline = this.#clock.after(ms, end)
      this.#ends.add(end)
      const settle = (tell: () => void) => {
        this.#ends.delete(end)
        deadline.cancel()
        tell()
      }
      promise.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      )
    })
  }
}
