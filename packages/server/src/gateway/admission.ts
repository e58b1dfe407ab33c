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
import { addressKey } from '../doors/addresses.ts'
import type { Buckets } from '../doors/buckets.ts'
import { refusalOf } from './answers.ts'
import { type Arrivals, arrive, NO_ARRIVALS } from './arrivals.ts'
import { cookieValue } from './cookies.ts'
import { Session } from './session.ts'
import type { GatewayReport, Settings } from './settings.ts'
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
  /** Of the whole node: who is let in, and who gets as far as a handshake that says what else to do. */
  #entering: Arrivals = NO_ARRIVALS
  #knocking: Arrivals = NO_ARRIVALS
  /** Connections of each person, those that are still being opened included. */
  readonly #connections = new Map<Id, number>()

  constructor(parts: AdmissionParts) {
    this.#parts = parts
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
    this.#leave(session.person.id)
  }

  #knocked(address: string): ErrorBody | undefined {
    const { clock, settings } = this.#parts
    const loadMs = settings.load()
    if (loadMs > 0) return errorBody('busy', { retryAfterMs: loadMs })
    const slotMs = this.#knock()
    if (slotMs > 0) return this.#tooMany(slotMs, 'knock')
    const waitMs = this.#addresses.take(addressKey(address), clock.monotonic())
    return waitMs === 0 ? undefined : errorBody('rate_limited', { retryAfterMs: waitMs })
  }

  async #admit({ auth, headers, address }: Handshake): Promise<Admitted<Session>> {
    const parsed = check(HandshakeSchema, auth)
    if (!parsed.success) return refused('invalid', { field: fieldOf(parsed.error) })
    const { wire, cursors } = parsed.data
    if (wire !== undefined && !isServed(wire)) return refused('wire_unsupported')
    const slotMs = this.#arrive()
    if (slotMs > 0) return { ok: false, error: this.#tooMany(slotMs, 'entrance') }
    const credentials = this.#credentials(parsed.data, headers.cookie)
    const newcomer = credentials.token === undefined && credentials.cookie === undefined
    const waitMs = newcomer
      ? this.#newcomers.take(addressKey(address), this.#parts.clock.monotonic())
      : 0
    if (waitMs > 0) return refused('rate_limited', { retryAfterMs: waitMs })
    const identity = await this.#parts.auth.identify(credentials)
    const { person, expiresAt, signedIn } = identity
    if (expiresAt !== undefined && expiresAt <= this.#parts.clock.now()) {
      return refused('session_expired')
    }
    if (!this.#enter(person.id)) {
      const retryAfterMs = this.#parts.settings.bounds.connectionsRetryMs
      return refused('too_many_connections', { retryAfterMs, limit: 'connectionsPerPersonMax' })
    }
    try {
      const belongings = await this.#parts.core.reading.belongings(person.id)
      const speaksWire = wire !== undefined
      const arrival = { belongings, cursors, speaksWire, signedIn: signedIn?.session }
      return { ok: true, state: new Session(identity, arrival) }
    } catch (error) {
      this.#leave(person.id)
      throw error
    }
  }

  /** Before anything is looked up. Whoever is refused here is told its slot; a browser is shown nothing of an upgrade that is refused. */
  #arrive(): number {
    const { clock, settings, random } = this.#parts
    if (settings.connects === undefined) return 0
    const now = clock.monotonic()
    const { arrivals, waitMs } = arrive(this.#entering, settings.connects, now, random())
    this.#entering = arrivals
    return waitMs
  }

  /** Telling costs a handshake, so that only so many are told. */
  #knock(): number {
    const { clock, settings, random } = this.#parts
    if (settings.connects === undefined) return 0
    const { burst, perSecond } = settings.connects
    const times = settings.bounds.knocksPerConnect
    const rate = { burst: burst * times, perSecond: perSecond * times }
    const { arrivals, waitMs } = arrive(this.#knocking, rate, clock.monotonic(), random())
    this.#knocking = arrivals
    return waitMs
  }

  #tooMany(retryAfterMs: number, where: 'knock' | 'entrance'): ErrorBody {
    this.#parts.report.heldBack(where)
    return errorBody('busy', { retryAfterMs, limit: 'connectsPerSecond' })
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

  #enter(personId: Id): boolean {
    const count = this.#connections.get(personId) ?? 0
    if (count >= this.#parts.settings.limits.connectionsPerPersonMax) return false
    this.#connections.set(personId, count + 1)
    return true
  }

  #leave(personId: Id): void {
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
