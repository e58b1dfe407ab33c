import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../testing/fake-environment.ts'
import type { ChannelView, TimelineMessage } from '../types.ts'
import { EMPTY_CHANNEL, wholeChannel } from './mirror.ts'
import { RemoteChannel } from './remote-channel.ts'

const author = { id: 'ann', name: 'Ann' }

const message = (key: string, seq: number | undefined): TimelineMessage => ({
  ...{ kind: 'message', key, seq, author, text: key, lane: 'chat', createdAt: 0, edited: false },
  state: seq === undefined ? 'pending' : 'sent',
})

const whole = (items: readonly TimelineMessage[], loaded: boolean) => {
  const view: ChannelView = { ...EMPTY_CHANNEL, items, loaded }
  return wholeChannel({ version: 1, view })
}

test('what the last host has sent is not shown again where the next one still has it to send', () => {
  const parts = { clock: new FakeClock(), self: () => undefined, handed: () => [] }
  const channel = new RemoteChannel('hall', parts)
  channel.take(whole([message('one', 1), message('two', 2)], true))
  channel.drop()
  channel.take(whole([message('three', undefined), message('two', undefined)], false))
  const keys = channel.view.snapshot().items.map(({ key }) => key)
  assert.deepEqual(keys, ['one', 'two', 'three'])
})
