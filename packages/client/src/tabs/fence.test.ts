import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LinkParts } from '../link.ts'
import { FakeClock, settled } from '../testing/fake-environment.ts'
import { FakeServer } from '../testing/fake-server.ts'
import { Realm } from '../testing/realm.ts'
import { TAB_BOUNDS } from './bounds.ts'
import { Fence } from './fence.ts'

/** What the link hears is not looked at here. */
const PARTS = {} as LinkParts

function fenced(leads: () => boolean) {
  const shared = new FakeClock()
  const realm = new Realm('page', () => 0)
  const server = new FakeServer()
  const told: string[] = []
  const fence = new Fence({
    clock: realm.clock(shared),
    leads: async () => {
      told.push('asked')
      return leads()
    },
    lost: () => told.push('lost'),
  })
  const link = fence.guarded(server.openLink)(PARTS)
  const say = () =>
    link.request('read', { channelId: 'c1', cursor: 1 }, (answer) =>
      told.push(answer ? 'answered' : 'not said'),
    )
  return { shared, realm, server, told, fence, say }
}

test('who is awake says everything at once, and asks nobody', async () => {
  const { shared, server, told, fence, say } = fenced(() => true)
  await shared.pass(600_000)
  say()
  assert.deepEqual(server.now.names(), ['read'])
  assert.deepEqual(told, [])
  fence.stop()
  assert.equal(shared.timers, 0)
})

test('who was asleep asks first, and says it where it still leads', async () => {
  const { shared, realm, server, told, fence, say } = fenced(() => true)
  realm.state = 'frozen'
  await shared.pass(TAB_BOUNDS.unsureMsMin)
  realm.state = 'awake'
  say()
  assert.deepEqual(server.now.names(), [], 'not yet')
  await settled()
  assert.deepEqual(server.now.names(), ['read'])
  assert.deepEqual(told, ['asked'])
  fence.stop()
})

test('who was asleep and has lost the lead says nothing', async () => {
  const { shared, realm, server, told, fence, say } = fenced(() => false)
  realm.state = 'frozen'
  await shared.pass(TAB_BOUNDS.unsureMsMin)
  realm.state = 'awake'
  say()
  say()
  await settled()
  assert.deepEqual(server.now.names(), [])
  assert.deepEqual(told, ['asked', 'lost', 'not said', 'not said'])
  fence.stop()
  say()
  await settled()
  assert.deepEqual(server.now.names(), [], 'nor after it has stopped')
})
