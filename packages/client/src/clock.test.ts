import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { steady } from './clock.ts'

test('a clock that is set back goes on from where it was', () => {
  const readings = [1_000, 2_000, 500, 600, 700]
  const now = steady(() => readings.shift() ?? 0)
  assert.deepEqual([now(), now(), now(), now(), now()], [1_000, 2_000, 2_000, 2_100, 2_200])
})

test('however a clock is set, time never goes back, and passes as fast as the clock says', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e7, max: 1e7 }), { minLength: 1 }), (steps) => {
      let at = 1e12
      const now = steady(() => at)
      let before = now()
      for (const step of steps) {
        at += step
        const after = now()
        assert.equal(after - before, Math.max(0, step))
        before = after
      }
    }),
  )
})
