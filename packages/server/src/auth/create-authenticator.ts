/** Tells who somebody is by what they show: a JWT, the secret of a session, or a guest's name. */
import { Name } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import type { People } from '../core/core.ts'
import { looksLikeSessionToken, sessionIdOf } from '../core/people/session-token.ts'
import { Refusal } from '../core/refusal.ts'
import type { Authenticated, Authenticator, Credentials } from './authenticator.ts'
import type { Fetch } from './jwt/fetch-json.ts'
import { Jwt, type JwtSettings } from './jwt/jwt.ts'
import { AUTH_LIMITS } from './limits.ts'
import { presentableName } from './person-name.ts'

export interface AuthenticatorParts {
  readonly people: People
  readonly clock: Clock
  /** Whether guests may come in. */
  readonly guests: boolean
  /** Without it JWTs are refused. */
  readonly jwt?: JwtSettings
  /** The global `fetch`; needed for key sets only. */
  readonly fetch?: Fetch
  /** Told why a key set could not be fetched. */
  readonly onError?: (error: unknown) => void
}

class ByCredentials implements Authenticator {
  readonly #people: People
  readonly #guests: boolean
  readonly #jwt: Jwt | null

  constructor({
    people,
    clock,
    guests,
    jwt,
    fetch = globalThis.fetch,
    onError,
  }: AuthenticatorParts) {
    this.#people = people
    this.#guests = guests
    this.#jwt = jwt ? new Jwt(jwt, { clock, fetch, ...(onError && { onError }) }) : null
  }

  async identify({ token, cookie, guestName }: Credentials): Promise<Authenticated> {
    if (token) return token.includes('.') ? this.#byJwt(token) : this.#bySession(token)
    if (cookie) return this.#bySession(cookie)
    if (guestName) return this.#asGuest(guestName)
    throw new Refusal('unauthenticated')
  }

  async #bySession(token: string): Promise<Authenticated> {
    if (!looksLikeSessionToken(token)) throw new Refusal('unauthenticated')
    const identity = await this.#people.bySession(token)
    if (identity === null) throw new Refusal('session_expired')
    return identity
  }

  async #byJwt(token: string): Promise<Authenticated> {
    if (this.#jwt === null || token.length > AUTH_LIMITS.tokenCharsMax) {
      throw new Refusal('unauthenticated')
    }
    const { externalId, name, expiresAt } = await this.#jwt.verify(token)
    const person = await this.#people.adopt({ externalId, name: presentableName(name) })
    return { person, expiresAt }
  }

  async #asGuest(guestName: string): Promise<Authenticated> {
    if (!this.#guests) throw new Refusal('guests_disabled')
    const name = Name.safeParse(guestName)
    if (!name.success) throw new Refusal('invalid', { field: 'name' })
    const signedIn = await this.#people.guest(name.data)
    const { person, session } = signedIn
    return {
      person,
      sessionId: sessionIdOf(session.token),
      expiresAt: session.expiresAt,
      signedIn,
    }
  }
}

export function createAuthenticator(parts: AuthenticatorParts): Authenticator {
  return new ByCredentials(parts)
}
