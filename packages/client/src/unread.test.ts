import assert from 'node:assert/strict'
import { test } from 'node:test'
import { myChannel } from './testing/fake-server.ts'
import { author, ModelLog } from './testing/model-log.ts'
import {
  withCount,
  withCursor,
  withDigest,
  withKnown,
  withLogEvent,
  withRead,
  withSent,
} from './unread.ts'

const ME = author(0)
const YOU = author(1)

test('a message by somebody else counts once, however often it comes', () => {
  const log = new ModelLog()
  const event = log.send({ clientId: 'a', by: YOU, text: 'a' })
  const once = withLogEvent(myChannel(log.channelId), event, ME.id)
  assert.deepEqual([once.unread, once.head, once.messages], [1, 1, 1])
  assert.equal(withLogEvent(once, event, ME.id), once)
})

test('a message of mine moves my cursor to itself', () => {
  const log = new ModelLog()
  log.send({ clientId: 'a', by: YOU, text: 'a' })
  const mine = log.send({ clientId: 'b', by: ME, text: 'b' })
  const channel = withLogEvent(myChannel(log.channelId, { head: 1, unread: 1 }), mine, ME.id)
  assert.deepEqual([channel.cursor, channel.unread], [2, 0])
})

test('an acknowledged message of mine counts for nobody, in whatever order its digest and its event come', () => {
  const log = new ModelLog()
  log.send({ clientId: 'a', by: YOU, text: 'a' })
  const mine = log.send({ clientId: 'b', by: ME, text: 'b' })
  const digest = { channelId: log.channelId, communityId: 'c1', head: 2, messages: 2 }
  const channel = myChannel(log.channelId, { head: 1, messages: 1, unread: 1 })
  const ways = {
    sent: (at: typeof channel) => withSent(at, 2),
    told: (at: typeof channel) => withDigest(at, digest),
    heard: (at: typeof channel) => withLogEvent(at, mine, ME.id),
  }
  const orders = ['sent told', 'told sent', 'sent heard', 'heard sent told', 'told heard sent']
  for (const order of orders) {
    const after = order.split(' ').reduce((at, way) => ways[way as keyof typeof ways](at), channel)
    const { head, messages, cursor, unread } = after
    assert.deepEqual(
      { head, messages, cursor, unread },
      { head: 2, messages: 2, cursor: 2, unread: 0 },
      order,
    )
  }
})

test('what is acknowledged further on than is known leaves what comes after it to be counted', () => {
  const channel = myChannel('a', { head: 1, messages: 1, unread: 1 })
  const digest = { channelId: 'a', communityId: 'c1', head: 5, messages: 5 }
  const told = withDigest(withSent(channel, 3), digest)
  assert.deepEqual([told.cursor, told.unread], [3, 2])
  const log = new ModelLog()
  for (const by of [YOU, YOU, ME, YOU]) log.send({ clientId: `${log.head}`, by, text: 'a' })
  const heard = [2, 3, 4].reduce(
    (at, seq) => withLogEvent(at, log.raw(seq), ME.id),
    withSent(channel, 3),
  )
  assert.deepEqual([heard.head, heard.cursor, heard.unread], [4, 3, 1])
})

test('events that are no messages move the head and count nothing', () => {
  const log = new ModelLog()
  log.join(YOU)
  const channel = withLogEvent(myChannel(log.channelId), log.raw(1), ME.id)
  assert.deepEqual([channel.head, channel.unread, channel.messages], [1, 0, 0])
})

test('a digest adds the messages that are new, and an old one nothing', () => {
  const channel = myChannel('a', { head: 4, messages: 3, unread: 2 })
  const digest = { channelId: 'a', communityId: 'c1', head: 7, messages: 5 }
  assert.equal(withDigest(channel, digest).unread, 4)
  assert.equal(withDigest(channel, { ...digest, head: 4 }), channel)
  assert.equal(withDigest(channel, { ...digest, messages: 0 }).unread, 0)
})

test('what was read elsewhere is exact, and what it counted before it came here counts once', () => {
  const channel = myChannel('a', { head: 4, messages: 4, unread: 4 })
  assert.deepEqual(withRead(channel, { cursor: 3, unread: 1 }).unread, 1)
  assert.deepEqual(withRead(channel, { cursor: 4, unread: 1 }).unread, 0)
  const later = withRead(channel, { cursor: 3, unread: 1 })
  assert.equal(withRead(later, { cursor: 2, unread: 2 }), later, 'a cursor never goes back')
})

test('reading here goes as far as there is something to read, and counts what the window says', () => {
  const channel = myChannel('a', { head: 4, messages: 4, unread: 4 })
  assert.deepEqual(withCursor(channel, 9, 0).cursor, 4)
  assert.deepEqual(withCursor(channel, 2, 2).unread, 2)
  assert.deepEqual(withCursor(channel, 2, undefined).unread, 4)
  assert.equal(withCursor(withCursor(channel, 3, 1), 2, 2).cursor, 3)
})

test("the window's count takes the place of the reckoning, where there is one", () => {
  const channel = myChannel('a', { unread: 4 })
  assert.equal(withCount(channel, 2).unread, 2)
  assert.equal(withCount(channel, undefined), channel)
})

test('the list of a new connection may be older than what another one told', () => {
  const before = myChannel('a', { head: 7, messages: 6, unread: 3, cursor: 2 })
  const told = myChannel('a', { head: 5, messages: 4, unread: 1, cursor: 2 })
  const after = withKnown(told, before)
  assert.deepEqual([after.head, after.messages, after.unread], [7, 6, 3])
  const elsewhere = myChannel('a', { ...told, epoch: 'e9' })
  assert.equal(withKnown(elsewhere, before), elsewhere)
})

test('what was read here and not told yet holds against the list of a new connection', () => {
  const before = [
    myChannel('a', { head: 4, cursor: 4 }),
    myChannel('b', { cursor: 9, epoch: 'e0' }),
  ]
  const told = [myChannel('a', { head: 4, unread: 4 }), myChannel('b', { head: 1, unread: 1 })]
  const after = told.map((one, at) => withKnown(one, before[at]))
  assert.deepEqual(
    after.map((one) => [one.cursor, one.unread]),
    [
      [4, 0],
      [0, 1],
    ],
  )
})
