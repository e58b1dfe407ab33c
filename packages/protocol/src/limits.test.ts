import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { z } from 'zod'
import { Handshake, LIMITS, type LimitName, ROUTES, UP } from './index.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const ids = (count: number) =>
  Array.from({ length: count }, (_, index) => id.slice(0, -4) + String(index).padStart(4, '0'))
const cursors = (count: number) => Object.fromEntries(ids(count).map((each) => [each, 0]))
const letters = (count: number) => 'a'.repeat(count)

/** A request that is exactly as large as the limit lets it be, for any size. */
const crossings: readonly (readonly [LimitName, z.ZodType, (size: number) => unknown])[] = [
  ['textCharsMax', UP.send.request, (n) => ({ channelId: id, clientId: 'c', text: letters(n) })],
  ['textCharsMax', UP.edit.request, (n) => ({ channelId: id, target: 1, text: letters(n) })],
  ['textCharsMax', ROUTES.createMessage.body, (n) => ({ clientId: 'c', text: letters(n) })],
  ['textCharsMax', ROUTES.updateMessage.body, (n) => ({ text: letters(n) })],
  [
    'clientIdCharsMax',
    UP.send.request,
    (n) => ({ channelId: id, clientId: letters(n), text: 'a' }),
  ],
  ['clientIdCharsMax', ROUTES.createMessage.body, (n) => ({ clientId: letters(n), text: 'a' })],
  ['nameCharsMax', ROUTES.createGuest.body, (n) => ({ name: letters(n) })],
  ['nameCharsMax', ROUTES.createCommunity.body, (n) => ({ name: letters(n) })],
  ['nameCharsMax', ROUTES.createChannel.body, (n) => ({ kind: 'text', name: letters(n) })],
  ['nameCharsMax', ROUTES.updateChannel.body, (n) => ({ name: letters(n) })],
  ['nameCharsMax', Handshake, (n) => ({ name: letters(n) })],
  ['topicCharsMax', ROUTES.updateChannel.body, (n) => ({ topic: letters(n) })],
  ['reasonCharsMax', ROUTES.banFromChannel.body, (n) => ({ reason: letters(n) })],
  ['reasonCharsMax', ROUTES.banFromCommunity.body, (n) => ({ reason: letters(n) })],
  ['reasonCharsMax', ROUTES.deleteChannelMember.query, (n) => ({ reason: letters(n) })],
  ['loginCharsMax', ROUTES.createSession.body, (n) => ({ login: letters(n), password: 'p' })],
  [
    'loginCharsMax',
    ROUTES.createAccount.body,
    (n) => ({ login: letters(n), password: letters(9), name: 'a' }),
  ],
  [
    'passwordCharsMax',
    ROUTES.createAccount.body,
    (n) => ({ login: 'a', password: letters(n), name: 'a' }),
  ],
  ['passwordCharsMax', ROUTES.createSession.body, (n) => ({ login: 'a', password: letters(n) })],
  ['historyEventsMax', UP.history.request, (n) => ({ channelId: id, limit: n })],
  ['historyEventsMax', ROUTES.listMessages.query, (n) => ({ limit: String(n) })],
  ['historyEventsMax', ROUTES.listEvents.query, (n) => ({ after: '0', limit: String(n) })],
  ['membersPageMax', ROUTES.listChannelMembers.query, (n) => ({ limit: String(n) })],
  ['syncChannelsMax', UP.sync.request, (n) => ({ open: cursors(n) })],
  ['syncChannelsMax', UP.sync.request, (n) => ({ close: ids(n) })],
  ['syncChannelsMax', Handshake, (n) => ({ cursors: cursors(n) })],
]

for (const [limit, schema, request] of crossings) {
  const max = LIMITS[limit]
  test(`a request at ${limit} is taken, and one past it is refused: ${JSON.stringify(request(1))}`, () => {
    assert.ok(schema.safeParse(request(max)).success)
    assert.ok(!schema.safeParse(request(max + 1)).success)
  })
}

test('a password at the least length is taken, and a shorter one is refused', () => {
  const account = (size: number) => ({ login: 'a', password: letters(size), name: 'a' })
  assert.ok(ROUTES.createAccount.body.safeParse(account(LIMITS.passwordCharsMin)).success)
  assert.ok(!ROUTES.createAccount.body.safeParse(account(LIMITS.passwordCharsMin - 1)).success)
})

test('a message of the longest text fits into a payload, in any script', () => {
  const frame = { channelId: id, clientId: letters(64), text: '😀'.repeat(LIMITS.textCharsMax / 2) }
  assert.ok(Buffer.byteLength(JSON.stringify(frame)) < LIMITS.payloadBytesMax)
  const controls = { ...frame, text: '\u0001'.repeat(LIMITS.textCharsMax) }
  assert.ok(Buffer.byteLength(JSON.stringify(controls)) < LIMITS.payloadBytesMax)
})

test('a handshake with as many cursors as are allowed fits into a payload', () => {
  const handshake = {
    token: letters(4_096),
    name: letters(80),
    cursors: cursors(LIMITS.syncChannelsMax),
  }
  assert.ok(Buffer.byteLength(JSON.stringify(handshake)) < LIMITS.payloadBytesMax)
})

/** The smaller one first. */
const RELATED: readonly (readonly [LimitName, LimitName])[] = [
  ['historyEventsDefault', 'historyEventsMax'],
  ['replayPageEvents', 'historyEventsMax'],
  ['syncChannelsMax', 'openChannelsMax'],
  ['openChannelsMax', 'channelsPerPersonMax'],
  ['appendBatchMax', 'appendQueueMax'],
  ['tailEventsMax', 'feedPendingEventsMax'],
  ['passwordCharsMin', 'passwordCharsMax'],
  ['typingIntervalMs', 'typingExpiryMs'],
]

test('limits that belong together agree', () => {
  for (const [smaller, larger] of RELATED) {
    assert.ok(LIMITS[smaller] <= LIMITS[larger], `limit ${smaller} exceeds ${larger}`)
  }
})
