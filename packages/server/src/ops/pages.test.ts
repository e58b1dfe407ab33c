import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeClock } from '../testing/clock.ts'
import { createHealth } from './health.ts'
import { createMetrics } from './metrics.ts'
import { opsPages } from './pages.ts'

function ask(path: string, given: { phase?: string; token?: string; shown?: string } = {}) {
  const health = createHealth({
    clock: createFakeClock(),
    phase: () => given.phase ?? 'running',
    pingStore: () => Promise.resolve(),
    isBrokerConnected: () => true,
  })
  const pages = opsPages({ health, metrics: createMetrics(), metricsToken: given.token })
  const page = pages.find((each) => each.path === path) ?? assert.fail()
  return page.answer({ authorization: given.shown })
}

test('liveness is 200 in any phase', async () => {
  for (const phase of ['running', 'draining']) {
    assert.equal((await ask('/health/liveness', { phase })).status, 200)
  }
})

test('readiness is 200 while the node runs, and 503 once it drains', async () => {
  const ready = await ask('/health/readiness')
  assert.deepEqual([ready.status, JSON.parse(ready.body).status], [200, 'ready'])
  const draining = await ask('/health/readiness', { phase: 'draining' })
  assert.deepEqual([draining.status, JSON.parse(draining.body).status], [503, 'not_ready'])
})

test('the health pages tell no version, name or address', async () => {
  for (const path of ['/health/liveness', '/health/readiness']) {
    assert.doesNotMatch((await ask(path)).body, /\d+\.\d+|:\/\/|node|version/)
  }
})

test('metrics are open where no token is set', async () => {
  assert.equal((await ask('/metrics')).status, 200)
})

test('metrics are for those who show the token, where one is set', async () => {
  const token = 'sixteen-letters-'
  const status = async (shown?: string) =>
    (await ask('/metrics', { token, ...(shown !== undefined && { shown }) })).status
  assert.equal(await status(`Bearer ${token}`), 200)
  for (const shown of [undefined, '', token, `Bearer ${token}x`, 'Bearer ', `Basic ${token}`]) {
    assert.equal(await status(shown), 401, String(shown))
  }
})
