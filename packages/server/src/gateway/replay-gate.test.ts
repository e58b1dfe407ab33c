import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock, settle } from '@madang/fanout/testing'
import { Refusal } from '../core/refusal.ts'
import { ReplayGate } from './replay-gate.ts'

const bounds = {
  replaysRunningMax: 2,
  replaysWaitingMax: 4,
  replayWaitMsMax: 3_000,
  replayEventsPerSecond: 100,
}

function given() {
  const clock = new FakeClock()
  const gate = new ReplayGate({ clock, random: () => 0.5, bounds })
  const told: string[] = []
  const come = (name: string) =>
    gate.enter().then(
      () => told.push(name),
      (error) => {
        assert.ok(error instanceof Refusal)
        const { code, retryAfterMs, limit } = error.body
        assert.deepEqual([code, retryAfterMs, limit], ['busy', 3_000, 'replaysWaitingMax'])
        told.push(`${name} refused`)
      },
    )
  return { clock, gate, told, come }
}

test('so many enter at a time, and the others in the order in which they came', async () => {
  const { gate, told, come } = given()
  for (const name of ['a', 'b', 'c', 'd']) void come(name)
  await settle()
  assert.deepEqual(told, ['a', 'b'])
  gate.leave(1)
  await settle()
  assert.deepEqual(told, ['a', 'b', 'c'])
  assert.deepEqual(gate.size, { running: 2, waiting: 1 })
  gate.stop()
})

test('what was handed over is paid for in time', async () => {
  const { clock, gate, told, come } = given()
  await come('a')
  gate.leave(250)
  void come('b')
  await clock.run(1_499)
  assert.deepEqual(told, ['a'])
  await clock.run(1)
  assert.deepEqual(told, ['a', 'b'])
  gate.leave(0)
  assert.equal(clock.timers, 0)
})

test('whoever waits too long, or comes when too many wait, is told when to come again', async () => {
  const { clock, told, come } = given()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) void come(name)
  await settle()
  assert.deepEqual(told, ['a', 'b', 'g refused'])
  await clock.run(2_999)
  assert.equal(told.length, 3)
  await clock.run(1)
  assert.deepEqual(told.slice(3), ['c refused', 'd refused', 'e refused', 'f refused'])
  assert.equal(clock.timers, 0)
})

test('when it stops nobody is left waiting', async () => {
  const { clock, gate, told, come } = given()
  for (const name of ['a', 'b', 'c']) void come(name)
  gate.stop()
  await settle()
  assert.ok(told.includes('c refused'))
  await come('d')
  assert.ok(told.includes('d refused'))
  assert.equal(clock.timers, 0)
})
