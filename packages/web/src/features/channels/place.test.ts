import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MyChannel } from '@madang/client'
import { badge, channelName, sectionsOf, unreadIn } from './channels.ts'
import { type Belongings, placeOf, type Visits } from './place.ts'

const channel = (id: string, over: Partial<MyChannel> = {}): MyChannel => ({
  id,
  communityId: 'c1',
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
  unread: 0,
  ...over,
})

const community = (id: string) =>
  ({ id, name: id, visibility: 'public', createdAt: 0, role: 'member' }) as const

const direct = (id: string, ...names: readonly string[]) =>
  channel(id, { kind: 'direct', peers: names.map((name) => ({ id: name, name })) })

const MINE: Belongings = {
  known: true,
  communities: [community('c1'), community('c2')],
  channels: [channel('b'), channel('a'), direct('d', 'Mina'), channel('z', { communityId: 'c2' })],
}

const visited = (communityId?: string, channelId?: string): Visits => ({
  community: () => communityId,
  channel: () => channelId,
})

test('nothing is shown before it is known where a person belongs', () => {
  const unknown = { known: false, communities: [], channels: [] }
  assert.deepEqual(placeOf({ page: 'home' }, unknown, visited()), { at: 'loading' })
})

test('home leads to the last visited place, else to the first', () => {
  const home = (visits: Visits, mine = MINE) => placeOf({ page: 'home' }, mine, visits)
  const to = (communityId: string, channelId: string) => ({
    at: 'elsewhere',
    route: { page: 'channel', communityId, channelId },
  })
  assert.deepEqual(home(visited()), to('c1', 'a'))
  assert.deepEqual(home(visited('c1', 'b')), to('c1', 'b'))
  assert.deepEqual(home(visited('c2')), to('c2', 'z'))
  assert.deepEqual(home(visited('gone', 'gone')), to('c1', 'a'))
})

test('a channel one is in goes before one that one could only watch', () => {
  const mine = { ...MINE, channels: [channel('a', { kind: 'live', role: null }), channel('b')] }
  const place = placeOf({ page: 'community', communityId: 'c1' }, mine, visited())
  assert.deepEqual(place.at === 'elsewhere' && place.route, {
    page: 'channel',
    communityId: 'c1',
    channelId: 'b',
  })
})

test('who belongs nowhere is shown what there is', () => {
  const nowhere = { known: true, communities: [], channels: [] }
  const place = placeOf({ page: 'home' }, nowhere, visited())
  assert.deepEqual(place, { at: 'elsewhere', route: { page: 'communities' } })
})

test('a community without channels of mine is browsed', () => {
  const mine = { ...MINE, channels: [] }
  const place = placeOf({ page: 'community', communityId: 'c1' }, mine, visited())
  assert.deepEqual(place, { at: 'elsewhere', route: { page: 'browse', communityId: 'c1' } })
})

test('the address of a community that one is not in is an invitation, whatever of it is named', () => {
  for (const route of [
    { page: 'community', communityId: 'c3' },
    { page: 'browse', communityId: 'c3' },
    { page: 'channel', communityId: 'c3', channelId: 'a' },
  ] as const) {
    assert.deepEqual(placeOf(route, MINE, visited()), { at: 'invited', communityId: 'c3' })
  }
})

test('a channel that is not mine has no channel yet', () => {
  const place = placeOf({ page: 'channel', communityId: 'c1', channelId: 'x' }, MINE, visited())
  assert.deepEqual(place, { at: 'channel', communityId: 'c1', channelId: 'x', channel: undefined })
})

test('channels are in the order of their names, direct ones apart', () => {
  const all = [channel('v10'), channel('v2'), direct('d2', 'Theo'), direct('d1', 'Ana')]
  const { channels, direct: talks } = sectionsOf(all, 'c1')
  assert.deepEqual(
    [...channels, ...talks].map(({ id }) => id),
    ['v2', 'v10', 'd1', 'd2'],
  )
})

test('a direct channel goes by the others in it', () => {
  assert.equal(channelName(direct('d', 'Mina', 'Jun'), 'just me'), 'Mina, Jun')
  assert.equal(channelName(direct('d'), 'just me'), 'just me')
  assert.equal(channelName(channel('general'), 'just me'), 'general')
})

test('unread is counted per community, and a badge stays short', () => {
  const all = [
    channel('a', { unread: 2 }),
    channel('b', { unread: 3 }),
    channel('z', { communityId: 'c2', unread: 9 }),
  ]
  assert.equal(unreadIn(all, 'c1'), 5)
  const watched = channel('w', { kind: 'live', role: null, unread: 7 })
  assert.equal(unreadIn([...all, watched], 'c1'), 5, 'whoever watches has nothing unread')
  assert.deepEqual([badge(7), badge(99), badge(100)], ['7', '99', '99+'])
})
