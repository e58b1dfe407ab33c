import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeClock } from '../testing/clock.ts'
import { createHealth, type HealthParts, pingMs } from './health.ts'

function scene(given: Partial<HealthParts> = {}) {
  const clock = createFakeClock()
  let pings = 0
  const health = createHealth({
    clock,
    phase: () => 'running',
    isBrokerConnected: () => true,
    ...given,
    pingStore() {
      pings += 1
      return given.pingStore?.() ?? Promise.resolve()
    },
  })
  return { clock, health, pings: () => pings }
}

test('a node that runs, with store and broker, is ready', async () => {
  assert.deepEqual(await scene().health.readiness(), {
    status: 'ready',
    phase: 'running',
    parts: { store: 'up', broker: 'up' },
  })
})

test('without its broker a node is degraded, and still ready for work', async () => {
  const { status, parts } = await scene({ isBrokerConnected: () => false }).health.readiness()
  assert.deepEqual([status, parts.broker], ['degraded', 'down'])
})

test('without its store a node is not ready', async () => {
  const { status, parts } = await scene({
    pingStore: () => Promise.reject(new Error('secret detail')),
  }).health.readiness()
  assert.deepEqual([status, parts.store], ['not_ready', 'down'])
})

for (const phase of ['new', 'starting', 'draining', 'stopping', 'stopped']) {
  test(`a node that is ${phase} is not ready`, async () => {
    const readiness = await scene({ phase: () => phase }).health.readiness()
    assert.deepEqual([readiness.status, readiness.phase], ['not_ready', phase])
  })
}

test('the store is asked once a second, however many ask', async () => {
  const { health, clock, pings } = scene()
  await Promise.all(Array.from({ length: 1_000 }, () => health.readiness()))
  assert.equal(pings(), 1)
  await clock.advance(pingMs.cached - 1)
  await health.readiness()
  assert.equal(pings(), 1)
  await clock.advance(1)
  await health.readiness()
  assert.equal(pings(), 2)
})

test('a store that does not answer is down after its bound, and no timer is left', async () => {
  const { health, clock } = scene({ pingStore: () => new Promise(() => {}) })
  const asked = health.readiness()
  await clock.advance(pingMs.max)
  assert.equal((await asked).parts.store, 'down')
  assert.equal(clock.pending, 0)
})

test('a node that drains, or has lost its store, is alive', () => {
  const { health } = scene({
    phase: () => 'draining',
    pingStore: () => Promise.reject(new Error()),
  })
  assert.deepEqual(health.liveness(), { status: 'alive' })
})

test('of several workers each answers for the host: also one that leaves while others serve', async () => {
  const clock = createFakeClock()
  const seen = { wanted: 2, ready: 2, stopping: false }
  let phase = 'running'
  const health = createHealth({
    clock,
    phase: () => phase,
    pingStore: async () => {},
    isBrokerConnected: () => true,
    workers: () => seen,
  })
  const status = async () => (await health.readiness()).status
  assert.equal(await status(), 'ready')
  assert.deepEqual((await health.readiness()).workers, { wanted: 2, ready: 2 })
  phase = 'draining'
  assert.equal(await status(), 'ready')
  seen.ready = 1
  assert.equal(await status(), 'degraded')
  seen.ready = 0
  assert.equal(await status(), 'not_ready')
  phase = 'running'
  Object.assign(seen, { ready: 2, stopping: true })
  assert.equal(await status(), 'not_ready')
})
