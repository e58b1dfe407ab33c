/** The session cookie: set when somebody comes in, cleared when they go. */

export interface CookiePolicy {
  /** `auto`: where the request came over TLS, and always in production. */
  readonly secure: 'auto' | 'on' | 'off'
  readonly production: boolean
}

export interface CookieFacts {
  readonly httpOnly: true
  readonly sameSite: 'lax'
  readonly path: '/'
  readonly secure: boolean
  /** In seconds. */
  readonly maxAge: number
}

/** No script can read it, no other site can send it with more than a link, and no domain is named, so that it stays with this very host. */
export function cookieFacts(policy: CookiePolicy, isTls: boolean, lastsMs: number): CookieFacts {
  const secure = policy.secure === 'auto' ? isTls || policy.production : policy.secure === 'on'
  const maxAge = Math.max(0, Math.floor(lastsMs / 1_000))
  return { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge }
}
