import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { Refusal } from '../../core/refusal.ts'
import { Jwt, type JwtSettings } from './jwt.ts'
import { ecdsa, ecPair, hmac, jwkOf, mint, rsa, rsaPair, type Sign, unsigned } from './mint.case.ts'

const NOW = 1_800_000_000_000
const SECRET = 'a secret of more than thirty-two bytes'
const clock = { ...systemClock, now: () => NOW }
const exp = NOW / 1_000 + 60
const claims = { sub: 'ann', exp }

const rsaKeys = rsaPair()
const otherRsaKeys = rsaPair()
const ecKeys = ecPair()
const rsaPem = rsaKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const rsaDer = rsaKeys.publicKey.export({ type: 'spki', format: 'der' })
const rsaJwk = jwkOf(rsaKeys, { kid: 'r1', use: 'sig', alg: 'RS256' })
const document = { keys: [rsaJwk, jwkOf(ecKeys, { kid: 'e1', alg: 'ES256' })] }

const served = async (): Promise<Response> => Response.json(document)
const jwt = (settings: JwtSettings): Jwt => new Jwt(settings, { clock, fetch: served })
const keySetUrl = 'https://id.example/keys'
const both = jwt({ secret: SECRET, keySetUrl })
const onlyKeys = jwt({ keySetUrl })
const onlySecret = jwt({ secret: SECRET })

const refuses = (promise: Promise<unknown>, code: string): Promise<void> =>
  assert.rejects(promise, (error) => error instanceof Refusal && error.body.code === code)

const hs = { alg: 'HS256', typ: 'JWT' }
const rs = { alg: 'RS256', kid: 'r1' }
const es = { alg: 'ES256', kid: 'e1' }

const good: readonly [string, Jwt, string][] = [
  ['of the shared secret', both, mint(hs, claims, hmac(SECRET))],
  ['of the shared secret, where there is nothing else', onlySecret, mint(hs, claims, hmac(SECRET))],
  ['of an RSA key', both, mint(rs, claims, rsa(rsaKeys.privateKey))],
  ['of an elliptic key', both, mint(es, claims, ecdsa(ecKeys.privateKey))],
  [
    'that names no key where only one fits',
    onlyKeys,
    mint({ alg: 'ES256' }, claims, ecdsa(ecKeys.privateKey)),
  ],
  [
    'with the type of an access token',
    both,
    mint({ ...rs, typ: 'at+JWT' }, claims, rsa(rsaKeys.privateKey)),
  ],
]
for (const [what, by, token] of good) {
  test(`a token ${what} is good`, async () => {
    assert.deepEqual(await by.verify(token), {
      externalId: '["","ann"]',
      name: undefined,
      expiresAt: exp * 1_000,
    })
  })
}

const [header = '', payload = '', signature = ''] = mint(hs, claims, hmac(SECRET)).split('.')
const asHs = (key: Parameters<typeof hmac>[0], extra = {}): string =>
  mint({ ...hs, ...extra }, claims, hmac(key))
const named = (kid: unknown, sign: Sign = rsa(rsaKeys.privateKey)): string =>
  mint({ alg: 'RS256', kid }, claims, sign)
const tampered = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url')
const embedded = { alg: 'RS256', jwk: jwkOf(otherRsaKeys, {}) }

const forged: readonly [string, string][] = [
  ['alg none, unsigned', mint({ alg: 'none' }, claims, unsigned)],
  ['alg None in another case', mint({ alg: 'nOnE' }, claims, unsigned)],
  ['alg none, signed', mint({ alg: 'none' }, claims, hmac(SECRET))],
  ['no alg', mint({ typ: 'JWT' }, claims, hmac(SECRET))],
  ['an alg that is a list', mint({ alg: ['HS256'] }, claims, hmac(SECRET))],
  ['alg HS512', mint({ alg: 'HS512' }, claims, hmac(SECRET))],
  ['HS256 with the RSA public key in PEM as the secret', asHs(rsaPem)],
  ['HS256 with the trimmed PEM as the secret', asHs(rsaPem.trim())],
  ['HS256 with the RSA public key in DER as the secret', asHs(rsaDer)],
  ['HS256 with the JWK as the secret', asHs(JSON.stringify(rsaJwk))],
  ['HS256 naming the RSA key', asHs(rsaPem, { kid: 'r1' })],
  ['HS256 with the empty secret', asHs('')],
  ['a wrong secret', asHs(`${SECRET}!`)],
  ['the signature of another payload', `${header}.${tampered}.${signature}`],
  ['no signature', `${header}.${payload}.`],
  ['half a signature', `${header}.${payload}.${signature.slice(0, 20)}`],
  ['not yet valid', mint(hs, { ...claims, nbf: exp + 3_600 }, hmac(SECRET))],
  ['no subject', mint(hs, { exp }, hmac(SECRET))],
  ['no end', mint(hs, { sub: 'ann' }, hmac(SECRET))],
  ['claims that are a list', mint(hs, [claims], hmac(SECRET))],
  ['an unknown kid', named('r2')],
  ['the kid of a key of another kind', named('e1')],
  ['another key under the kid', named('r1', rsa(otherRsaKeys.privateKey))],
  ['its own key in the header', mint(embedded, claims, rsa(otherRsaKeys.privateKey))],
  [
    'a key address in the header',
    mint({ ...rs, jku: 'https://evil.example' }, claims, rsa(otherRsaKeys.privateKey)),
  ],
  ['a kid that is a path', named('../../../../dev/null', hmac(''))],
  ['a kid with a NUL', named('r1\u0000', rsa(rsaKeys.privateKey))],
  ['a kid that is a query', named("x' UNION SELECT 'r1", rsa(rsaKeys.privateKey))],
  ['the kid __proto__', named('__proto__')],
  ['the kid constructor', named('constructor')],
  ['a kid that is an object', named({ r1: true })],
  ['an RSA key as an elliptic one', mint({ ...es, kid: 'r1' }, claims, rsa(rsaKeys.privateKey))],
  ['an elliptic signature of zeros', mint(es, claims, () => new Uint8Array(64))],
  ['a crit that nobody knows', mint({ ...hs, crit: ['exp2'], exp2: 1 }, claims, hmac(SECRET))],
  ['the type of a logout token', mint({ ...hs, typ: 'logout+jwt' }, claims, hmac(SECRET))],
  ['two dots', '..'],
  ['one dot', '.'],
  ['an empty header', `.${payload}.${signature}`],
  ['an empty payload', `${header}..${signature}`],
  ['a fourth part', `${header}.${payload}.${signature}.${signature}`],
  ['padding', `${header}=.${payload}.${signature}`],
  ['a line break', `${header}\n.${payload}.${signature}`],
  ['4 KB of dots', '.'.repeat(4_096)],
  ['4 KB of junk in each part', ['a', 'b', 'c'].map((part) => part.repeat(1_365)).join('.')],
  ['4 KB of brackets', `${Buffer.from('['.repeat(3_000)).toString('base64url')}.${payload}.`],
]
for (const [what, token] of forged) {
  test(`a token with ${what} is refused`, async () => {
    await refuses(both.verify(token), 'unauthenticated')
    await refuses(onlyKeys.verify(token), 'unauthenticated')
    await refuses(onlySecret.verify(token), 'unauthenticated')
  })
}

test('an expired token is told so only when it was good once', async () => {
  const expired = { sub: 'ann', exp: NOW / 1_000 - 1 }
  await refuses(both.verify(mint(hs, expired, hmac(SECRET))), 'session_expired')
  await refuses(both.verify(mint(rs, expired, rsa(rsaKeys.privateKey))), 'session_expired')
  await refuses(both.verify(mint(hs, expired, hmac('guess'))), 'unauthenticated')
})

test('issuer and audience are asked for where they are set', async () => {
  const strict = jwt({ secret: SECRET, issuer: 'https://id.example', audience: 'chat' })
  const right = { ...claims, iss: 'https://id.example', aud: ['chat'] }
  assert.equal(
    (await strict.verify(mint(hs, right, hmac(SECRET)))).externalId,
    '["https://id.example","ann"]',
  )
  for (const wrong of [{ iss: 'https://evil.example' }, { aud: 'shop' }, { iss: undefined }]) {
    await refuses(strict.verify(mint(hs, { ...right, ...wrong }, hmac(SECRET))), 'unauthenticated')
  }
})

test('a claim named __proto__ changes nothing', async () => {
  const input = JSON.parse('{"__proto__":{"sub":"eve"},"exp":9999999999}')
  await refuses(both.verify(mint(hs, input, hmac(SECRET))), 'unauthenticated')
  assert.equal(Object.hasOwn(Object.prototype, 'sub'), false)
})

test('a token that names no key is refused where two would fit', async () => {
  const keys = { keys: [rsaJwk, jwkOf(otherRsaKeys, { kid: 'r2' })] }
  const fetch = async (): Promise<Response> => Response.json(keys)
  const two = new Jwt({ keySetUrl }, { clock, fetch })
  await refuses(
    two.verify(mint({ alg: 'RS256' }, claims, rsa(rsaKeys.privateKey))),
    'unauthenticated',
  )
})

test('an empty secret and a public key for a secret are refused at once', () => {
  assert.throws(() => jwt({ secret: '' }))
  assert.throws(() => jwt({ secret: rsaPem }))
})

test('while a secret is changed, tokens of the new and of the old one are good, and of no third', async () => {
  const old = 'the secret of last year, thirty-two bytes'
  const changing = jwt({ secret: SECRET, previousSecret: old })
  for (const secret of [SECRET, old]) {
    assert.equal((await changing.verify(mint(hs, claims, hmac(secret)))).expiresAt, exp * 1_000)
  }
  const late = mint(hs, { ...claims, exp: 1 }, hmac(old))
  await refuses(changing.verify(late), 'session_expired')
  await refuses(changing.verify(mint(hs, claims, hmac(`${old}!`))), 'unauthenticated')
  await refuses(jwt({ secret: SECRET }).verify(mint(hs, claims, hmac(old))), 'unauthenticated')
  assert.throws(() => jwt({ secret: SECRET, previousSecret: '' }))
})
