/** A Redis driver that knows which of its connections listen, so that a test can wait until the brokers have given them up. */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { OpenOptions, RedisAddress, RedisConnection, RedisDriver } from '../redis/driver.ts'

/** How long a test waits for what must come. Only a test that fails waits this long. */
const PATIENCE_MS = 60_000

export class WatchedDriver implements RedisDriver {
  readonly name: string
  readonly addresses: readonly RedisAddress[]
  readonly #driver: RedisDriver
  /** The connections that have subscribed and are open, with the port that they lead to. */
  readonly #listening = new Map<RedisConnection, number | undefined>()

  constructor(driver: RedisDriver) {
    this.name = driver.name
    this.addresses = driver.addresses
    this.#driver = driver
  }

  async open(options: OpenOptions): Promise<RedisConnection> {
    const { events } = options
    const onClosed = (reason: string) => {
      this.#listening.delete(opened)
      events.onClosed(reason)
    }
    const opened = await this.#driver.open({ ...options, events: { ...events, onClosed } })
    return {
      subscribe: (channel) => {
        this.#listening.set(opened, options.address?.port)
        return opened.subscribe(channel)
      },
      unsubscribe: (channel) => opened.unsubscribe(channel),
      publish: (channel, frame) => opened.publish(channel, frame),
      command: (args) => opened.command(args),
      close: () => {
        opened.close()
        this.#listening.delete(opened)
      },
    }
  }

  /** Resolves when none of the connections that listen now, to this port or at all, is open any more. */
  async deaf(port?: number): Promise<void> {
    const asked = [...this.#listening].filter(([, at]) => port === undefined || at === port)
    const untilMs = performance.now() + PATIENCE_MS
    while (asked.some(([connection]) => this.#listening.has(connection))) {
      if (performance.now() > untilMs) assert.fail(`somebody listens after ${PATIENCE_MS} ms`)
      await wait(1)
    }
  }
}
