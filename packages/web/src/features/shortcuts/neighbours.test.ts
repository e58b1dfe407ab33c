import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MyChannel, MyCommunity } from '@madang/client'
import { type Around, neighbour } from './neighbours.ts'

const community = (id: string): MyCommunity => ({
  id,
  name: id,
  visibility: 'public',
  createdAt: 0,
  role: 'member',
})
const channel = (id: string, communityId: string, unread = 0): MyChannel => ({
  id,
  communityId,
  kind: 'text',
  visibility: 'public',
  name: id,
  topic: '',
  createdAt: 0,
  epoch: 'e',
  head: 0,
  messages: 0,
  role: 'member',
  cursor: 0,
  unread,
})
const AROUND: Around = {
  communities: [community('one'), community('two')],
  channels: [channel('b', 'one'), channel('a', 'one'), channel('c', 'two', 3), channel('d', 'two')],
  communityId: 'one',
  channelId: 'a',
}

test('next and previous go through the channels of the community, in the order of the list', () => {
  assert.equal(neighbour('next', AROUND)?.id, 'b')
  assert.equal(neighbour('previous', { ...AROUND, channelId: 'b' })?.id, 'a')
  assert.equal(neighbour('next', { ...AROUND, channelId: undefined })?.id, 'a')
  assert.equal(neighbour('next', { ...AROUND, communityId: undefined }), undefined)
})

test('the next unread channel may be in another community', () => {
  assert.equal(neighbour('nextUnread', AROUND)?.id, 'c')
  assert.equal(neighbour('previousUnread', AROUND)?.id, 'c')
})

test('where nothing is unread one stays', () => {
  assert.equal(
    neighbour('nextUnread', { ...AROUND, communityId: 'two', channelId: 'c' }),
    undefined,
  )
})
