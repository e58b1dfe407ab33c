import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Buckets, type FullAt, take } from './buckets.ts'

const rate = { burst: 3, perSecond: 10 }

describe('a token bucket', () => {
  it('gives a burst, then one token per interval', () => {
    let bucket: FullAt
    const waits = [0, 0, 0, 0, 99, 100].map((now) => {
      const taken = take(bucket, rate, now)
      bucket = taken.fullAt
      return taken.waitMs
    })
    assert.deepEqual(waits, [0, 0, 0, 100, 1, 0])
  })

  it('never gives more than its burst and its rate, and gives a token when it said it would', () => {
    const steps = fc.array(fc.nat(400), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (pauses, perSecond) => {
        const slow = { burst: 2, perSecond }
        let bucket: FullAt
        let now = 0
        let given = 0
        for (const pause of pauses) {
          now += pause
          const taken = take(bucket, slow, now)
          if (taken.waitMs === 0) given++
          else assert.equal(take(taken.fullAt, slow, now + taken.waitMs).waitMs, 0)
          bucket = taken.fullAt
          assert.ok(given <= slow.burst + (now / 1_000) * perSecond + 1e-6)
        }
      }),
    )
  })
})

describe('keyed buckets', () => {
  it('count each key by itself', () => {
    const buckets = new Buckets(rate, 10)
    for (let i = 0; i < 3; i++) assert.equal(buckets.take('a', 0), 0)
    assert.equal(buckets.take('a', 0), 100)
    assert.equal(buckets.take('b', 0), 0)
  })

  it('forget full buckets by themselves', () => {
    const buckets = new Buckets(rate, 1_000)
    for (let i = 0; i < 1_000; i++) buckets.take(`k${i}`, 0)
    assert.equal(buckets.size, 1_000)
    for (let i = 0; i < 20; i++) buckets.take('late', 2_000)
    assert.equal(buckets.size, 1)
  })

  it('never hold more than so many keys, and keep those in use', () => {
    const buckets = new Buckets(rate, 100)
    for (let i = 0; i < 10_000; i++) {
      buckets.take('busy', i / 1_000)
      buckets.take(`k${i}`, i / 1_000)
      assert.ok(buckets.size <= 100)
    }
    assert.notEqual(buckets.take('busy', 10), 0)
  })
})
