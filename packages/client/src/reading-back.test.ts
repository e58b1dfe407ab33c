import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BOUNDS } from './bounds.ts'
import { opened, YOU } from './testing/client-bench.ts'
import { settled } from './testing/fake-environment.ts'
import { CHANNEL } from './testing/model-log.ts'
import { SMALL } from './testing/timeline-reader.ts'

Object.assign(BOUNDS, SMALL)

/** Somebody who has read back as far as the newest rows are let go of. */
async function away() {
  const all = await opened()
  const { log, server, channel } = all
  for (let at = 0; at < 30; at += 1) {
    const clientId = `m${at}`
    server.now.say('event', log.send({ clientId, by: YOU, text: clientId }))
  }
  const seqs = (): number[] => channel.snapshot().items.map((item) => item.seq ?? 0)
  const page = async (load: () => Promise<void>): Promise<void> => {
    channel.lookAt(load === channel.loadNewer ? seqs().at(-1) : seqs()[0])
    const done = load()
    const { payload, answer } = server.now.take('history')
    const { before, after = 0, limit = 0 } = payload
    answer({ ok: true, ...log.asked(before === undefined ? { after } : { before }, limit) })
    await done
  }
  while (!channel.snapshot().newer) await page(channel.loadOlder)
  return { ...all, seqs, page }
}

test('whoever reads far back lets go of the newest, hears on, and reads on to them', async () => {
  const { channel, log, server, seqs, page } = await away()
  const before = seqs()
  assert.ok(before.length <= SMALL.timelineRowsMax)
  server.now.say('event', log.send({ clientId: 'news', by: YOU, text: 'news' }))
  assert.deepEqual(seqs(), before)
  assert.deepEqual(server.now.names(), [], 'nothing is missing that was not let go of')
  for (let pages = 0; channel.snapshot().newer; pages += 1) {
    assert.ok(pages < 20)
    await page(channel.loadNewer)
  }
  assert.equal(seqs().at(-1), log.head)
})

test('whoever looks at the end again gets the latest page', async () => {
  const { channel, environment, log, server, seqs } = await away()
  channel.lookAt(undefined)
  await environment.clock.pass(0)
  const { payload, answer } = server.now.take('sync')
  assert.deepEqual(payload.open, { [CHANNEL]: null })
  answer({ ok: true, replays: [log.replay(undefined, 5)] })
  assert.equal(channel.snapshot().newer, false)
  assert.deepEqual(seqs(), [27, 28, 29, 30, 31])
  channel.lookAt(undefined)
  await environment.clock.pass(0)
  assert.deepEqual(server.now.names(), [])
})

test('a connection that breaks while somebody reads far back takes their place from them only where too much was missed', async () => {
  const { channel, environment, log, server, seqs } = await away()
  const before = seqs()
  const connections = server.connections.length
  server.now.break()
  await environment.clock.pass(BOUNDS.reconnectMsBase)
  assert.equal(server.connections.length, connections + 1)
  assert.deepEqual(server.now.parts.greeting.cursors, { [CHANNEL]: { seq: 31, epoch: 'e1' } })
  log.edit(before[0] ?? 1, 'edited')
  server.now.ready({ open: [CHANNEL], replays: [log.replay(31, 50)] })
  await settled()
  assert.deepEqual(seqs(), before)
  const [first] = channel.snapshot().items
  assert.equal(first?.kind === 'message' && first.text, 'edited')
})

test('whoever has gone comes back to the end', async () => {
  const { channel, client, environment, log, server } = await away()
  channel.close()
  await environment.clock.pass(0)
  server.now.take('sync').answer({ ok: true, replays: [] })
  client.open(CHANNEL)
  await environment.clock.pass(0)
  const { payload, answer } = server.now.take('sync')
  assert.deepEqual(payload.open, { [CHANNEL]: null })
  answer({ ok: true, replays: [log.replay(undefined, 5)] })
  assert.equal(client.open(CHANNEL).snapshot().newer, false)
})
