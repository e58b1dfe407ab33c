import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../random.ts'
import { dueAt, FAIR, slices } from './weather.ts'

const pieces = fc.array(fc.record({ after: fc.nat(50), bytes: fc.integer({ min: 1, max: 9_000 }) }))

test('no piece goes on before the one ahead of it, or before its delay', () => {
  fc.assert(
    fc.property(
      pieces,
      fc.nat(200),
      fc.nat(200),
      fc.nat(100_000),
      fc.integer(),
      (list, ...rest) => {
        const [delayMs, jitterMs, bytesPerSecond, seed] = rest
        const weather = { ...FAIR, delayMs, jitterMs, bytesPerSecond }
        const random = createRandom(seed)
        let [now, lastDue] = [0, 0]
        for (const { after, bytes } of list) {
          now += after
          const due = dueAt(weather, { now, dice: random.next(), bytes, lastDue })
          assert.ok(due >= lastDue && due >= now + delayMs)
          lastDue = due
        }
        const total = list.reduce((sum, { bytes }) => sum + bytes, 0)
        if (bytesPerSecond > 0) assert.ok(lastDue >= (total / bytesPerSecond) * 1_000 - 1e-6)
      },
    ),
  )
})

test('slices are the piece again, none longer than asked for', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(20), (bytes, sliceBytes) => {
      const parts = slices(Buffer.from(bytes), { sliceBytes })
      assert.deepEqual(Buffer.concat(parts), Buffer.from(bytes))
      assert.ok(sliceBytes === 0 || parts.every(({ length }) => length <= sliceBytes))
    }),
  )
})

test('the same seed deals the same, and a fork is not disturbed by what else is drawn', () => {
  const [one, other] = [createRandom(7), createRandom(7)]
  const fork = one.fork('links')
  const drawn = Array.from({ length: 5 }, () => one.next())
  assert.deepEqual(
    drawn,
    Array.from({ length: 5 }, () => other.next()),
  )
  assert.equal(fork.next(), createRandom(7).fork('links').next())
  assert.notEqual(createRandom(7).fork('a').next(), createRandom(7).fork('b').next())
})
