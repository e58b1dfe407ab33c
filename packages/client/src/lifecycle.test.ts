import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import { BOUNDS } from './bounds.ts'
import { memoryStorage } from './storage.ts'
import { bench, opened, texts } from './testing/client-bench.ts'
import { settled } from './testing/fake-environment.ts'
import { ANN } from './testing/fake-server.ts'
import { CHANNEL } from './testing/model-log.ts'

test('the guest token is kept, and shown the next time under the same name only', async () => {
  const storage = memoryStorage()
  const first = bench({ storage, guestName: 'Ann' })
  first.client.start()
  await settled()
  assert.equal(first.server.now.parts.greeting.name, 'Ann')
  first.server.now.ready({ session: { token: 'secret', expiresAt: 0 } })
  await first.client.stop()
  for (const [guestName, token] of [
    ['Ann', 'secret'],
    ['Bob', undefined],
  ] as const) {
    const next = bench({ storage, guestName })
    next.client.start()
    await settled()
    assert.equal(next.server.now.parts.greeting.token, token)
    await next.client.stop()
  }
})

test('a guest whose token is void comes in again under the same name', async () => {
  const storage = memoryStorage()
  const first = bench({ storage, guestName: 'Ann' })
  first.client.start()
  await settled()
  first.server.now.ready({ session: { token: 'secret', expiresAt: 0 } })
  await first.client.stop()
  const { client, server } = bench({ storage, guestName: 'Ann' })
  client.start()
  await settled()
  server.now.refuse(errorBody('session_expired'))
  await settled()
  assert.equal(server.connections.length, 2)
  assert.equal(server.now.parts.greeting.token, undefined)
  assert.equal(server.now.parts.greeting.name, 'Ann')
})

test("an application's own token that is refused is not tried again", async () => {
  const { client, server, environment } = bench({ token: 'mine', guestName: 'Ann' })
  client.start()
  await settled()
  server.now.refuse(errorBody('session_expired'))
  await environment.clock.pass(600_000)
  assert.equal(server.connections.length, 1)
  assert.equal(client.session.snapshot().connection.status, 'refused')
  client.reconnect()
  await settled()
  assert.equal(server.connections.length, 2)
})

test('a token that can be had anew is, when the session of an open connection expires', async () => {
  const tokens = ['token1', 'token2']
  const { client, server } = bench({ token: () => tokens.shift() })
  client.start()
  await settled()
  server.now.ready()
  server.now.say('closed', { error: errorBody('session_expired') })
  await settled()
  assert.equal(server.now.parts.greeting.token, 'token2')
})

test('a token that cannot be had now is asked for again later', async () => {
  let asked = 0
  const token = async (): Promise<string> => {
    asked += 1
    if (asked === 1) throw new Error('the network is down')
    return 'token'
  }
  const { client, server, environment } = bench({ token })
  client.start()
  await environment.clock.pass(BOUNDS.reconnectMsMax)
  assert.equal(server.now.parts.greeting.token, 'token')
})

test('whoever turns out to be somebody else sends nothing of what the other left', async () => {
  const storage = memoryStorage()
  const before = await opened({ storage })
  before.server.now.break()
  before.channel.send('private')
  await before.client.stop()
  const { client, server } = bench({ storage })
  const channel = client.open(CHANNEL)
  client.start()
  await settled()
  server.now.ready({
    person: { ...ANN, id: 'another' },
    open: [CHANNEL],
    replays: [before.log.replay(undefined, 9)],
  })
  await settled()
  assert.deepEqual(texts(channel), ['sent hello'])
  assert.deepEqual(server.now.names(), [])
})

test('whoever is somebody else on the next connection begins with nothing', async () => {
  const { server, log, channel, environment } = await opened()
  server.now.break()
  await environment.clock.pass(BOUNDS.reconnectMsMax)
  const replay = { ...log.replay(1, 9), events: [] }
  server.now.ready({ person: { ...ANN, id: 'another' }, open: [CHANNEL], replays: [replay] })
  assert.deepEqual(texts(channel), [])
  assert.equal(channel.snapshot().loaded, false)
  const { payload, answer } = server.now.take('history')
  answer({ ok: true, ...log.page(payload.before, 9) })
  assert.deepEqual(texts(channel), ['sent hello'])
})

test('forgetting leaves nothing of the person in storage', async () => {
  const storage = memoryStorage()
  const kept = new Map<string, string>()
  const { client, server, channel } = await opened({
    guestName: 'Ann',
    storage: {
      ...storage,
      set: async (key, value) => void kept.set(key, value),
      remove: async (key) => void kept.delete(key),
    },
  })
  server.now.break()
  channel.send('unsent')
  await settled()
  assert.notEqual(kept.size, 0)
  await client.forget()
  assert.deepEqual([...kept], [])
  assert.deepEqual(texts(channel), ['sent hello'])
})

test('storage that fails costs a reload its messages, and the chat nothing', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('QuotaExceededError')
  }
  const { server, channel } = await opened({
    storage: { get: broken, set: broken, remove: broken },
  })
  channel.send('hi')
  await settled()
  assert.deepEqual(server.now.names(), ['send'])
})

test('stopped means stopped: no timer is left, no try is made, twice is once', async () => {
  const { client, server, channel, environment } = await opened()
  channel.typing()
  channel.send('unsent')
  channel.markRead(1)
  await Promise.all([client.stop(), client.stop()])
  assert.equal(environment.clock.timers, 0)
  assert.ok(server.now.isClosed)
  await environment.clock.pass(600_000)
  assert.equal(server.connections.length, 1)
  assert.equal(client.session.snapshot().connection.status, 'stopped')
  client.start()
  await settled()
  assert.equal(server.connections.length, 2)
})

test('stopping while the token is still being fetched opens nothing', async () => {
  const { client, server } = bench({ token: async () => 'token' })
  client.start()
  await client.stop()
  await settled()
  assert.equal(server.connections.length, 0)
})

test('the browser going offline and online again is a new connection', async () => {
  const { client, server, environment } = await opened()
  environment.setOnline(false)
  assert.equal(client.session.snapshot().connection.status, 'offline')
  environment.setOnline(true)
  await settled()
  assert.equal(server.connections.length, 2)
})
