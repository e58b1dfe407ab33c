import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AUTH_LIMITS } from '../limits.ts'
import { readKey, readKeySet } from './jwk.ts'
import { ecPair, jwkOf, mint, rsa, rsaPair } from './mint.case.ts'

const pair = rsaPair()
const jwk = jwkOf(pair, { kid: 'r1' })

const refused: readonly [string, unknown][] = [
  ['a shared secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'r1' }],
  ['an Edwards curve', { kty: 'OKP', crv: 'Ed25519', x: 'AA' }],
  ['another curve', jwkOf(ecPair('P-384'), {})],
  ['too few bits', jwkOf(rsaPair(1_024), {})],
  ['another use', { ...jwk, use: 'enc' }],
  ['other operations', { ...jwk, key_ops: ['encrypt'] }],
  ['another algorithm', { ...jwk, alg: 'RS512' }],
  ['the algorithm of another kind of key', { ...jwk, alg: 'ES256' }],
  ['numbers that are none', { ...jwk, n: '!' }],
  ['nothing in it', {}],
  ['no object', 'r1'],
]
for (const [what, candidate] of refused) {
  test(`a key with ${what} is not used`, () => {
    assert.equal(readKey(candidate), null)
  })
}

test('an RSA key checks RS256 and nothing else', () => {
  const key = readKey(jwk)
  const token = mint({ alg: 'RS256' }, { sub: 'ann' }, rsa(pair.privateKey))
  assert.equal(key?.algorithm, 'RS256')
  assert.deepEqual(key.check(token), { sub: 'ann' })
  assert.throws(() => key.check(mint({ alg: 'RS512' }, { sub: 'ann' }, rsa(pair.privateKey))))
})

test('a private key in the set is a public one here', () => {
  const key = readKey({ ...pair.privateKey.export({ format: 'jwk' }), kid: 'p' })
  assert.equal(key?.kid, 'p')
})

test('keys that are not for us do not spoil a set', () => {
  const keys = readKeySet({ keys: [...refused.map(([, key]) => key), jwk] })
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    ['r1'],
  )
})

test('a set is read up to its bound', () => {
  const keys = Array.from({ length: AUTH_LIMITS.keySetKeysMax + 1 }, () => jwk)
  assert.equal(readKeySet({ keys }).length, AUTH_LIMITS.keySetKeysMax)
})

test('what is no set is refused', () => {
  for (const document of [null, [], {}, { keys: 'r1' }]) assert.throws(() => readKeySet(document))
})
