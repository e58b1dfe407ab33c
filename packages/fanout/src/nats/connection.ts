/** One connection to a NATS server, as the link to it needs it. The driver's own reconnecting is off: it would queue without a bound meanwhile. */
import {
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  type Subscription,
} from '@nats-io/transport-node'
import type { Frame, Topic } from '../broker.ts'
import type { Carrier, CarrierEvents } from '../link/carrier.ts'
import { unwrap, wrap } from '../redis/envelope.ts'
import { addressOf, firstWord, type NatsServer } from './server.ts'
import { subjectOf } from './subject.ts'

export type NatsAccess = Pick<
  NodeConnectionOptions,
  'user' | 'pass' | 'token' | 'authenticator' | 'tls' | 'name'
>

export interface NatsPlan {
  readonly server: NatsServer
  readonly access: NatsAccess
  readonly prefix: string
  readonly nodeId: Uint8Array
  readonly connectMsMax: number
  readonly events: CarrierEvents
  readonly signal: AbortSignal
  /** A frame came in that no node of ours has published. */
  onMalformed(): void
}

export async function openConnection(plan: NatsPlan): Promise<Carrier> {
  const { server, access, connectMsMax } = plan
  await firstWord(server, connectMsMax, plan.signal)
  const { user, pass, token } = server
  const driver = await connect({
    ...(server.tls ? { tls: {} } : {}),
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
    ...(token === undefined ? {} : { token }),
    ...access,
    servers: addressOf(server),
    reconnect: false,
    noEcho: true,
    timeout: connectMsMax,
    ignoreClusterUpdates: true,
  })
  return new OneConnection(driver, plan)
}

/** What was asked since the last time that the server was asked for a sign of having done it. */
interface Batch {
  readonly done: Promise<void>
  resolve(): void
  reject(error: Error): void
}

class OneConnection implements Carrier {
  readonly #driver: NatsConnection
  readonly #plan: NatsPlan
  readonly #subscriptions = new Map<Topic, Subscription>()
  /** On its way to the server and back. */
  #flying: Batch | undefined
  /** Goes when the one before is back: two signs are on their way at most, however much is asked. */
  #gathering: Batch | undefined
  #isClosed = false
  #reason = 'closed'

  constructor(driver: NatsConnection, plan: NatsPlan) {
    this.#driver = driver
    this.#plan = plan
    driver.closed().then(
      (error) => this.#gone(error instanceof Error ? error.message : 'the server closed it'),
      (error: unknown) => this.#gone(String(error)),
    )
  }

  async subscribe(topic: Topic): Promise<void> {
    let refusal: Error | undefined
    this.#must(() => {
      this.#subscriptions.get(topic)?.unsubscribe()
      const subscription = this.#driver.subscribe(subjectOf(this.#plan.prefix, topic), {
        callback: (error, { data }) => {
          if (error === null) this.#receive(topic, data)
          else refusal = error
        },
      })
      this.#subscriptions.set(topic, subscription)
    })
    await this.#carriedOut()
    if (refusal === undefined) return
    this.#subscriptions.delete(topic)
    throw refusal
  }

  async unsubscribe(topic: Topic): Promise<void> {
    this.#must(() => this.#subscriptions.get(topic)?.unsubscribe())
    this.#subscriptions.delete(topic)
    await this.#carriedOut()
  }

  async publish(topic: Topic, frame: Frame): Promise<void> {
    const wrapped = wrap(this.#plan.nodeId, frame)
    const bytesMax = this.#driver.info?.max_payload ?? 0
    if (wrapped.byteLength > bytesMax) throw new Error(`the server takes ${bytesMax} bytes`)
    this.#must(() => this.#driver.publish(subjectOf(this.#plan.prefix, topic), wrapped))
    await this.#carriedOut()
  }

  check(): Promise<void> {
    return this.#carriedOut()
  }

  close(): void {
    if (this.#isClosed) return
    this.#end('closed')
    // Resolves at once or never, depending on the server; nothing hangs on it.
    this.#driver.close().catch(() => {})
  }

  #must(run: () => void): void {
    if (this.#isClosed) throw new Error(this.#reason)
    run()
  }

  /** Resolves when the server has answered a PING that was sent after all that was asked before. */
  #carriedOut(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error(this.#reason))
    if (this.#gathering !== undefined) return this.#gathering.done
    const { promise: done, resolve, reject } = Promise.withResolvers<void>()
    this.#gathering = { done, resolve, reject }
    if (this.#flying === undefined) queueMicrotask(() => this.#flush())
    return done
  }

  #flush(): void {
    const batch = this.#gathering
    if (batch === undefined || this.#isClosed) return
    this.#flying = batch
    this.#gathering = undefined
    this.#driver.flush().then(
      () => {
        if (this.#flying !== batch) return
        this.#flying = undefined
        batch.resolve()
        this.#flush()
      },
      // The end of the connection, which is told elsewhere.
      () => {},
    )
  }

  #receive(topic: Topic, wrapped: Uint8Array): void {
    if (this.#isClosed) return
    const opened = unwrap(this.#plan.nodeId, wrapped)
    if (opened === undefined) this.#plan.onMalformed()
    else if (opened.kind === 'frame') this.#plan.events.onFrame(topic, opened.frame)
  }

  #gone(reason: string): void {
    if (this.#isClosed) return
    this.#end(reason)
    // Later, so that whoever waits for the opening hears of that first.
    setImmediate(() => this.#plan.events.onClosed(reason))
  }

  #end(reason: string): void {
    this.#isClosed = true
    this.#reason = reason
    this.#subscriptions.clear()
    for (const batch of [this.#flying, this.#gathering]) batch?.reject(new Error(reason))
    this.#flying = undefined
    this.#gathering = undefined
  }
}
