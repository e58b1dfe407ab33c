import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeClock } from '../testing/clock.ts'
import { createLoadWatch, eventLoopGauge, LOAD, waitFor } from './load.ts'

const busy = { lagMs: 201, utilization: 1 }

test('newcomers wait where timers are late and there is no time left, at random within a range', () => {
  assert.equal(waitFor(busy, 200, 0), LOAD.retryMsMin)
  assert.equal(waitFor(busy, 200, 1), LOAD.retryMsMax)
})

test('nobody waits where only one of both is so', () => {
  assert.equal(waitFor({ ...busy, lagMs: 200 }, 200, 0.5), 0)
  assert.equal(waitFor({ ...busy, utilization: LOAD.utilizationMax }, 200, 0.5), 0)
})

test('nobody ever waits where the bound is 0', async () => {
  assert.equal(waitFor(busy, 0, 0.5), 0)
  const clock = createFakeClock()
  const watch = createLoadWatch({ clock, random: () => 0, lagMsMax: 0 })
  watch.start()
  assert.equal(clock.pending, 0)
  watch.stop()
})

test('newcomers wait for as long as the looks are bad, and not once the watch has stopped', async () => {
  const clock = createFakeClock()
  let look = busy
  const gauge = { start() {}, look: () => look, stop() {} }
  const watch = createLoadWatch({ clock, random: () => 0, lagMsMax: 200, gauge })
  watch.start()
  assert.equal(watch.waitMs(), 0)
  await clock.advance(LOAD.windowMs)
  assert.equal(watch.waitMs(), LOAD.retryMsMin)
  look = { lagMs: 20, utilization: 0.5 }
  await clock.advance(LOAD.windowMs)
  assert.equal(watch.waitMs(), 0)
  look = busy
  await clock.advance(LOAD.windowMs)
  watch.stop()
  watch.stop()
  assert.equal(watch.waitMs(), 0)
  assert.equal(clock.pending, 0)
})

test('the event loop of this thread is seen to be late when it is held up', async () => {
  const gauge = eventLoopGauge()
  gauge.start()
  try {
    // The histogram counts from its first turn on.
    await new Promise((resolve) => setTimeout(resolve, 50))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const { lagMs, utilization } = gauge.look()
    assert.ok(lagMs >= 150, `${lagMs} ms`)
    assert.ok(utilization > 0 && utilization <= 1, String(utilization))
  } finally {
    gauge.stop()
  }
})
