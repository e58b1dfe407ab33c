import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ERRORS, type ErrorCode, errorBody } from '@madang/protocol/errors'
import { errorFrom, goneError, NOT_CONNECTED, OUTCOME_UNKNOWN, refusal } from './refusals.ts'

test('what the client refuses by itself are rows of the dictionary, word for word', () => {
  for (const code of ['invalid', 'limit_reached', 'not_member', 'banned', 'not_found'] as const) {
    assert.deepEqual(refusal(code, { limit: 'one' }), errorBody(code, { limit: 'one' }))
  }
  assert.deepEqual(goneError('kicked'), errorBody('not_member'))
  assert.deepEqual(goneError('banned'), errorBody('banned'))
  assert.deepEqual(goneError('deleted'), errorBody('not_found'))
  for (const own of [NOT_CONNECTED, OUTCOME_UNKNOWN]) {
    assert.equal(own.retry, ERRORS[own.code].retry)
  }
})

test('every code of the dictionary is known, and one of a newer server keeps its text and advice', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    assert.deepEqual(errorFrom(errorBody(code)), errorBody(code))
  }
  const newer = { code: 'on_holiday', text: 'We are on holiday.', retry: 'later', retryAfterMs: 9 }
  assert.deepEqual(errorFrom(newer), { ...newer, code: 'internal' })
})

test('what is no row is none', () => {
  const row = errorBody('busy')
  for (const value of [null, 'busy', {}, { ...row, retry: 'soon' }, { ...row, text: 1 }]) {
    assert.equal(errorFrom(value), undefined)
  }
})
