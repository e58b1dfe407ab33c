/** Decides who comes in, before anything is made for them. */
import {
  check,
  type ErrorBody,
  errorBody,
  Handshake as HandshakeSchema,
  type Id,
  WIRE_VERSION,
  WIRE_VERSION_MIN,
} from '@madang/protocol'
import type { z } from 'zod'
import type { Authenticator, Credentials } from '../auth/authenticator.ts'
import type { Clock } from '../clock.ts'
import type { Core } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import { addressKey } from '../doors/addresses.ts'
import { type Buckets, take } from '../doors/buckets.ts'
import { refusalOf } from './answers.ts'
import { type Client, Clients } from './clients.ts'
import { cookieValue } from './cookies.ts'
import { Entering } from './entering.ts'
import { mannerOf, within } from './manner.ts'
import { Session } from './session.ts'
import type { GatewayReport, Settings } from './settings.ts'
import { Turns } from './turns.ts'
import { Turnstile } from './turnstile.ts'
import type { Admission as Admitted, Handshake } from './wire.ts'

export interface AdmissionParts {
  readonly core: Core
  readonly auth: Authenticator
  readonly clock: Clock
  readonly report: GatewayReport
  readonly settings: Settings
  /** From 0 up to 1. */
  readonly random: () => number
}

export class Admission {
  readonly #parts: AdmissionParts
  readonly #addresses: Buckets
  readonly #newcomers: Buckets
  readonly #turnstile: Turnstile
  readonly #turns: Turns
  /** Connections of each person, those that are still being opened included. */
  readonly #connections = new Map<Id, number>()
  readonly #clients = new Clients()
  readonly #entering: Entering

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#entering = new Entering(parts)
    this.#turnstile = new Turnstile(parts)
    this.#turns = new Turns({
      perTurn: parts.settings.bounds.admissionsPerTurn,
      defer: (run) => void setImmediate(run),
    })
    const { buckets } = parts.settings
    this.#addresses = buckets.address
    this.#newcomers = buckets.credentials
  }

  /** Whether a new client of this address may go on at all. */
  knock(address: string): ErrorBody | undefined {
    const error = this.#knocked(address)
    if (error !== undefined) this.#parts.report.handshake(error.code)
    return error
  }

  async admit(handshake: Handshake): Promise<Admitted<Session>> {
    const admitted = await this.#admit(handshake).catch(
      (thrown): Admitted<Session> => ({ ok: false, error: this.#errorOf(thrown) }),
    )
    this.#parts.report.handshake(admitted.ok ? 'ok' : admitted.error.code)
    return admitted
  }

  /** Gives back what the session's admission took. */
  release(session: Session): void {
    this.#leave(session.client)
  }

  #knocked(address: string): ErrorBody | undefined {
    const { clock, settings } = this.#parts
    const loadMs = settings.load()
    if (loadMs > 0) return errorBody('busy', { retryAfterMs: loadMs })
    const turned = this.#turnstile.knock()
    if (turned !== undefined) return turned
    const waitMs = this.#addresses.take(addressKey(address), clock.monotonic())
    return waitMs === 0 ? undefined : errorBody('rate_limited', { retryAfterMs: waitMs })
  }

  async #admit(handshake: Handshake): Promise<Admitted<Session>> {
    const parsed = check(HandshakeSchema, handshake.auth)
    if (!parsed.success) return refused('invalid', { field: fieldOf(parsed.error) })
    const auth = parsed.data
    const { wire, cursors } = auth
    if (wire !== undefined && !isServed(wire)) return refused('wire_unsupported')
    const { headers, namespace } = handshake
    const manner = mannerOf(namespace, auth, this.#parts.settings.dialects)
    if (manner === undefined) return refused('not_found')
    const client = this.#clients.of(handshake.client)
    if (client.identity === undefined) {
      await this.#turns.take()
      const turned = this.#turnstile.enter()
      if (turned !== undefined) return { ok: false, error: turned }
      client.agent = String(headers['user-agent'] ?? '')
    }
    const credentials = this.#credentials(auth, headers.cookie)
    const newcomer = () => this.#admitNewcomer(handshake)
    const shown = { handshake, manner, credentials, newcomer }
    const holder = await this.#entering.holder(shown, client)
    const waitMs = this.#waitMs(client)
    if (waitMs > 0) return refused('rate_limited', { retryAfterMs: waitMs })
    const identity = await this.#entering.identify(shown, holder, client)
    const { person, expiresAt, signedIn } = identity
    if (expiresAt !== undefined && expiresAt <= this.#parts.clock.now()) {
      return refused('session_expired')
    }
    if (!this.#enter(client, person.id)) {
      const retryAfterMs = this.#parts.settings.bounds.connectionsRetryMs
      return refused('too_many_connections', { retryAfterMs, limit: 'connectionsPerPersonMax' })
    }
    try {
      const belongings = within(await this.#parts.core.reading.belongings(person.id), manner)
      if (belongings === undefined) throw new Refusal('not_found')
      const back = await this.#entering.return(shown, client, holder, identity, belongings)
      const { pid, resumption } = back ?? {}
      const arrival = {
        ...{ belongings, cursors, signedIn: signedIn?.session, speaksWire: wire !== undefined },
        ...(resumption && { resumption }),
      }
      const state = new Session(identity, arrival, manner, client)
      return { ok: true, state, ...(pid !== undefined && { pid }) }
    } catch (error) {
      this.#leave(client)
      throw error
    }
  }

  /** A further namespace is a request of its client. */
  #waitMs(client: Client): number {
    if (client.identity === undefined) return 0
    const now = this.#parts.clock.monotonic()
    const { fullAt, waitMs } = take(client.requests, this.#parts.settings.rates.connection, now)
    client.requests = fullAt
    return waitMs
  }

  #admitNewcomer({ address }: Handshake): void {
    const waitMs = this.#newcomers.take(addressKey(address), this.#parts.clock.monotonic())
    if (waitMs > 0) throw new Refusal('rate_limited', { retryAfterMs: waitMs })
  }

  #credentials(
    { token, name }: z.infer<typeof HandshakeSchema>,
    cookies: string | readonly string[] | undefined,
  ): Credentials {
    const { cookieName } = this.#parts.settings
    const header = typeof cookies === 'string' ? cookies : undefined
    const cookie = cookieName === undefined ? undefined : cookieValue(header, cookieName)
    return { token, cookie, guestName: name }
  }

  /** One connection, however many namespaces it has. */
  #enter(client: Client, personId: Id): boolean {
    if (client.namespaces === 0) {
      const count = this.#connections.get(personId) ?? 0
      if (count >= this.#parts.settings.limits.connectionsPerPersonMax) return false
      this.#connections.set(personId, count + 1)
      client.counted = personId
    }
    client.namespaces++
    return true
  }

  #leave(client: Client): void {
    const personId = client.counted
    if (--client.namespaces > 0 || personId === undefined) return
    const count = (this.#connections.get(personId) ?? 1) - 1
    if (count === 0) this.#connections.delete(personId)
    else this.#connections.set(personId, count)
  }

  #errorOf(thrown: unknown): ErrorBody {
    const refusal = refusalOf(thrown, this.#parts.settings.bounds.storeRetryMs)
    if (refusal !== undefined) return refusal
    this.#parts.report.error('a handshake failed', { error: thrown })
    return errorBody('internal')
  }
}

const isServed = (wire: number): boolean => wire >= WIRE_VERSION_MIN && wire <= WIRE_VERSION

function refused(...[code, detail]: Parameters<typeof errorBody>): Admitted<Session> {
  return { ok: false, error: errorBody(code, detail) }
}

/** The path of the first field that is wrong. */
export function fieldOf(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') ?? ''
}
