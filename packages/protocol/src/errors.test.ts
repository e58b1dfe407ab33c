import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ERRORS,
  type ErrorCode,
  ErrorShape,
  errorBody,
  LIMIT_ERRORS,
  LIMITS,
  RATE_ERRORS,
  RATES,
} from './index.ts'

const codes = Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS)

test('every error has a code in snake case, a sentence, a status of a refusal and what to do next', () => {
  for (const code of codes) {
    const row = ERRORS[code]
    assert.match(code, /^[a-z]+(_[a-z]+)*$/)
    assert.match(row.text, /^[A-Z].*[.]$/, code)
    assert.ok(row.status >= 400 && row.status <= 599, code)
    assert.ok(['never', 'later', 'now'].includes(row.retry), code)
  }
})

test('an error that a wait can heal has a status that proxies and stock clients repeat, and no other has', () => {
  for (const code of codes) {
    const isRepeatable = [429, 500, 503].includes(ERRORS[code].status)
    assert.equal(ERRORS[code].retry !== 'never', isRepeatable, code)
  }
})

test('no two errors say the same', () => {
  assert.equal(new Set(codes.map((code) => ERRORS[code].text)).size, codes.length)
})

test('every limit and rate that refuses has an error row, and every other limit says that it does not', () => {
  assert.deepEqual(Object.keys(LIMIT_ERRORS).toSorted(), Object.keys(LIMITS).toSorted())
  assert.deepEqual(Object.keys(RATE_ERRORS).toSorted(), Object.keys(RATES).toSorted())
  for (const code of [...Object.values(LIMIT_ERRORS), ...Object.values(RATE_ERRORS)]) {
    if (code !== null) assert.ok(code in ERRORS, code)
  }
})

test('every error body is what the wire says an error is', () => {
  for (const code of codes) {
    const body = errorBody(code, { retryAfterMs: 1_000, field: 'text', limit: 'textCharsMax' })
    assert.deepEqual(ErrorShape.parse(body), body)
    assert.deepEqual(ErrorShape.parse(errorBody(code)), errorBody(code))
  }
})

test('rates refill and let at least one request through', () => {
  for (const [name, { burst, perSecond }] of Object.entries(RATES)) {
    assert.ok(burst >= 1 && perSecond > 0, name)
  }
})
