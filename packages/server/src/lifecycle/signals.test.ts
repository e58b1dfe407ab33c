import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { createLog } from '../log.ts'
import { createFakeClock } from '../testing/clock.ts'
import { obeySignals, type Stoppable } from './signals.ts'

function scene(given: Partial<Stoppable> = {}) {
  const steps: string[] = []
  const lines: string[] = []
  const clock = createFakeClock()
  const events = new EventEmitter()
  const app: Stoppable = {
    async drain() {
      steps.push('drain')
      await given.drain?.()
    },
    async stop() {
      steps.push('stop')
      return (await given.stop?.()) ?? []
    },
  }
  const release = obeySignals({
    host: Object.assign(events, { exit: (code: number) => void steps.push(`exit ${code}`) }),
    app,
    clock,
    log: createLog({
      level: 'info',
      format: 'json',
      sink: { write: (line) => void lines.push(line) },
    }),
    shutdownMsMax: 1_000,
    faultMsMax: 100,
  })
  return { steps, lines, clock, events, release }
}

const never = () => new Promise<never>(() => {})

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} drains, stops and exits with 0`, async () => {
    const { steps, clock, events } = scene()
    events.emit(signal)
    await clock.advance(0)
    assert.deepEqual(steps, ['drain', 'stop', 'exit 0'])
    assert.equal(clock.pending, 0)
  })
}

for (const [signal, afterMs, code] of [
  ['SIGTERM', 500, 143],
  ['SIGINT', 0, 130],
] as const) {
  test(`a second signal, ${signal} after ${afterMs} ms, exits at once with ${code}`, async () => {
    const { steps, clock, events } = scene({ drain: never })
    events.emit('SIGTERM')
    await clock.advance(afterMs)
    events.emit(signal)
    assert.deepEqual(steps, ['drain', `exit ${code}`])
  })
}

test('one signal that arrives twice, as from a supervisor and from a parent, is one', async () => {
  const gate = Promise.withResolvers<void>()
  const { steps, clock, events } = scene({ drain: () => gate.promise })
  events.emit('SIGTERM')
  await clock.advance(499)
  events.emit('SIGTERM')
  gate.resolve()
  await clock.advance(0)
  assert.deepEqual(steps, ['drain', 'stop', 'exit 0'])
})

test('a shutdown that takes too long exits with 1', async () => {
  const { steps, clock, events } = scene({ drain: never })
  events.emit('SIGTERM')
  await clock.advance(999)
  assert.deepEqual(steps, ['drain'])
  await clock.advance(1)
  assert.deepEqual(steps, ['drain', 'exit 1'])
})

test('a service that did not stop cleanly makes the exit code 1', async () => {
  const { steps, clock, events } = scene({ stop: () => Promise.resolve(['store']) })
  events.emit('SIGTERM')
  await clock.advance(0)
  assert.deepEqual(steps, ['drain', 'stop', 'exit 1'])
})

test('a fault that nobody caught is logged, and stops without draining, with 1', async () => {
  const { steps, clock, events, lines } = scene()
  events.emit('uncaughtException', new Error('impossible'))
  await clock.advance(0)
  assert.deepEqual(steps, ['stop', 'exit 1'])
  assert.match(lines.join(), /"level":"fatal".*impossible/)
})

test('a stop after a fault has its own, shorter bound', async () => {
  const { steps, clock, events } = scene({ stop: never })
  events.emit('uncaughtException', new Error('impossible'))
  await clock.advance(100)
  assert.deepEqual(steps, ['stop', 'exit 1'])
})

test('a fault while draining lets the drain finish, and makes the exit code 1', async () => {
  const gate = Promise.withResolvers<void>()
  const { steps, clock, events } = scene({ drain: () => gate.promise })
  events.emit('SIGTERM')
  events.emit('uncaughtException', new Error('late'))
  gate.resolve()
  await clock.advance(0)
  assert.deepEqual(steps, ['drain', 'stop', 'exit 1'])
})

test('a stop that rejects exits with 1', async () => {
  const { steps, clock, events } = scene({ stop: () => Promise.reject(new Error('no')) })
  events.emit('SIGINT')
  await clock.advance(0)
  assert.deepEqual(steps, ['drain', 'stop', 'exit 1'])
})

test('released, it listens to nothing', () => {
  const { events, release } = scene()
  release()
  assert.deepEqual(events.eventNames(), [])
})
