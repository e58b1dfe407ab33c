import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOUNDS } from './bounds.ts'
import { FakeClock, settled } from './testing/fake-environment.ts'
import { LazyView } from './view.ts'

test('a snapshot is the same object until something changes, and is computed when it is read', () => {
  let computed = 0
  const view = new LazyView(new FakeClock(), () => {
    computed += 1
    return { computed }
  })
  assert.equal(view.snapshot(), view.snapshot())
  view.invalidate()
  view.invalidate()
  assert.equal(view.snapshot().computed, 2)
})

test('subscribers are told once after the turn, and under load once a frame', async () => {
  const clock = new FakeClock()
  const view = new LazyView(clock, () => 0)
  let told = 0
  const unsubscribe = view.subscribe(() => {
    told += 1
  })
  view.invalidate()
  view.invalidate()
  assert.equal(told, 0)
  await settled()
  assert.equal(told, 1)
  for (let index = 0; index < 10; index += 1) {
    view.invalidate()
    await clock.pass(1)
  }
  assert.equal(told, 1)
  await clock.pass(BOUNDS.notifyIntervalMs)
  assert.equal(told, 2)
  unsubscribe()
  view.invalidate()
  await clock.pass(100)
  assert.equal(told, 2)
})

test('the same function can subscribe twice', async () => {
  const view = new LazyView(new FakeClock(), () => 0)
  let told = 0
  const changed = (): void => {
    told += 1
  }
  const first = view.subscribe(changed)
  view.subscribe(changed)
  first()
  first()
  view.invalidate()
  await settled()
  assert.equal(told, 1)
})

test('stopping lets no timer run on, and nobody miss the last change', async () => {
  const clock = new FakeClock()
  const view = new LazyView(clock, () => 0)
  let told = 0
  view.subscribe(() => {
    told += 1
  })
  view.invalidate()
  await settled()
  view.invalidate()
  assert.equal(clock.timers, 1)
  view.stop()
  assert.equal(clock.timers, 0)
  await settled()
  assert.equal(told, 2)
})
