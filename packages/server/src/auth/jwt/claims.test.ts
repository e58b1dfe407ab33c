import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AUTH_LIMITS } from '../limits.ts'
import { type ClaimRules, readClaims } from './claims.ts'

const NOW = 1_800_000_000_000
const exp = NOW / 1_000 + 60
const good = { sub: 'ann', exp }
const strict: ClaimRules = { issuer: 'https://id.example', audience: 'chat' }
const full = { ...good, iss: 'https://id.example', aud: 'chat' }

const refused: readonly [string, unknown, ClaimRules, string][] = [
  ['no object', 'ann', {}, 'unauthenticated'],
  ['nothing', null, {}, 'unauthenticated'],
  ['no subject', { exp }, {}, 'unauthenticated'],
  ['an empty subject', { sub: '', exp }, {}, 'unauthenticated'],
  ['a subject that is a number', { sub: 7, exp }, {}, 'unauthenticated'],
  ['a subject that is too long', { sub: 'x'.repeat(600), exp }, {}, 'unauthenticated'],
  ['no end', { sub: 'ann' }, {}, 'unauthenticated'],
  ['an end that is a text', { sub: 'ann', exp: `${exp}` }, {}, 'unauthenticated'],
  ['an end that is null', { sub: 'ann', exp: null }, {}, 'unauthenticated'],
  ['an end before now', { sub: 'ann', exp: exp - 61 }, {}, 'session_expired'],
  ['an end now', { sub: 'ann', exp: NOW / 1_000 }, {}, 'session_expired'],
  ['a beginning in an hour', { ...good, nbf: exp + 3_600 }, {}, 'unauthenticated'],
  ['a beginning that is a text', { ...good, nbf: 'soon' }, {}, 'unauthenticated'],
  ['no issuer', { ...full, iss: undefined }, strict, 'unauthenticated'],
  ['another issuer', { ...full, iss: 'https://evil.example' }, strict, 'unauthenticated'],
  ['an issuer that begins alike', { ...full, iss: `${full.iss}.evil` }, strict, 'unauthenticated'],
  ['a list of issuers', { ...full, iss: [full.iss] }, strict, 'unauthenticated'],
  ['no audience', { ...full, aud: undefined }, strict, 'unauthenticated'],
  ['another audience', { ...full, aud: 'shop' }, strict, 'unauthenticated'],
  ['other audiences', { ...full, aud: ['shop', 'chatter'] }, strict, 'unauthenticated'],
  ['expired and for others', { ...full, aud: 'shop', exp: 1 }, strict, 'unauthenticated'],
]
for (const [what, payload, rules, code] of refused) {
  test(`claims with ${what} are refused as ${code}`, () => {
    assert.equal(readClaims(payload, rules, NOW), code)
  })
}

test('good claims tell who it is and until when', () => {
  assert.deepEqual(readClaims({ ...full, name: 'Ann' }, strict, NOW), {
    externalId: '["https://id.example","ann"]',
    name: 'Ann',
    expiresAt: exp * 1_000,
  })
})

test('one of several audiences is enough', () => {
  const claims = readClaims({ ...full, aud: ['shop', 'chat'] }, strict, NOW)
  assert.equal(typeof claims, 'object')
})

test('without rules any issuer and audience will do', () => {
  assert.equal(typeof readClaims(full, {}, NOW), 'object')
  assert.equal(typeof readClaims(good, {}, NOW), 'object')
})

test('a name that is no text is no name', () => {
  const claims = readClaims({ ...good, name: { first: 'Ann' } }, {}, NOW)
  assert.deepEqual(claims, { externalId: '["","ann"]', name: undefined, expiresAt: exp * 1_000 })
})

test('an issuer whose clock is a little ahead is borne with', () => {
  const nbf = (NOW + AUTH_LIMITS.notBeforeLeewayMs) / 1_000
  assert.equal(typeof readClaims({ ...good, nbf }, {}, NOW), 'object')
  assert.equal(readClaims({ ...good, nbf: nbf + 1 }, {}, NOW), 'unauthenticated')
})

test('an end beyond all numbers is as far as a number goes', () => {
  const claims = readClaims({ sub: 'ann', exp: 1e300 }, {}, NOW)
  assert.equal(typeof claims === 'object' && claims.expiresAt, Number.MAX_SAFE_INTEGER)
})

test('no two pairs of issuer and subject share an external id', () => {
  const pairs = [
    ['a', 'b:c'],
    ['a:b', 'c'],
    ['a","b', 'c'],
    ['a', 'b","c'],
    ['', 'a'],
    ['a', ' '],
  ] as const
  const ids = pairs.map(([iss, sub]) => {
    const claims = readClaims({ iss, sub, exp }, {}, NOW)
    return typeof claims === 'object' ? claims.externalId : claims
  })
  assert.equal(new Set(ids).size, pairs.length)
})
