import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spawnServer } from '@madang/server/testing'
import { type ChannelView, memoryStorage } from '../src/index.ts'
import {
  guest,
  loaded,
  messages,
  participant,
  patientRestClient,
  shows,
  texts,
  until,
} from './people.case.ts'

const LIMIT = { timeout: 120_000 }

const allSent = (count: number) => (view: ChannelView) =>
  messages(view).length === count && messages(view).every((item) => item.state === 'sent')
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `sent ${index}`)

test('a killed server that starts again gets each message once, in order', LIMIT, async () => {
  await using server = await spawnServer()
  await using ann = await guest(server.url, 'Ann')
  await using bob = await guest(server.url, 'Bob')
  const hers = await loaded(ann, ann.hall)
  const his = await loaded(bob, ann.hall)
  for (let index = 0; index < 10; index += 1) hers.send(`${index}`)
  // Killed in the middle: some are acknowledged, one is on its way, the others wait.
  await until(hers, (view) => texts(view).includes('sent 2'))
  await server.kill('SIGKILL')
  for (let index = 10; index < 15; index += 1) hers.send(`${index}`)
  await until(ann.client.session, (session) => session.connection.status !== 'online')
  await using again = await server.restart()
  assert.equal(again.url, server.url)
  const [left, right] = await Promise.all([until(hers, allSent(15)), until(his, allSent(15))])
  assert.deepEqual(texts(left), numbered(15))
  assert.deepEqual(texts(right), numbered(15))
  await using cleo = await guest(server.url, 'Cleo')
  const log = await loaded(cleo, ann.hall)
  assert.deepEqual(texts(log.snapshot()), numbered(15))
})

test('messages survive a killed server and a reloaded page together', LIMIT, async () => {
  await using server = await spawnServer()
  const rest = patientRestClient(server.url)
  const { session } = await rest.call('createGuest', { body: { name: 'Ann' } })
  const options = { url: server.url, token: session.token, storage: memoryStorage() }
  await using page = participant(options)
  const { channels } = await until(page.client.session, (view) => view.channels.length > 0)
  const hall = channels[0]?.id ?? ''
  const before = await loaded(page, hall)
  for (let index = 0; index < 5; index += 1) before.send(`${index}`)
  await until(before, (view) => texts(view).includes('sent 1'))
  await server.kill('SIGKILL')
  // Whatever was acknowledged before the kill, this is not.
  before.send('5')
  await page.client.stop()
  await using reloaded = participant(options)
  const after = reloaded.client.open(hall)
  // What is unsent is there before the server is.
  await until(after, (view) => texts(view).includes('pending 5'))
  after.send('6')
  await using again = await server.restart()
  assert.equal(again.url, server.url)
  assert.deepEqual(texts(await until(after, allSent(7))), numbered(7))
})

test('what is sent before the first connection is sent when there is one', LIMIT, async () => {
  await using server = await spawnServer()
  await using ann = await guest(server.url, 'Ann')
  await server.kill('SIGKILL')
  await using bob = participant({ url: server.url, guestName: 'Bob' })
  const his = bob.client.open(ann.hall)
  his.send('early')
  await until(bob.client.session, (session) => session.connection.status === 'waiting')
  assert.deepEqual(texts(his.snapshot()), ['pending early'])
  await using again = await server.restart()
  assert.equal(again.url, server.url)
  await until(his, shows('sent early'))
})

test('a server that goes sends its people away, and they come to the next', LIMIT, async () => {
  await using server = await spawnServer()
  await using ann = await guest(server.url, 'Ann')
  const hers = await loaded(ann, ann.hall)
  hers.send('before')
  await until(hers, shows('sent before'))
  assert.equal(await server.kill('SIGTERM'), 0)
  hers.send('between')
  await using again = await server.restart()
  assert.equal(again.url, server.url)
  await until(hers, shows('sent before', 'sent between'))
})
