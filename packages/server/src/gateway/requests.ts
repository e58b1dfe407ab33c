/** Takes each request of a connection to its handler, and makes sure that it is answered once, whatever happens. */
import {
  check,
  type ErrorBody,
  errorBody,
  type Id,
  UP,
  type UpName,
  type UpRequest,
  type UpResult,
} from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { Refusal } from '../core/refusal.ts'
import { type Buckets, take } from '../doors/buckets.ts'
import { waitForPlace } from '../doors/rates.ts'
import { fieldOf } from './admission.ts'
import { refusalOf } from './answers.ts'
import type { Desk, Handlers } from './events/call.ts'
import { membership } from './events/membership.ts'
import { messages } from './events/messages.ts'
import { observing } from './events/observing.ts'
import { reading } from './events/reading.ts'
import { typing } from './events/typing.ts'
import type { Fence } from './fence.ts'
import type { Session } from './session.ts'
import type { GatewayReport } from './settings.ts'
import type { Reply } from './wire.ts'

const HANDLERS: Handlers = { ...membership, ...messages, ...reading, ...typing, ...observing }

/** Requests that cost a read of the store. */
const READS: ReadonlySet<string> = new Set([
  'join',
  'sync',
  'history',
  'observe',
] satisfies UpName[])
/** Requests that write to a channel's log. */
const WRITES: ReadonlySet<string> = new Set([
  'send',
  'edit',
  'delete',
  'question',
  'join',
  'leave',
] satisfies UpName[])

export interface RequestsParts extends Desk {
  readonly clock: Clock
  readonly report: GatewayReport
  readonly fence: Fence
  /** Finds out whether the node stood still until now, and has the fence told. */
  look(): void
}

export class Requests {
  readonly #parts: RequestsParts
  readonly #people: Buckets
  readonly #channels: Buckets
  #inFlight = 0
  #onAnswered: (() => void)[] = []

  constructor(parts: RequestsParts) {
    this.#parts = parts
    const { buckets } = parts.settings
    this.#people = buckets.person
    this.#channels = buckets.channel
  }

  /** Requests of all connections that are in work, of those that are gone among them. */
  get inFlight(): number {
    return this.#inFlight
  }

  /** Resolves when none is in work. */
  answered(): Promise<void> {
    if (this.#inFlight === 0) return Promise.resolve()
    return new Promise((resolve) => this.#onAnswered.push(resolve))
  }

  received(session: Session, event: string, args: readonly unknown[], reply: Reply): void {
    if (!this.#isInTime(session, reply)) return
    const [payload, ...more] = args
    if (more.length > 0) {
      this.#strike(session, 'unknown', errorBody('invalid'), reply)
      return
    }
    if (!isUpName(event)) {
      this.#strike(session, 'unknown', errorBody('unknown_event'), reply)
      return
    }
    const parsed = check(UP[event].request, payload)
    if (parsed.success)
      this.#accepted(session, event, parsed.data as UpRequest<typeof event>, reply)
    else this.#strike(session, event, errorBody('invalid', { field: fieldOf(parsed.error) }), reply)
  }

  /** A request of which something has to be looked up first; the look and the rest count as one. */
  looked<N extends UpName>(
    session: Session,
    event: N,
    look: () => Promise<unknown>,
    reply: Reply,
  ): void {
    if (!this.#isInTime(session, reply)) return
    const refusal = this.#refusal(session, event, undefined)
    if (refusal === undefined) void this.#handle(session, event, () => found(event, look), reply)
    else this.#refuse(session, event, refusal, reply)
  }

  /** What is no request at all. */
  malformed(session: Session, error: ErrorBody, reply: Reply): void {
    if (this.#isInTime(session, reply)) this.#strike(session, 'unknown', error, reply)
  }

  /** Whoever makes a place pays for it beside the request. */
  payForPlace({ person }: Session, address: string): void {
    const { clock, settings } = this.#parts
    const { places } = settings.buckets
    const take = (_: 'places', key: string) => places.take(key, clock.monotonic())
    const waitMs = waitForPlace({ take }, { personId: person.id, address })
    if (waitMs > 0) throw new Refusal('rate_limited', { retryAfterMs: waitMs, limit: 'places' })
  }

  #accepted<N extends UpName>(
    session: Session,
    event: N,
    request: UpRequest<N>,
    reply: Reply,
  ): void {
    const channelId = 'channelId' in request ? request.channelId : undefined
    const refusal = this.#refusal(session, event, channelId)
    if (refusal === undefined) void this.#handle(session, event, request, reply)
    else this.#refuse(session, event, refusal, reply)
  }

  async #handle<N extends UpName>(
    session: Session,
    event: N,
    asked: UpRequest<N> | (() => Promise<UpRequest<N>>),
    reply: Reply,
  ): Promise<void> {
    const { clock, report } = this.#parts
    const began = clock.monotonic()
    const answer = (result: UpResult<N>) => {
      reply({ ok: true, ...result })
      report.request(event, 'ok', clock.monotonic() - began, session.person.id)
    }
    session.requestBegan()
    this.#inFlight++
    try {
      // What is known is handled in this very turn.
      const request = typeof asked === 'function' ? await this.#lookedUp(session, asked) : asked
      await HANDLERS[event](this.#parts, { session, request, answer })
    } catch (thrown) {
      this.#refuse(session, event, this.#errorOf(session, event, thrown), reply, began)
    } finally {
      session.requestEnded()
      this.#ended()
    }
  }

  /** The node may have stood still while it was looked. */
  async #lookedUp<Request>(session: Session, look: () => Promise<Request>): Promise<Request> {
    const request = await look()
    this.#parts.look()
    const doubt = this.#parts.fence.refusal(session.connection.client)
    if (doubt === undefined) return request
    const { code, ...detail } = doubt
    throw new Refusal(code, detail)
  }

  #ended(): void {
    this.#inFlight--
    if (this.#inFlight > 0) return
    for (const resolve of this.#onAnswered.splice(0)) resolve()
  }

  /**
   * What was asked of a node before it stood still is not done: its sender may have asked again elsewhere. Every packet counts against the connection's rate, whatever is in
   * it; who goes on and on is not read any further.
   */
  #isInTime(session: Session, reply: Reply): boolean {
    const { clock, settings, fence } = this.#parts
    this.#parts.look()
    if (session.ended) return false
    const { fullAt, waitMs } = take(
      session.client.requests,
      settings.rates.connection,
      clock.monotonic(),
    )
    session.client.requests = fullAt
    session.client.flood = waitMs === 0 ? 0 : session.client.flood + 1
    const doubt = waitMs === 0 ? fence.refusal(session.connection.client) : undefined
    if (waitMs === 0 && doubt === undefined) return true
    const error = doubt ?? errorBody('rate_limited', { retryAfterMs: waitMs })
    this.#refuse(session, 'unknown', error, reply)
    if (session.client.flood > settings.bounds.floodRequestsMax)
      session.connection.close(error, true)
    return false
  }

  #refusal(session: Session, event: UpName, channelId: Id | undefined): ErrorBody | undefined {
    const { clock, settings } = this.#parts
    if (session.client.inFlight >= settings.limits.requestsInFlightMax) {
      return errorBody('busy', { limit: 'requestsInFlightMax' })
    }
    const now = clock.monotonic()
    let waitMs = 0
    if (READS.has(event)) {
      const taken = take(session.client.reads, settings.rates.reads, now)
      session.client.reads = taken.fullAt
      waitMs = taken.waitMs
    }
    if (waitMs === 0 && WRITES.has(event)) waitMs = this.#people.take(session.person.id, now)
    if (waitMs === 0 && event === 'send' && channelId !== undefined) {
      waitMs = this.#channels.take(channelId, now)
    }
    return waitMs === 0 ? undefined : errorBody('rate_limited', { retryAfterMs: waitMs })
  }

  #strike(session: Session, event: string, error: ErrorBody, reply: Reply): void {
    this.#refuse(session, event, error, reply)
    session.client.strikes++
    // A client of another version may come back: it is the flood that is ended, not the person.
    if (session.client.strikes > this.#parts.settings.limits.strikesPerConnectionMax) {
      session.connection.close(error, true)
    }
  }

  #refuse(session: Session, event: string, error: ErrorBody, reply: Reply, began?: number): void {
    const { clock, report } = this.#parts
    reply({ ok: false, error })
    const tookMs = began === undefined ? 0 : clock.monotonic() - began
    report.request(event, error.code, tookMs, session.person.id)
  }

  #errorOf(session: Session, event: UpName, thrown: unknown): ErrorBody {
    const refusal = refusalOf(thrown, this.#parts.settings.bounds.storeRetryMs)
    if (refusal !== undefined) return refusal
    const facts = { event, connection: session.connection.id, person: session.person.id }
    this.#parts.report.error('a request failed', { ...facts, error: thrown })
    return errorBody('internal')
  }
}

async function found<N extends UpName>(event: N, look: () => Promise<unknown>) {
  const parsed = check(UP[event].request, await look())
  if (!parsed.success) throw new Refusal('invalid', { field: fieldOf(parsed.error) })
  return parsed.data as UpRequest<N>
}

function isUpName(event: string): event is UpName {
  return Object.hasOwn(UP, event)
}
