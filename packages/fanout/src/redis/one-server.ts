/** The router of a broker with one server: everything is there. */
import { keyOf, type RedisDriver } from './driver.ts'
import type { Router, RouterEvents, ShardPlan } from './router.ts'
import { Shard } from './shard.ts'

export class OneServer implements Router {
  readonly name = 'redis'
  readonly #driver: RedisDriver
  #shard: Shard | undefined

  constructor(driver: RedisDriver) {
    this.#driver = driver
  }

  get connected(): boolean {
    return this.#shard?.isConnected === true
  }

  get detail(): string {
    if (this.#shard === undefined) return 'not started'
    return this.connected ? `${this.#shard.key} by ${this.#driver.name}` : this.#shard.detail
  }

  async start(plan: ShardPlan, _events: RouterEvents): Promise<void> {
    const { addresses, sentinelName } = this.#driver
    const key = addresses.map(keyOf).join(', ')
    const name = sentinelName === undefined ? key : `${sentinelName} of the sentinels ${key}`
    this.#shard = new Shard(name, { ...plan, sharded: false })
    await this.#shard.start()
  }

  laneOf(): number {
    return 0
  }

  shardOf(): Shard | undefined {
    return this.#shard
  }

  moved(): void {}

  suspect(): void {}

  stop(): void {
    this.#shard?.stop()
  }
}
