import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { Link } from './link.ts'

const LIMITS = {
  connectMsMax: 1_000,
  heartbeatMs: 500,
  replyMsMax: 2_000,
  retryMsMin: 100,
  retryMsMax: 800,
}

/** A link to a server whose every answer the test gives. */
function ground() {
  const clock = new FakeClock()
  const attempts: { up(name: string): void; fail(reason: string): void }[] = []
  const checks: { answer(): void; refuse(reason: string): void }[] = []
  const told: string[] = []
  const closed: string[] = []
  const closers: ((reason: string) => void)[] = []
  const link = new Link<string>({
    connect(onClosed) {
      closers.push(onClosed)
      return new Promise((resolve, reject) => {
        attempts.push({ up: resolve, fail: (reason) => reject(new Error(reason)) })
      })
    },
    close: (connection) => closed.push(connection),
    check: () =>
      new Promise((resolve, reject) => {
        checks.push({ answer: resolve, refuse: (reason) => reject(new Error(reason)) })
      }),
    onUp: (connection) => told.push(`up ${connection}`),
    onDown: (connection, reason) => told.push(`down ${connection}: ${reason}`),
    limits: LIMITS,
    clock,
    random: () => 1,
  })
  return { clock, attempts, checks, told, closed, closers, link }
}

/** A link that is up, as `first`. */
async function up() {
  const made = ground()
  const started = made.link.start()
  made.attempts[0]?.up('first')
  await started
  return made
}

test('start resolves with the first attempt, whatever comes of it', async () => {
  const { link, attempts } = ground()
  const started = link.start()
  assert.equal(link.isAway, false)
  attempts[0]?.fail('refused')
  await started
  assert.equal(link.isAway, true)
  assert.equal(link.detail, 'refused')
})

test('attempts go on for ever, each after a longer wait, up to the longest', async () => {
  const { link, attempts, clock } = ground()
  void link.start()
  const waits: number[] = []
  for (let i = 0; i < 6; i++) {
    const before = attempts.length
    attempts.at(-1)?.fail('refused')
    await settle()
    let waited = 0
    for (; attempts.length === before; waited += 50) clock.advance(50)
    waits.push(waited)
  }
  assert.deepEqual(waits, [200, 400, 800, 800, 800, 800])
  assert.equal(clock.timers, 1)
  link.stop()
  assert.equal(clock.timers, 0)
})

test('an attempt that hangs is given up, and its connection closed when it comes after all', async () => {
  const { link, attempts, clock, closed, told } = ground()
  void link.start()
  await clock.run(LIMITS.connectMsMax)
  assert.equal(link.isAway, true)
  await clock.run(LIMITS.retryMsMax)
  attempts[1]?.up('second')
  attempts[0]?.up('first')
  await settle()
  assert.equal(link.connection, 'second')
  assert.deepEqual(closed, ['first'])
  assert.deepEqual(told, ['up second'])
})

test('a server that stands still is noticed by its silence', async () => {
  const { link, clock, told, checks } = await up()
  await clock.run(LIMITS.heartbeatMs)
  assert.equal(checks.length, 1)
  await clock.run(LIMITS.replyMsMax)
  assert.equal(link.connection, 'first')
  await clock.run(50)
  assert.deepEqual(told, ['up first', 'down first: no answer within 2000 ms'])
  checks[0]?.answer()
  await settle()
  assert.equal(link.isAway, true)
})

test('an answer that was there but not read yet when the deadline fell still counts', async () => {
  const { link, clock, checks } = await up()
  clock.advance(LIMITS.heartbeatMs)
  clock.advance(LIMITS.replyMsMax)
  checks[0]?.answer()
  await settle()
  await clock.run(100)
  assert.equal(link.connection, 'first')
})

test('a server that answers is asked again and again', async () => {
  const { link, clock, checks } = await up()
  for (let i = 0; i < 5; i++) {
    await clock.run(LIMITS.heartbeatMs)
    checks.at(-1)?.answer()
    await settle()
  }
  assert.equal(checks.length, 5)
  assert.equal(link.connection, 'first')
})

test('a connection that fails its check, or that the server closes, is opened anew', async () => {
  const { clock, checks, attempts, closers, told } = await up()
  await clock.run(LIMITS.heartbeatMs)
  checks[0]?.refuse('not the master')
  await clock.run(LIMITS.retryMsMax)
  attempts[1]?.up('second')
  await settle()
  closers[1]?.('hung up')
  // What belongs to the connection before it counts for nothing.
  closers[0]?.('late')
  assert.deepEqual(told, [
    'up first',
    'down first: not the master',
    'up second',
    'down second: hung up',
  ])
})

test('stop closes the connection, or the one that is still to come, and leaves no timer', async () => {
  const one = await up()
  one.link.stop()
  one.link.stop()
  assert.deepEqual([one.closed, one.clock.timers, one.told], [['first'], 0, ['up first']])
  const other = ground()
  const started = other.link.start()
  other.link.stop()
  await started
  other.attempts[0]?.up('late')
  await settle()
  assert.deepEqual([other.closed, other.clock.timers, other.told], [['late'], 0, []])
})
