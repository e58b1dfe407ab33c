import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ChannelView, TimelineItem } from '../types.ts'
import {
  channelPatch,
  EMPTY_CHANNEL,
  EMPTY_SESSION,
  sessionPatch,
  wholeChannel,
  wholeSession,
  withChannelPatch,
  withSessionPatch,
} from './mirror.ts'
import { spliced, spliceOf } from './splice.ts'

const item = (seq: number): TimelineItem => ({
  kind: 'message',
  key: `k${seq}`,
  state: 'sent',
  seq,
  author: { id: 'a', name: 'A' },
  text: `t${seq}`,
  lane: 'chat',
  createdAt: seq,
  edited: false,
})
const view = (items: readonly TimelineItem[]): ChannelView => ({ ...EMPTY_CHANNEL, items })

test('a splice turns one list into the other', () => {
  const list = fc.array(fc.nat(3))
  fc.assert(
    fc.property(list, list, (before, after) => {
      assert.deepEqual(spliced(before, spliceOf(before, after)), after)
    }),
  )
})

test('a message that comes costs one item, also in a list of thousands', () => {
  const items = Array.from({ length: 5_000 }, (_, seq) => item(seq))
  const copy = { version: 1, view: view(items) }
  const next = channelPatch(copy, view([...items, item(5_000)]))
  assert.deepEqual(next.items, { from: 5_000, gone: 0, come: [item(5_000)] })
  const taken = withChannelPatch(copy, next)
  assert.equal(taken?.view.items[17], items[17], 'what stays is the same object')
})

test('a change that does not fit is void, and a whole always fits', () => {
  const copy = { version: 1, view: view([item(1)]) }
  const patch = channelPatch({ ...copy, version: 2 }, view([item(1), item(2)]))
  assert.equal(withChannelPatch(copy, patch), undefined)
  assert.equal(withChannelPatch(undefined, patch), undefined)
  assert.deepEqual(withChannelPatch(undefined, wholeChannel(copy)), copy)
})

test('of the session only what has changed is told', () => {
  const before = { version: 4, view: EMPTY_SESSION }
  assert.equal(sessionPatch(before, { ...EMPTY_SESSION }), undefined)
  const next = { ...EMPTY_SESSION, connection: { status: 'online' as const } }
  const patch = sessionPatch(before, next)
  assert.deepEqual(Object.keys(patch?.fields ?? {}), ['connection'])
  assert.deepEqual(withSessionPatch(before, patch ?? wholeSession(before)), {
    version: 5,
    view: next,
  })
})
