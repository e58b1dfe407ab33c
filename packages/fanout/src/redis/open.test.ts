import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RedisAddress, RedisDriver } from './driver.ts'
import { keyOf } from './driver.ts'
import { checkServer, openConnection } from './open.ts'

const EVENTS = { onFrame() {}, onUnsubscribed() {}, onClosed() {} }
const SIGNAL = new AbortController().signal
const [first, second]: [RedisAddress, RedisAddress] = [
  { host: 'sentinel-1', port: 26_379 },
  { host: 'sentinel-2', port: 26_379 },
]

/** A driver whose servers answer each command as the test says; an answer that is an error is thrown. */
function driverOf(answers: Record<string, unknown>, sentinelName: string | undefined = 'main') {
  const opened: string[] = []
  const closed: string[] = []
  const driver: RedisDriver = {
    name: 'a driver',
    addresses: [first, second],
    sentinelName,
    async open({ address = first }) {
      const key = keyOf(address)
      opened.push(key)
      return {
        subscribe: async () => {},
        unsubscribe: async () => {},
        publish: async () => {},
        async command(args) {
          const answer = answers[`${key} ${args[0]}`]
          if (answer instanceof Error) throw answer
          return answer
        },
        close: () => void closed.push(key),
      }
    },
  }
  return { driver, opened, closed }
}

test('the master is where the first sentinel that answers says', async () => {
  const { driver, opened, closed } = driverOf({
    'sentinel-1:26379 SENTINEL': new Error('ERR not now'),
    'sentinel-2:26379 SENTINEL': ['10.0.0.5', '6379'],
    '10.0.0.5:6379 ROLE': ['master', 0, []],
  })
  await openConnection({ driver, sharded: false }, EVENTS, SIGNAL)
  assert.deepEqual(opened, ['sentinel-1:26379', 'sentinel-2:26379', '10.0.0.5:6379'])
  assert.deepEqual(closed, ['sentinel-1:26379', 'sentinel-2:26379'])
})

test('a server that is no master any more is refused, and closed', async () => {
  const { driver, closed } = driverOf({
    'sentinel-1:26379 SENTINEL': ['10.0.0.5', '6379'],
    '10.0.0.5:6379 ROLE': ['slave', '10.0.0.6', 6_379],
  })
  await assert.rejects(openConnection({ driver, sharded: false }, EVENTS, SIGNAL), /is a slave/)
  assert.deepEqual(closed, ['sentinel-1:26379', '10.0.0.5:6379'])
})

test('a master that becomes a replica fails its next check', async () => {
  const answers: Record<string, unknown> = { 'sentinel-1:26379 ROLE': ['master', 0, []] }
  const { driver } = driverOf(answers)
  const connection = await driver.open({
    address: first,
    sharded: false,
    events: EVENTS,
    signal: SIGNAL,
  })
  await checkServer({ driver, sharded: false }, connection)
  answers['sentinel-1:26379 ROLE'] = ['slave', '10.0.0.6', 6_379]
  await assert.rejects(checkServer({ driver, sharded: false }, connection), /is a slave/)
})

test('sentinels that do not know the master say so', async () => {
  const { driver, closed } = driverOf({})
  await assert.rejects(
    openConnection({ driver, sharded: false }, EVENTS, SIGNAL),
    /no sentinel knows the master main: it does not know it/,
  )
  assert.equal(closed.length, 2)
})
