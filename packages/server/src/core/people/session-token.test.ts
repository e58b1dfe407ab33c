import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '../../ids.ts'
import { looksLikeSessionToken, newSessionToken, sessionIdOf } from './session-token.ts'

test('a token is 256 random bits in base64url', () => {
  const token = newSessionToken(systemRandom)
  assert.equal(Buffer.from(token, 'base64url').byteLength, 32)
  assert.equal(looksLikeSessionToken(token), true)
  assert.notEqual(newSessionToken(systemRandom), token)
})

test('what is kept is the SHA-256 of the token', () => {
  assert.equal(
    sessionIdOf('abc'),
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

for (const junk of [
  '',
  'a',
  'a'.repeat(42),
  'a'.repeat(44),
  `${'a'.repeat(42)}=`,
  'a'.repeat(5_000),
]) {
  test(`${junk.length} characters ending in ${JSON.stringify(junk.slice(-1))} do not look like a token`, () => {
    assert.equal(looksLikeSessionToken(junk), false)
  })
}
