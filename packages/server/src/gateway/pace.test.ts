import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import fc from 'fast-check'
import { Pace } from './pace.ts'

function newPace(intervalMs = 100) {
  const clock = new FakeClock(0)
  const runs: string[] = []
  const run = (key: string) => runs.push(`${key}@${clock.monotonic()}`)
  return { clock, runs, pace: new Pace<string>({ clock, intervalMs, run }) }
}

describe('a pace', () => {
  it('runs at once, then once at the end of the interval for whatever came in it', () => {
    const { clock, runs, pace } = newPace()
    pace.touch('a')
    clock.advance(30)
    pace.touch('a')
    pace.touch('a')
    pace.touch('b')
    clock.advance(200)
    pace.touch('a')
    assert.deepEqual(runs, ['a@0', 'b@30', 'a@100', 'a@230'])
  })

  it('waits for the end of an interval where there is no hurry', () => {
    const { clock, runs, pace } = newPace()
    pace.touchLater('a')
    clock.advance(60)
    pace.touchLater('a')
    pace.touch('b')
    pace.touchLater('b')
    clock.advance(500)
    assert.deepEqual(runs, ['b@60', 'a@100', 'b@160'])
    assert.equal(pace.size, 0)
  })

  it('keeps nothing of a key that is quiet, and nothing at all once it is stopped', () => {
    const { clock, runs, pace } = newPace()
    for (const key of ['a', 'b', 'c']) pace.touch(key)
    pace.touch('c')
    clock.advance(250)
    assert.equal(pace.size, 0)
    assert.equal(clock.timers, 0)
    pace.touch('a')
    pace.touch('a')
    pace.stop()
    pace.touch('d')
    assert.equal(clock.timers, 0)
    clock.advance(500)
    assert.deepEqual(runs, ['a@0', 'b@0', 'c@0', 'c@100', 'a@250'])
  })

  it('never runs a key twice within an interval, and never later than an interval after its touch', () => {
    const touch = fc.record({ key: fc.constantFrom('a', 'b', 'c'), waitMs: fc.nat(150) })
    fc.assert(
      fc.property(fc.array(touch, { maxLength: 60 }), (touches) => {
        const { clock, runs, pace } = newPace()
        const touched: { key: string; at: number }[] = []
        for (const { key, waitMs } of touches) {
          clock.advance(waitMs)
          touched.push({ key, at: clock.monotonic() })
          pace.touch(key)
        }
        clock.advance(1_000)
        for (const key of ['a', 'b', 'c']) {
          const at = runs.filter((run) => run.startsWith(key)).map((run) => Number(run.slice(2)))
          at.slice(1).forEach((moment, i) => {
            assert.ok(moment - (at[i] ?? 0) >= 100)
          })
          for (const one of touched.filter((each) => each.key === key)) {
            assert.ok(at.some((moment) => moment >= one.at && moment <= one.at + 100))
          }
        }
      }),
    )
  })
})
