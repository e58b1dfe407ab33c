// A node that stood still for long does nothing of what it was asked before: whoever asked has gone, and may have heard another answer elsewhere.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type Clock, systemClock } from '../clock.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'
import { given } from './testing/given.ts'
import { connect } from './testing/test-client.ts'

it('what a node finds in its connections when it wakes up is not done, and they are closed', async (t) => {
  let stoodStillMs = 0
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + stoodStillMs }
  const { node, ann, core, channelId } = await given(t, { clock })
  const client = await connect(node, ann)
  const before = await client.ask('send', { channelId, clientId: 'before', text: 'before' })
  stoodStillMs = GATEWAY_BOUNDS.stillMsMax + 1
  void client.memory.request('send', { channelId, clientId: 'buffered', text: 'buffered' })
  assert.deepEqual(client.memory.closedBy?.reconnect, true)
  const { channels } = await core.reading.belongings(ann.person.id)
  assert.equal(channels.find(({ id }) => id === channelId)?.head, before.seq)
})

it('where a timer fires before they are read, they are closed, too', async (t) => {
  let stoodStillMs = 0
  const timers: (() => void)[] = []
  const clock: Clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + stoodStillMs,
    every(ms, run) {
      timers.push(run)
      return systemClock.every(ms, run)
    },
  }
  const { node, ann } = await given(t, { clock })
  const client = await connect(node, ann)
  stoodStillMs = GATEWAY_BOUNDS.stillMsMax + 1
  for (const fire of timers) fire()
  assert.equal(client.memory.closedBy?.reconnect, true)
})
