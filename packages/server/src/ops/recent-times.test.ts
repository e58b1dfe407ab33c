import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RecentTimes } from './recent-times.ts'

function ground() {
  const clock = { now: 0 }
  return { clock, times: new RecentTimes(() => clock.now) }
}

test('nothing lately is null, and what is older than half a minute is nothing', () => {
  const { clock, times } = ground()
  assert.equal(times.read(), null)
  times.add(5)
  clock.now = 14_999
  assert.equal(times.read()?.events, 1)
  clock.now = 15_000
  assert.equal(times.read()?.events, 1)
  clock.now = 30_000
  assert.equal(times.read(), null)
  times.add(1)
  clock.now = 100_000
  assert.equal(times.read(), null)
})

test('percentiles are right within the width of a bucket', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.2, max: 100_000, noNaN: true }), { minLength: 1 }),
      (all) => {
        const { times } = ground()
        for (const ms of all) times.add(ms)
        const sorted = all.toSorted((a, b) => a - b)
        const read = times.read() ?? assert.fail()
        for (const [part, told] of [
          [0.5, read.p50Ms],
          [0.99, read.p99Ms],
        ] as const) {
          const exact = sorted[Math.ceil(all.length * part) - 1] ?? assert.fail()
          assert.ok(told >= exact * 0.99 && told <= exact * 1.13, `${told} for ${exact}`)
        }
        assert.equal(read.events, all.length)
      },
    ),
  )
})

test('what is no time at all, or endless, is counted and breaks nothing', () => {
  const { times } = ground()
  for (const ms of [0, -5, Number.NaN, Number.POSITIVE_INFINITY, 1e12]) times.add(ms)
  assert.equal(times.read()?.events, 5)
})
