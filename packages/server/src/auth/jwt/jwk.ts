/** Makes checks of signatures out of the keys of a JSON Web Key Set (RFC 7517). */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { AUTH_LIMITS } from '../limits.ts'
import { type Algorithm, type CheckSignature, checkWith } from './algorithms.ts'

export interface Key {
  readonly kid: string | undefined
  readonly algorithm: Algorithm
  readonly check: CheckSignature
}

const Jwk = z.object({
  kty: z.enum(['RSA', 'EC']),
  kid: z.string().optional(),
  use: z.literal('sig').optional(),
  key_ops: z.array(z.string()).optional(),
  alg: z.enum(['RS256', 'ES256']).optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
})
type Jwk = z.infer<typeof Jwk>

const KeySet = z.object({ keys: z.array(z.unknown()) })

/** The only algorithm that the key may be used with; null where there is none that is accepted. */
function algorithmOf(key: KeyObject): Algorithm | null {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa') {
    return modulusLength >= AUTH_LIMITS.rsaBitsMin ? 'RS256' : null
  }
  return key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1' ? 'ES256' : null
}

/** Only the public numbers: a private key in the set is a public one here. */
function publicKey({ kty, n, e, crv, x, y }: Jwk): KeyObject | null {
  const numbers = Object.entries({ n, e, crv, x, y }).filter(([, value]) => value !== undefined)
  try {
    return createPublicKey({ key: { kty, ...Object.fromEntries(numbers) }, format: 'jwk' })
  } catch {
    return null
  }
}

/** Null for a key of another kind, for another use, too short or malformed: a set may hold such keys for others. */
export function readKey(candidate: unknown): Key | null {
  const parsed = Jwk.safeParse(candidate)
  if (!parsed.success) return null
  const jwk = parsed.data
  if (jwk.key_ops !== undefined && !jwk.key_ops.includes('verify')) return null
  const key = publicKey(jwk)
  const algorithm = key && algorithmOf(key)
  if (key === null || algorithm === null) return null
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return null
  const pem = key.export({ type: 'spki', format: 'pem' })
  return { kid: jwk.kid, algorithm, check: checkWith(pem, algorithm) }
}

/** The usable keys of a set, up to a bound. Throws where the document is none. */
export function readKeySet(document: unknown): readonly Key[] {
  const { keys } = KeySet.parse(document)
  return keys
    .slice(0, AUTH_LIMITS.keySetKeysMax)
    .map(readKey)
    .filter((key) => key !== null)
}
