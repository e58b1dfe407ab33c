/** Keeps what was asked of a node before it stood still from being done when it goes on. */
import { type ErrorBody, errorBody } from '@madang/protocol'
import type { GatewayBounds } from './bounds.ts'
import { type Doubt, type DoubtEvent, decide, TRUSTED } from './doubt.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { GatewayReport } from './settings.ts'
import type { Wire } from './wire.ts'

export interface FenceParts {
  readonly wire: Pick<Wire<Session>, 'ping'>
  readonly sessions: Sessions
  readonly bounds: Pick<GatewayBounds, 'pauseRetryMs' | 'stillMsMax'>
  readonly report: GatewayReport
}

/** A client's namespaces share one connection, and so are in doubt together. Clients that come after the standstill never are. */
export class Fence {
  readonly #parts: FenceParts
  /** Those without an entry are trusted, and owe nothing. */
  readonly #doubts = new WeakMap<object, Doubt>()

  constructor(parts: FenceParts) {
    this.#parts = parts
  }

  /** To be called once for each standstill, before anything is done that came in meanwhile. */
  stoodStill(stillMs: number): void {
    const { sessions, bounds, report } = this.#parts
    const connections = sessions.all().map(({ connection }) => connection)
    const clients = new Set(connections.map(({ client }) => client))
    const isOver = stillMs > bounds.stillMsMax
    report.stoodStill(isOver ? 'closed' : 'doubted', clients.size, stillMs)
    if (isOver) for (const each of connections) each.close(errorBody('unavailable'), true)
    else for (const client of clients) this.#happened(client, 'stood_still')
  }

  ponged(client: object): void {
    this.#happened(client, 'pong')
  }

  /** Why a request of the client is not done; undefined where it is. */
  refusal(client: object): ErrorBody | undefined {
    if (this.#happened(client, 'request') === 'accept') return undefined
    this.#parts.report.distrusted()
    return errorBody('unavailable', { retryAfterMs: this.#parts.bounds.pauseRetryMs })
  }

  #happened(client: object, event: DoubtEvent) {
    const { next, act } = decide(this.#doubts.get(client) ?? TRUSTED, event)
    if (next.pongsNeeded + next.pingsOwed === 0) this.#doubts.delete(client)
    else this.#doubts.set(client, next)
    if (act === 'ping') this.#parts.wire.ping(client)
    return act
  }
}
