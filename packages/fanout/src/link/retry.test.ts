import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { retryDelayMs } from './retry.ts'

const limits = { retryMsMin: 50, retryMsMax: 2_000 }

test('the bound doubles with each failure, up to the longest wait', () => {
  const longest = [1, 2, 3, 6, 1_000].map((failures) => retryDelayMs(failures, 1, limits))
  assert.deepEqual(longest, [100, 200, 400, 2_000, 2_000])
})

test('a wait is never shorter than the shortest nor longer than the longest', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, dice) => {
      const delayMs = retryDelayMs(failures, dice, limits)
      assert.ok(delayMs >= limits.retryMsMin && delayMs <= limits.retryMsMax, `${delayMs}`)
    }),
  )
})
