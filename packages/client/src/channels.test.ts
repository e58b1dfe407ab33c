import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MyCommunity } from '@madang/protocol'
import {
  changedChannel,
  channelOf,
  noPlaces,
  withChannel,
  withCommunity,
  withNews,
  withoutChannel,
} from './channels.ts'
import { myChannel } from './testing/fake-server.ts'
import { author } from './testing/model-log.ts'

const community: MyCommunity = {
  id: 'c1',
  name: 'one',
  visibility: 'public',
  createdAt: 0,
  role: 'member',
}

test('a channel that becomes ours is added, one that is known is replaced where it stands', () => {
  const places = withChannel(withChannel(noPlaces, myChannel('a')), myChannel('b'))
  const renamed = withChannel(places, myChannel('a', { name: 'new' }))
  assert.deepEqual(
    renamed.channels.map((one) => [one.id, one.name]),
    [
      ['a', 'new'],
      ['b', 'general'],
    ],
  )
})

test('news of a channel that is older than what is known keeps the counts', () => {
  const places = withChannel(noPlaces, myChannel('a', { head: 9, messages: 9, unread: 3 }))
  const after = channelOf(
    withChannel(places, myChannel('a', { head: 7, messages: 8, unread: 2, role: 'owner' })),
    'a',
  )
  assert.deepEqual([after?.head, after?.unread, after?.role], [9, 3, 'owner'])
  // One's own message came before an old notice did.
  const read = withChannel(noPlaces, myChannel('a', { head: 5, messages: 3, cursor: 5 }))
  const late = channelOf(
    withChannel(read, myChannel('a', { head: 4, messages: 2, cursor: 4 })),
    'a',
  )
  assert.deepEqual([late?.head, late?.cursor, late?.unread], [5, 5, 0])
})

test('a community that is ours no more takes its channels with it', () => {
  const all = withCommunity(withChannel(noPlaces, myChannel('a')), community)
  const other = withChannel(all, myChannel('b', { communityId: 'c2' }))
  const left = withCommunity(other, { ...community, role: null })
  assert.deepEqual(left.communities, [])
  assert.deepEqual(
    left.channels.map((one) => one.id),
    ['b'],
  )
})

test('a community that changes is replaced where it stands', () => {
  const two = withCommunity(withCommunity(noPlaces, community), { ...community, id: 'c2' })
  const after = withCommunity(two, { ...community, role: 'owner' })
  assert.deepEqual(
    after.communities.map((one) => [one.id, one.role]),
    [
      ['c1', 'owner'],
      ['c2', 'member'],
    ],
  )
})

test('what is not known changes nothing', () => {
  const places = withChannel(noPlaces, myChannel('a'))
  assert.equal(withoutChannel(places, 'b'), places)
  assert.equal(
    changedChannel(places, 'b', (one) => ({ ...one, name: 'x' })),
    places,
  )
})

test('a new name and a new role of mine are read from the log', () => {
  const base = { id: 'e', channelId: 'a', seq: 1, createdAt: 0, author: author(1) }
  const channel = myChannel('a')
  const renamed = withNews(channel, { ...base, kind: 'renamed', name: 'n', topic: 't' }, 'me')
  assert.deepEqual([renamed.name, renamed.topic], ['n', 't'])
  const role = { ...base, kind: 'role', subject: author(2), role: 'owner' } as const
  assert.equal(withNews(channel, role, author(2).id).role, 'owner')
  assert.equal(withNews(channel, role, author(3).id), channel)
})
