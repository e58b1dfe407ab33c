import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '../../ids.ts'
import { bestScheme, PasswordHash, type PasswordScheme, SCHEMES } from './password-hash.ts'

for (const scheme of SCHEMES) {
  const name = scheme.prefix.split('$')[1]

  test(`${name} knows the right password from a wrong one`, async () => {
    const passwords = new PasswordHash(systemRandom, scheme)
    const hash = await passwords.hash('correct horse')
    assert.equal(hash.startsWith(scheme.prefix), true)
    assert.equal(hash.includes('correct'), false)
    assert.equal(await passwords.verify('correct horse', hash), true)
    assert.equal(await passwords.verify('correct horsf', hash), false)
    assert.equal(await passwords.verify('', hash), false)
  })

  test(`a hash of ${name} is still known where another scheme is the best`, async () => {
    const hash = await new PasswordHash(systemRandom, scheme).hash('correct horse')
    for (const best of SCHEMES) {
      assert.equal(await new PasswordHash(systemRandom, best).verify('correct horse', hash), true)
    }
  })
}

test('Argon2id of RFC 9106 is used where this Node can', () => {
  assert.equal(bestScheme().prefix, '$argon2id$v=19$m=19456,t=2,p=1$')
})

test('the same password hashes differently each time', async () => {
  const passwords = new PasswordHash(systemRandom, cheap().scheme, [cheap().scheme])
  assert.notEqual(await passwords.hash('a'), await passwords.hash('a'))
})

/** A scheme whose work can be counted. */
function cheap(): { scheme: PasswordScheme; derived: string[] } {
  const derived: string[] = []
  const scheme: PasswordScheme = {
    prefix: '$cheap$',
    async derive(password, salt) {
      derived.push(password)
      return Buffer.concat([Buffer.from(password), salt]).subarray(0, 32)
    },
  }
  return { scheme, derived }
}

test('somebody who is not there costs as much work as a wrong password, and never gets in', async () => {
  const { scheme, derived } = cheap()
  const passwords = new PasswordHash(systemRandom, scheme, [scheme])
  const hash = await passwords.hash('right')
  derived.length = 0
  assert.equal(await passwords.verify('wrong', hash), false)
  const wrong = derived.splice(0)
  assert.equal(await passwords.verify('wrong', null), false)
  assert.deepEqual(derived, wrong)
})

test('even a key of zeros does not open the decoy', async () => {
  const zeros: PasswordScheme = { prefix: '$zeros$', derive: async () => new Uint8Array(32) }
  const passwords = new PasswordHash(systemRandom, zeros, [zeros])
  assert.equal(await passwords.verify('anything', null), false)
})

for (const hash of ['', 'plain', '$argon2id$v=19$m=1,t=1,p=1$AA$AA', '$unknown$AA$AA']) {
  test(`the hash ${JSON.stringify(hash)} is an error, not a wrong password`, async () => {
    await assert.rejects(new PasswordHash(systemRandom).verify('a', hash), /unknown scheme/)
  })
}
