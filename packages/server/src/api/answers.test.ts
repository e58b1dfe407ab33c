import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERRORS, type ErrorCode } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'
import { StoreError } from '../store/store.ts'
import { refusedAnswer } from './answers.ts'

const codes = Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS)

for (const code of codes) {
  test(`${code} is answered with its status, its row, and Retry-After where waiting helps`, () => {
    for (const error of [new Refusal(code), new StoreError(code, 'a detail nobody is told')]) {
      const answer = refusedAnswer(error)
      assert.equal(answer.status, ERRORS[code].status)
      assert.equal(answer.body.code, code)
      assert.equal(answer.body.text, ERRORS[code].text)
      assert.equal(answer.retryAfterSeconds !== undefined, ERRORS[code].retry === 'later')
      assert.equal(answer.isFault, false)
    }
  })
}

test('Retry-After is whole seconds, rounded up, and at least one', () => {
  const after = (retryAfterMs: number) =>
    refusedAnswer(new Refusal('rate_limited', { retryAfterMs })).retryAfterSeconds
  assert.deepEqual([after(1), after(1_000), after(1_001), after(60_000)], [1, 1, 2, 60])
})

test('what nobody foresaw is an internal error that tells nothing', () => {
  const errors = [new Error('secret'), new TypeError('secret'), 'secret', undefined, { code: 'x' }]
  for (const error of errors) {
    const answer = refusedAnswer(error)
    assert.equal(answer.isFault, true)
    assert.equal(answer.status, 500)
    assert.doesNotMatch(JSON.stringify(answer.body), /secret/)
  }
})

test("a framework's error that is the caller's doing is a refusal, and no fault", () => {
  const of = (statusCode: number) => refusedAnswer(Object.assign(new Error('x'), { statusCode }))
  assert.deepEqual(
    [of(403).body.code, of(404).body.code, of(415).body.code],
    ['not_found', 'not_found', 'invalid'],
  )
  assert.equal(of(404).isFault, false)
  for (const status of [200, 500, 502]) assert.equal(of(status).isFault, true)
})

test('a code that is none of ours is not taken for one', () => {
  for (const code of ['ENOENT', 'constructor', '__proto__', 'FST_ERR_UNKNOWN']) {
    const error = Object.assign(new Error('x'), { code })
    assert.equal(refusedAnswer(error).body.code, 'internal')
  }
})
