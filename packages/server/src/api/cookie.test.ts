import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cookieFacts } from './cookie.ts'

const cases = [
  { secure: 'auto', production: false, isTls: false, expected: false },
  { secure: 'auto', production: false, isTls: true, expected: true },
  { secure: 'auto', production: true, isTls: false, expected: true },
  { secure: 'on', production: false, isTls: false, expected: true },
  { secure: 'off', production: true, isTls: true, expected: false },
] as const

for (const { secure, production, isTls, expected } of cases) {
  const where = `${isTls ? 'TLS' : 'plain HTTP'}${production ? ' in production' : ''}`
  test(`with SECURE_COOKIES=${secure} over ${where} the cookie is ${expected ? '' : 'not '}secure`, () => {
    assert.equal(cookieFacts({ secure, production }, isTls, 0).secure, expected)
  })
}

test('no script reads the cookie, no other site sends it, and it lasts as long as the session', () => {
  const facts = cookieFacts({ secure: 'on', production: true }, true, 90_500)
  assert.deepEqual(facts, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: true,
    maxAge: 90,
  })
  assert.equal(cookieFacts({ secure: 'on', production: true }, true, -5).maxAge, 0)
})
