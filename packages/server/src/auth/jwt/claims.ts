/** Decides what a JWT's claims are worth, once its signature is known to be good. */
import type { ErrorCode } from '@madang/protocol'
import { z } from 'zod'
import { AUTH_LIMITS } from '../limits.ts'

/** Whom tokens must come from and be for; absent: whoever holds the key, and anybody. */
export interface ClaimRules {
  readonly issuer?: string
  readonly audience?: string
}

/** Who a token stands for. */
export interface Claims {
  /** The issuer and the subject, in a form that no other pair has. */
  readonly externalId: string
  /** The `name` claim as it came, where it is a text. */
  readonly name: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const Payload = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  nbf: z.number().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  name: z.unknown().optional(),
})
type Payload = z.infer<typeof Payload>

const isFor = ({ aud }: Payload, audience: string): boolean =>
  typeof aud === 'string' ? aud === audience : (aud?.includes(audience) ?? false)

/** NumericDate is seconds; a far future is as far as a number of milliseconds can say. */
const toMs = (seconds: number): number =>
  Math.min(Math.floor(seconds * 1_000), Number.MAX_SAFE_INTEGER)

/**
 * The claims, or the row of the refusal. A token without an end (`exp`) is refused: it could never be taken back. `session_expired` is only said of a token that was
 * good once, so a forger never hears it.
 */
export function readClaims(payload: unknown, rules: ClaimRules, nowMs: number): Claims | ErrorCode {
  const parsed = Payload.safeParse(payload)
  if (!parsed.success) return 'unauthenticated'
  const claims = parsed.data
  const { issuer, audience } = rules
  if (issuer !== undefined && claims.iss !== issuer) return 'unauthenticated'
  if (audience !== undefined && !isFor(claims, audience)) return 'unauthenticated'
  const externalId = JSON.stringify([claims.iss ?? '', claims.sub])
  if (externalId.length > AUTH_LIMITS.externalIdCharsMax) return 'unauthenticated'
  const expiresAt = toMs(claims.exp)
  if (expiresAt <= nowMs) return 'session_expired'
  const notBefore = claims.nbf === undefined ? nowMs : toMs(claims.nbf)
  if (notBefore > nowMs + AUTH_LIMITS.notBeforeLeewayMs) return 'unauthenticated'
  const name = typeof claims.name === 'string' ? claims.name : undefined
  return { externalId, name, expiresAt }
}
