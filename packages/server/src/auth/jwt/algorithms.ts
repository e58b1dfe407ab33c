/** The signatures that are accepted, and how one is checked. The algorithm belongs to the key: a token only chooses among keys. */
import { createVerifier } from 'fast-jwt'

export type Algorithm = 'HS256' | 'RS256' | 'ES256'

/** Answers the payload of a token whose signature is good; throws or answers null for any other. Times and claims are not its business. */
export type CheckSignature = (token: string) => unknown

/** `key`: the secret, or a public key in PEM. Throws where the key does not fit the algorithm. */
export function checkWith(key: string | Buffer, algorithm: Algorithm): CheckSignature {
  if (algorithm === 'HS256' && key.includes('-----BEGIN')) {
    // Everybody has it who has the public key, and could sign whatever they like.
    throw new Error('the secret of HS256 tokens is a key in PEM: publish it as a key set instead')
  }
  return createVerifier({
    key,
    algorithms: [algorithm],
    // Judged by the clock that is handed in, in `claims.ts`.
    ignoreExpiration: true,
    ignoreNotBefore: true,
    cache: false,
  })
}
