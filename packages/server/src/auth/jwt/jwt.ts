/** Judges JWTs: of a secret that is shared with the issuer (HS256), or of the issuer's published keys (RS256, ES256). */
import { createDecoder } from 'fast-jwt'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import { Refusal } from '../../core/refusal.ts'
import { AUTH_LIMITS } from '../limits.ts'
import { type CheckSignature, checkWith } from './algorithms.ts'
import { type ClaimRules, type Claims, readClaims } from './claims.ts'
import { type Fetch, fetchJson } from './fetch-json.ts'
import { KeySet } from './key-set.ts'

/** At least one of the two ways; where there are both, tokens of either are good. */
export interface JwtSettings extends ClaimRules {
  /** The secret that HS256 tokens are signed with. */
  readonly secret?: string
  /** One that they may be signed with as well: the one before, while its tokens are still about. */
  readonly previousSecret?: string
  /** Where the keys of RS256 and ES256 tokens are published. */
  readonly keySetUrl?: string
}

export interface JwtParts {
  readonly clock: Clock
  readonly fetch: Fetch
  /** Told why a key set could not be fetched. */
  readonly onError?: (error: unknown) => void
}

const Header = z.object({
  alg: z.enum(['HS256', 'RS256', 'ES256']),
  kid: z.string().optional(),
  // A token of another kind by the same issuer, a logout token say, is not a pass. RFC 9068 names the second.
  typ: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['jwt', 'at+jwt']))
    .optional(),
})
type Header = z.infer<typeof Header>

const decode = createDecoder({ complete: true })

export class Jwt {
  readonly #settings: JwtSettings
  readonly #clock: Clock
  readonly #secret: CheckSignature | null
  readonly #keys: KeySet | null

  constructor(settings: JwtSettings, parts: JwtParts) {
    const { secret, previousSecret, keySetUrl } = settings
    const { clock, fetch, onError } = parts
    this.#settings = settings
    this.#clock = clock
    this.#secret = checkWithAny([secret, previousSecret].filter((each) => each !== undefined))
    const bounds = { timeoutMs: AUTH_LIMITS.keySetTimeoutMs, bytesMax: AUTH_LIMITS.keySetBytesMax }
    const load = (url: string) => () => fetchJson(fetch, url, clock, bounds)
    this.#keys =
      keySetUrl === undefined
        ? null
        : new KeySet({ load: load(keySetUrl), clock, ...(onError && { onError }) })
  }

  /** Rejects with `Refusal`: `unauthenticated`, `session_expired`, `busy`. */
  async verify(token: string): Promise<Claims> {
    const header = readHeader(token)
    const check = header && (await this.#checkOf(header))
    const payload = check && attempt(() => check(token))
    if (!payload) throw new Refusal('unauthenticated')
    const claims = readClaims(payload, this.#settings, this.#clock.now())
    if (typeof claims === 'string') throw new Refusal(claims)
    return claims
  }

  async #checkOf({ alg, kid }: Header): Promise<CheckSignature | null> {
    if (alg === 'HS256') return this.#secret
    const key = await this.#keys?.find(kid, alg)
    return key?.check ?? null
  }
}

/** Null where there is no secret. */
function checkWithAny(secrets: readonly string[]): CheckSignature | null {
  const checks = secrets.map((secret) => checkWith(secret, 'HS256'))
  if (checks.length === 0) return null
  return (token) => {
    for (const check of checks) {
      const payload = attempt(() => check(token))
      if (payload !== null) return payload
    }
    return null
  }
}

/** Null where the header is malformed, or asks for what is not accepted. */
function readHeader(token: string): Header | null {
  const decoded: unknown = attempt(() => decode(token))
  const parsed = z.object({ header: Header }).safeParse(decoded)
  return parsed.success ? parsed.data.header : null
}

function attempt<Result>(work: () => Result): Result | null {
  try {
    return work()
  } catch {
    return null
  }
}
