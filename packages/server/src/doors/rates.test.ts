import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RATES } from '@madang/protocol'
import fc from 'fast-check'
import { createFakeClock } from '../testing/clock.ts'
import { createRates, scaledRates } from './rates.ts'

const { burst, perSecond } = RATES.person

function spend(rates: ReturnType<typeof createRates>, key: string, times: number): number {
  let taken = 0
  for (let i = 0; i < times; i += 1) if (rates.take('person', key) === 0) taken += 1
  return taken
}

test('a full bucket gives its burst at once, and says how long the next token takes', () => {
  const rates = createRates({ clock: createFakeClock() })
  assert.equal(spend(rates, 'ann', burst + 5), burst)
  assert.equal(rates.take('person', 'ann'), Math.ceil(1_000 / perSecond))
})

test('whoever waits as long as they were told gets their token, and not a millisecond before', async () => {
  const clock = createFakeClock()
  const rates = createRates({ clock })
  spend(rates, 'ann', burst)
  const waitMs = rates.take('person', 'ann')
  await clock.advance(waitMs - 1)
  assert.equal(rates.take('person', 'ann'), 1)
  await clock.advance(1)
  assert.equal(rates.take('person', 'ann'), 0)
})

test('a refused request costs nothing', async () => {
  const clock = createFakeClock()
  const rates = createRates({ clock })
  spend(rates, 'ann', burst + 1_000)
  await clock.advance(1_000)
  assert.equal(spend(rates, 'ann', 1_000), perSecond)
})

test('keys and rates do not share a bucket', () => {
  const rates = createRates({ clock: createFakeClock() })
  spend(rates, 'ann', burst)
  assert.equal(rates.take('person', 'bob'), 0)
  assert.equal(rates.take('reads', 'ann'), 0)
})

test('a scale multiplies burst and refill', async () => {
  const clock = createFakeClock()
  const rates = createRates({ clock, rates: scaledRates(10) })
  assert.equal(spend(rates, 'ann', burst * 10 + 5), burst * 10)
  await clock.advance(1_000)
  assert.equal(spend(rates, 'ann', perSecond * 10 + 5), perSecond * 10)
})

test('full buckets are forgotten, and never more than the bound are kept', async () => {
  const clock = createFakeClock()
  const rates = createRates({ clock, keysMax: 100 })
  for (let i = 0; i < 1_000; i += 1) rates.take('person', `p${i}`)
  assert.ok(rates.size() <= 100)
  await clock.advance(60_000)
  for (let i = 0; i < 200; i += 1) rates.take('person', 'ann')
  assert.equal(rates.size(), 1)
})

test('over any time, nobody gets more than burst + time × rate', async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(waits, async (pauses) => {
      const clock = createFakeClock()
      const rates = createRates({ clock })
      let taken = 0
      for (const pauseMs of pauses) {
        await clock.advance(pauseMs)
        taken += spend(rates, 'ann', 7)
        assert.ok(taken <= burst + (clock.monotonic() / 1_000) * perSecond + 1e-6)
      }
    }),
    { numRuns: 30 },
  )
})
