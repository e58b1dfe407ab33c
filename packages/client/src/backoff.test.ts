import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { backoffMs } from './backoff.ts'

const BOUNDS = { baseMs: 500, maxMs: 10_000 }
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

test('a wait is anything from nothing to a cap that doubles and ends', () => {
  fc.assert(
    fc.property(fc.nat(10_000), random, (attempt, chance) => {
      const waitMs = backoffMs(attempt, BOUNDS, chance)
      assert.ok(waitMs >= 0 && waitMs < BOUNDS.maxMs)
      if (attempt < 4) assert.ok(waitMs < BOUNDS.baseMs * 2 ** attempt)
    }),
  )
  assert.equal(backoffMs(2, BOUNDS, 0.5), 1_000)
})

test('what the server asks for is the least that is waited', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(100_000), random, (attempt, retryAfterMs, chance) => {
      const waitMs = backoffMs(attempt, BOUNDS, chance, retryAfterMs)
      assert.ok(waitMs >= retryAfterMs && waitMs <= retryAfterMs + BOUNDS.baseMs)
    }),
  )
})
