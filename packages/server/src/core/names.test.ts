import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '@madang/protocol'
import { normalLogin, normalName, normalPassword, normalTopic } from './names.ts'
import { Refusal } from './refusal.ts'

test('what looks the same is the same', () => {
  assert.equal(normalName('Jose\u0301'), 'José')
  assert.equal(normalName('\u1112\u1161\u11ab'), '한')
  assert.equal(normalTopic('cafe\u0301'), 'café')
  assert.equal(normalLogin('Ann@Example.COM'), 'ann@example.com')
  assert.equal(normalPassword('ｐａｓｓ'), 'pass')
})

test('a name that grows past its bound when it is composed is refused', () => {
  // U+0958 is excluded from composition: NFC writes it as two.
  const growing = '\u0958'.repeat(LIMITS.nameCharsMax)
  assert.throws(
    () => normalName(growing),
    (error) => error instanceof Refusal && error.body.field === 'name',
  )
})
