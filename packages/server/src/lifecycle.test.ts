import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLifecycle, type Service, StartFailure } from './lifecycle.ts'
import { createLog } from './log.ts'
import { createFakeClock } from './testing/clock.ts'

function scene(...given: (string | Service)[]) {
  const steps: string[] = []
  const lines: string[] = []
  const clock = createFakeClock()
  const services = given.map((service): Service => {
    if (typeof service !== 'string') return service
    return {
      name: service,
      start: () => void steps.push(`start ${service}`),
      drain: () => void steps.push(`drain ${service}`),
      stop: () => void steps.push(`stop ${service}`),
    }
  })
  const log = createLog({
    level: 'error',
    format: 'json',
    sink: { write: (line) => void lines.push(line) },
  })
  const deadlines = { startMsMax: 300, drainMsMax: 200, stopMsMax: 100 }
  return { steps, lines, clock, lifecycle: createLifecycle({ services, clock, log, deadlines }) }
}

const never = () => new Promise<void>(() => {})

test('services start in order, drain and stop in reverse', async () => {
  const { steps, lifecycle, clock } = scene('store', 'feeds', 'http')
  assert.equal(lifecycle.phase, 'new')
  await lifecycle.start()
  assert.equal(lifecycle.phase, 'running')
  await lifecycle.drain()
  assert.equal(lifecycle.phase, 'draining')
  assert.deepEqual(await lifecycle.stop(), [])
  assert.equal(lifecycle.phase, 'stopped')
  assert.deepEqual(steps, [
    ...['start store', 'start feeds', 'start http'],
    ...['drain http', 'drain feeds', 'drain store'],
    ...['stop http', 'stop feeds', 'stop store'],
  ])
  assert.equal(clock.pending, 0)
})

test('draining or stopping twice is doing it once', async () => {
  const { steps, lifecycle } = scene('store')
  await lifecycle.start()
  await Promise.all([lifecycle.drain(), lifecycle.drain()])
  await Promise.all([lifecycle.stop(), lifecycle.stop()])
  await lifecycle.stop()
  assert.deepEqual(steps, ['start store', 'drain store', 'stop store'])
})

test('a service that fails to start is stopped with those before it, and named', async () => {
  const broken: Service = { name: 'broken', start: () => Promise.reject(new Error('no disk')) }
  const { steps, lifecycle } = scene('store', 'feeds', broken, 'http')
  await assert.rejects(lifecycle.start(), (error) => {
    assert.ok(error instanceof StartFailure)
    assert.equal(error.service, 'broken')
    assert.equal(error.message, 'no disk')
    assert.equal(error.isStopped, false)
    return true
  })
  assert.deepEqual(steps, ['start store', 'start feeds', 'stop feeds', 'stop store'])
  assert.equal(lifecycle.phase, 'stopped')
  assert.deepEqual(await lifecycle.stop(), [])
})

test('a service that throws, not rejects, fails to start likewise', async () => {
  const broken: Service = {
    name: 'broken',
    start() {
      throw new Error('at once')
    },
  }
  await assert.rejects(scene(broken).lifecycle.start(), { message: 'at once' })
})

test('a service that is late to start is given up at its deadline', async () => {
  const { steps, lifecycle, clock } = scene('store', { name: 'slow', start: never })
  const started = assert.rejects(lifecycle.start(), {
    message: 'slow: start took longer than 300 ms',
  })
  await clock.advance(299)
  assert.equal(lifecycle.phase, 'starting')
  await clock.advance(1)
  await started
  assert.deepEqual(steps, ['start store', 'stop store'])
  assert.equal(clock.pending, 0)
})

test('a service that is late or fails while draining or stopping does not keep the others', async () => {
  const { steps, lifecycle, clock, lines } = scene(
    'store',
    { name: 'stuck', drain: never, stop: never },
    { name: 'broken', drain: () => Promise.reject(new Error('a')), stop: () => assert.fail('b') },
    'http',
  )
  await lifecycle.start()
  const drained = lifecycle.drain()
  await clock.advance(200)
  await drained
  const stopped = lifecycle.stop()
  await clock.advance(100)
  assert.deepEqual((await stopped).toSorted(), ['broken', 'stuck'])
  assert.deepEqual(steps.slice(2), ['drain http', 'drain store', 'stop http', 'stop store'])
  assert.equal(lines.length, 4)
  assert.equal(clock.pending, 0)
})

test('a service may have its own deadline', async () => {
  const { lifecycle, clock } = scene({
    name: 'patient',
    drain: never,
    deadlines: { drainMsMax: 5_000 },
  })
  await lifecycle.start()
  let isDrained = false
  const drained = lifecycle.drain().then(() => {
    isDrained = true
  })
  await clock.advance(4_999)
  assert.equal(isDrained, false)
  await clock.advance(1)
  await drained
})

test('stopping while starting ends the start and stops what was begun', async () => {
  const gate = Promise.withResolvers<void>()
  const { steps, lifecycle } = scene('store', { name: 'slow', start: () => gate.promise }, 'http')
  const started = assert.rejects(lifecycle.start(), {
    message: 'told to stop while starting',
    isStopped: true,
  })
  const stopped = lifecycle.stop()
  gate.resolve()
  await Promise.all([started, stopped])
  assert.deepEqual(steps, ['start store', 'stop store'])
  assert.equal(lifecycle.phase, 'stopped')
})

test('what never started is neither drained nor started after a stop', async () => {
  const { steps, lifecycle } = scene('store')
  await lifecycle.drain()
  await lifecycle.stop()
  await assert.rejects(lifecycle.start(), StartFailure)
  assert.deepEqual(steps, [])
})
