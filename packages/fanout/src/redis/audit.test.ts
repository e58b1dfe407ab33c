import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Subscriptions } from '../link/subscriptions.ts'
import { Audit, heldIn } from './audit.ts'
import type { RedisConnection } from './driver.ts'

/** A connection whose server says that it holds so many subscriptions, or says something else. */
function saying(answer: () => string): { connection: RedisConnection; asked: string[] } {
  const asked: string[] = []
  const connection: RedisConnection = {
    subscribe: async () => {},
    unsubscribe: async () => {},
    publish: async () => {},
    async command(args) {
      asked.push(args.join(' '))
      return args[0] === 'PING' ? 'PONG' : answer()
    },
    close() {},
  }
  return { connection, asked }
}

function holding(count: number): Subscriptions {
  const subscriptions = new Subscriptions({ send: async () => {}, onJoined() {}, now: () => 0 })
  subscriptions.linked()
  for (let i = 0; i < count; i++) subscriptions.want(`${i}`)
  return subscriptions
}

test('a server that holds what it should is kept', async () => {
  const { connection } = saying(() => 'id=3 sub=0 psub=7 ssub=2 multi=-1')
  const audit = new Audit(true)
  for (let i = 0; i < 5; i++) await audit.check(connection, holding(2))
})

test('a difference that stays ends the connection, one that goes does not', async () => {
  let held = 1
  const { connection } = saying(() => `id=3 sub=${held} psub=0 ssub=0`)
  const audit = new Audit(false)
  await audit.check(connection, holding(2))
  held = 2
  await audit.check(connection, holding(2))
  held = 1
  await audit.check(connection, holding(2))
  await assert.rejects(audit.check(connection, holding(2)), /holds 1 subscriptions instead of 2/)
})

test('a server that may not be asked is pinged instead', async () => {
  const { connection, asked } = saying(() => {
    throw new Error('NOPERM no permissions to run the client|info command')
  })
  await new Audit(true).check(connection, holding(2))
  assert.deepEqual(asked, ['CLIENT INFO', 'PING'])
})

test('shard channels are not counted by servers before 7.0.3', () => {
  assert.equal(heldIn('id=3 sub=4 psub=1', true), undefined)
  assert.equal(heldIn('id=3 sub=4 psub=1 ssub=9', true), 9)
  assert.equal(heldIn('id=3 sub=4 psub=1 ssub=9', false), 4)
})
