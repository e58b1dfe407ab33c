import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import { BOUNDS } from './bounds.ts'
import { memoryStorage } from './storage.ts'
import { bench, opened, readyWith, texts, YOU } from './testing/client-bench.ts'
import { settled } from './testing/fake-environment.ts'
import { ANN, myChannel } from './testing/fake-server.ts'
import { author, CHANNEL } from './testing/model-log.ts'

test('a channel that is open before the connection is part of the handshake', async () => {
  const { server, channel } = await opened()
  assert.deepEqual(server.now.parts.greeting.cursors, { [CHANNEL]: null })
  assert.deepEqual(texts(channel), ['sent hello'])
  assert.deepEqual(server.now.names(), [])
})

test('channels that are opened and closed later are one request', async () => {
  const { client, server, channel, environment } = await opened()
  channel.close()
  channel.close()
  client.open('other')
  await environment.clock.pass(1)
  const { payload } = server.now.take('sync')
  assert.deepEqual(payload, { open: { other: null }, close: [CHANNEL] })
  assert.deepEqual(server.now.names(), [])
})

test('a channel that is closed and opened again in one turn asks for nothing', async () => {
  const { client, server, channel, environment } = await opened()
  channel.close()
  client.open(CHANNEL)
  await environment.clock.pass(1)
  assert.deepEqual(server.now.names(), [])
})

test('a message is pending at once, and becomes sent under the same key whichever comes first', async () => {
  for (const first of ['ack', 'event']) {
    const { server, log, channel } = await opened()
    const key = channel.send('hi')
    assert.deepEqual(texts(channel), ['sent hello', 'pending hi'])
    await settled()
    const request = server.now.take('send')
    const event = log.send({ clientId: request.payload.clientId, by: ANN, text: 'hi' })
    const seen: string[][] = []
    channel.subscribe(() => seen.push(texts(channel)))
    const acknowledge = (): void =>
      request.answer({ ok: true, id: event.id, seq: event.seq, createdAt: 1, duplicate: false })
    if (first === 'ack') acknowledge()
    else server.now.say('event', event)
    assert.deepEqual(texts(channel), ['sent hello', 'sent hi'])
    if (first === 'ack') server.now.say('event', event)
    else acknowledge()
    await settled()
    assert.equal(channel.snapshot().items[1]?.key, key)
    assert.ok(
      seen.every((one) => one.join() === 'sent hello,sent hi'),
      'no flicker, no double',
    )
  }
})

test('after a lost connection what was not acknowledged is sent again, and what was missed is shown once', async () => {
  const all = await opened()
  const { client, server, log, channel, environment } = all
  channel.send('one')
  channel.send('two')
  await settled()
  const { payload } = server.now.take('send')
  log.send({ clientId: payload.clientId, by: ANN, text: 'one' })
  server.now.break()
  assert.equal(client.session.snapshot().connection.status, 'waiting')
  log.send({ clientId: 'more', by: YOU, text: 'more' })
  await environment.clock.pass(BOUNDS.reconnectMsMax)
  assert.deepEqual(server.now.parts.greeting.cursors, { [CHANNEL]: { seq: 1, epoch: 'e1' } })
  readyWith(all)
  await settled()
  assert.deepEqual(texts(channel), ['sent hello', 'sent one', 'sent more', 'pending two'])
  const again = server.now.take('send')
  assert.equal(again.payload.text, 'two')
})

test('a message that was sent offline survives a reload, and goes out once', async () => {
  const storage = memoryStorage()
  const before = await opened({ storage, url: 'http://here' })
  before.server.now.break()
  before.channel.send('unsent')
  await before.client.stop()
  const { client, server, environment } = bench({ storage, url: 'http://here' })
  const channel = client.open(CHANNEL)
  client.start()
  await settled()
  assert.deepEqual(texts(channel), ['pending unsent'])
  server.now.ready({ open: [CHANNEL], replays: [before.log.replay(undefined, 50)] })
  await settled()
  assert.deepEqual(server.now.names(), ['send'])
  server.now.take('send').answer({ ok: true, id: 'x', seq: 2, createdAt: 1, duplicate: false })
  await settled()
  assert.deepEqual(texts(channel), ['sent hello', 'sent unsent'])
  await environment.clock.pass(60_000)
  assert.deepEqual(server.now.names(), [])
})

test('a message whose page is reloaded between the commit and its answer is not shown twice', async () => {
  const storage = memoryStorage()
  const before = await opened({ storage })
  before.channel.send('hi')
  await settled()
  const { payload } = before.server.now.take('send')
  before.log.send({ clientId: payload.clientId, by: ANN, text: 'hi' })
  await before.client.stop()
  const { client, server } = bench({ storage })
  const channel = client.open(CHANNEL)
  client.start()
  await settled()
  server.now.ready({ open: [CHANNEL], replays: [before.log.replay(undefined, 50)] })
  await settled()
  assert.deepEqual(texts(channel), ['sent hello', 'sent hi'])
  assert.deepEqual(server.now.names(), [])
})

test('a hole on the live stream is repaired from the cursor', async () => {
  const { server, log, channel, environment } = await opened()
  log.send({ clientId: 'lost', by: YOU, text: 'two' })
  server.now.say('event', log.send({ clientId: 'seen', by: YOU, text: 'three' }))
  assert.deepEqual(texts(channel), ['sent hello'])
  await environment.clock.pass(1)
  const sync = server.now.take('sync')
  assert.deepEqual(sync.payload.open, { [CHANNEL]: { seq: 1, epoch: 'e1' } })
  sync.answer({ ok: true, replays: [log.replay(1, 50)] })
  await environment.clock.pass(1)
  assert.deepEqual(texts(channel), ['sent hello', 'sent two', 'sent three'])
  assert.deepEqual(server.now.names(), [])
})

test('a connection that fell behind resumes the channels that it is told', async () => {
  const { server, environment } = await opened()
  server.now.say('resume', { channelIds: [CHANNEL] })
  await environment.clock.pass(1)
  assert.deepEqual(server.now.take('sync').payload.open, { [CHANNEL]: { seq: 1, epoch: 'e1' } })
})

test('older pages wait for the connection, and are asked for again on the next one', async () => {
  const { server, log, channel, environment } = await opened()
  for (let index = 0; index < 8; index += 1) {
    log.send({ clientId: `c${index}`, by: YOU, text: `${index}` })
  }
  server.now.say('resume', { channelIds: [CHANNEL] })
  await environment.clock.pass(1)
  server.now.take('sync').answer({ ok: true, replays: [log.replay(undefined, 2)] })
  const older = channel.loadOlder()
  assert.equal(channel.snapshot().loadingOlder, true)
  assert.equal(server.now.take('history').payload.before, 8)
  server.now.break()
  await environment.clock.pass(BOUNDS.reconnectMsMax)
  server.now.ready({ open: [CHANNEL], replays: [log.replay(9, 50)] })
  server.now.take('history').answer({ ok: true, ...log.page(8, 50) })
  await older
  assert.equal(channel.snapshot().items.length, 9)
  assert.equal(channel.snapshot().more, false)
  assert.equal(channel.snapshot().loadingOlder, false)
})

test('unread follows what others write, what is read here, and what is read elsewhere', async () => {
  const { client, server, log, channel, environment } = await opened()
  const unread = () => client.session.snapshot().channels[0]?.unread
  assert.equal(unread(), 1)
  server.now.say('event', log.send({ clientId: 'c2', by: YOU, text: 'two' }))
  assert.equal(unread(), 2)
  channel.markRead(1)
  channel.markRead(2)
  assert.equal(unread(), 0)
  await environment.clock.pass(BOUNDS.readIntervalMs)
  const read = server.now.take('read')
  assert.deepEqual(read.payload, { channelId: CHANNEL, cursor: 2 })
  read.answer({ ok: true, cursor: 2, unread: 0 })
  await environment.clock.pass(60_000)
  assert.deepEqual(server.now.names(), [], 'one request for all')
  server.now.say('event', log.send({ clientId: 'c3', by: YOU, text: 'three' }))
  server.now.say('event', log.send({ clientId: 'c4', by: YOU, text: 'four' }))
  assert.equal(unread(), 2)
  server.now.say('read', { channelId: CHANNEL, cursor: 3, unread: 1 })
  assert.equal(unread(), 1)
  log.delete(4)
  server.now.say('event', log.raw(5))
  assert.equal(unread(), 0)
})

test('a digest of a channel that is not open changes its unread hint', async () => {
  const { client, server } = await opened()
  server.now.say('channel', { channel: myChannel('other', { head: 5, messages: 4, unread: 1 }) })
  server.now.say('digest', { channelId: 'other', communityId: 'c1', head: 8, messages: 6 })
  const other = client.session.snapshot().channels.find((one) => one.id === 'other')
  assert.deepEqual([other?.head, other?.unread], [8, 3])
})

test('whoever is removed while a channel is open sees why, and nothing of it any more', async () => {
  const { client, server, channel, environment } = await opened()
  server.now.say('gone', { channelId: CHANNEL, reason: 'banned' })
  assert.equal(channel.snapshot().error?.code, 'banned')
  assert.deepEqual(channel.snapshot().items, [])
  assert.deepEqual(client.session.snapshot().channels, [])
  await environment.clock.pass(60_000)
  assert.deepEqual(server.now.names(), [], 'it is not asked for')
  server.now.say('channel', { channel: myChannel(CHANNEL) })
  await environment.clock.pass(1)
  assert.deepEqual(server.now.take('sync').payload.open, { [CHANNEL]: null })
})

test('joining opens the channel with what it brings', async () => {
  const { client, server, log, environment } = await opened()
  const joining = client.joinChannel('other')
  const replay = { ...log.replay(undefined, 50), channelId: 'other' }
  server.now.take('join').answer({ ok: true, channel: myChannel('other'), replay })
  const outcome = await joining
  assert.ok(outcome.ok)
  const other = client.open('other')
  assert.deepEqual(texts(other), ['sent hello'])
  await environment.clock.pass(1)
  assert.deepEqual(server.now.names(), [], 'it is open already')
})

test('typing is said once in a while, and stops by itself or with the message', async () => {
  const { server, channel, environment } = await opened()
  channel.typing()
  channel.typing()
  assert.deepEqual(server.now.take('typing').payload, { channelId: CHANNEL, typing: true })
  assert.deepEqual(server.now.names(), [])
  await environment.clock.pass(BOUNDS.typingIdleMs)
  assert.equal(server.now.take('typing').payload.typing, false)
  channel.typing()
  server.now.take('typing')
  channel.send('done')
  assert.equal(server.now.take('typing').payload.typing, false)
  await environment.clock.pass(60_000)
  assert.ok(!server.now.names().includes('typing'))
})

test('who types is shown without us, and ends with their message or the connection', async () => {
  const { server, log, channel } = await opened()
  server.now.say('typing', {
    channelId: CHANNEL,
    people: [YOU, author(2), { id: ANN.id, name: 'p0' }],
  })
  assert.deepEqual(channel.snapshot().typing, [YOU, author(2)])
  server.now.say('event', log.send({ clientId: 'c2', by: YOU, text: 'two' }))
  assert.deepEqual(channel.snapshot().typing, [author(2)])
  server.now.break()
  assert.deepEqual(channel.snapshot().typing, [])
})

test('what cannot be asked now is refused at once, and what is not answered is unknown', async () => {
  const { server, channel } = await opened()
  const edit = channel.edit(1, 'new')
  server.now.break()
  const unknown = await edit
  assert.equal(!unknown.ok && unknown.error.code, 'internal')
  const offline = await channel.delete(1)
  assert.equal(!offline.ok && offline.error.code, 'unavailable')
})

test('who types is forgotten when nobody says so any more', async () => {
  const { server, channel, environment } = await opened()
  server.now.say('typing', { channelId: CHANNEL, people: [YOU] })
  await environment.clock.pass(BOUNDS.typingShownMsMax - 1)
  server.now.say('typing', { channelId: CHANNEL, people: [YOU, author(2)] })
  await environment.clock.pass(BOUNDS.typingShownMsMax - 1)
  assert.equal(channel.snapshot().typing.length, 2)
  await environment.clock.pass(1)
  assert.deepEqual(channel.snapshot().typing, [])
})

test('a replay that came without its page is followed by the page', async () => {
  const { server, log, channel, environment } = await opened()
  log.send({ clientId: 'two', by: YOU, text: 'two' })
  server.now.say('resume', { channelIds: [CHANNEL] })
  await environment.clock.pass(1)
  const bare = { ...log.replay(undefined, 9), events: [] }
  server.now.take('sync').answer({ ok: true, replays: [bare] })
  assert.equal(channel.snapshot().loaded, false)
  const history = server.now.take('history')
  assert.equal(history.payload.before, 3)
  history.answer({ ok: true, ...log.page(3, 9) })
  assert.equal(channel.snapshot().loaded, true)
  assert.deepEqual(texts(channel), ['sent hello', 'sent two'])
})

test('a page reaches up to an edit that it does not hold, and so does what is known of the channel', async () => {
  const { client, server, log, environment } = await opened()
  log.send({ clientId: 'two', by: YOU, text: 'two' })
  log.edit(log.head, 'two, again')
  server.now.say('resume', { channelIds: [CHANNEL] })
  await environment.clock.pass(1)
  server.now.take('sync').answer({ ok: true, replays: [log.replay(undefined, 9)] })
  const [known] = client.session.snapshot().channels
  assert.equal(known?.head, log.head)
})

test('a page that is refused for now is asked for again, one that is refused for good says why', async () => {
  const { server, log, channel, environment } = await opened()
  log.send({ clientId: 'two', by: YOU, text: 'two' })
  server.now.say('resume', { channelIds: [CHANNEL] })
  await environment.clock.pass(1)
  server.now.take('sync').answer({ ok: true, replays: [log.replay(undefined, 1)] })
  const older = channel.loadOlder()
  const later = errorBody('rate_limited', { retryAfterMs: 1_000 })
  server.now.take('history').answer({ ok: false, error: later })
  await environment.clock.pass(2_000)
  server.now.take('history').answer({ ok: false, error: errorBody('not_found') })
  await older
  assert.equal(channel.snapshot().error?.code, 'not_found')
  await environment.clock.pass(60_000)
  assert.deepEqual(server.now.names(), [])
})

test('a channel that is not open any more counts by digests, whatever its window held', async () => {
  const { client, server, channel, environment } = await opened()
  channel.close()
  await environment.clock.pass(1)
  server.now.take('sync').answer({ ok: true, replays: [] })
  server.now.say('digest', { channelId: CHANNEL, communityId: 'c1', head: 4, messages: 4 })
  server.now.say('read', { channelId: CHANNEL, cursor: 1, unread: 3 })
  assert.equal(client.session.snapshot().channels[0]?.unread, 3)
})

test('whoever was removed while they were away sees why, and nothing of it any more', async () => {
  const { server, channel, environment } = await opened()
  server.now.break()
  await environment.clock.pass(BOUNDS.reconnectMsMax)
  const error = errorBody('not_member')
  const replay = { channelId: CHANNEL, epoch: 'e1', head: 0, events: [], limited: false, error }
  server.now.ready({ open: [], replays: [replay] })
  assert.equal(channel.snapshot().error?.code, 'not_member')
  assert.deepEqual(channel.snapshot().items, [])
})
