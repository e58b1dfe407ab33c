import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogEvent } from '@madang/protocol'
import { FEED_LIMITS } from './feed-limits.ts'
import { channel, feedGround, seqs } from './testing/feed-ground.ts'
import { idOf } from './testing/model-log.ts'

test('a channel that nobody reads has no feed, no topic and no timer', async () => {
  const { clock, hub, model, a, during, fill, end } = await feedGround()
  fill(5)
  const idle = clock.timers
  const readers = [await during(a.join(channel, 5)), await during(a.join(channel, 2))]
  model.append(channel)
  a.feeds.accept([model.append(channel)])
  assert.equal(hub.topics, 1)
  for (const reader of readers) a.leave(reader)
  await clock.run(1)
  assert.deepEqual(a.feeds.size(), { feeds: 0, pendingEvents: 0, tailEvents: 0 })
  assert.deepEqual([hub.topics, clock.timers, a.feeds.head(channel)], [0, idle, undefined])
  await end()
})

test('who comes back in the turn in which the last reader left finds the feed as it was', async () => {
  const { model, a, during, fill, end } = await feedGround()
  fill(5)
  const reader = await during(a.join(channel, 0))
  const reads = model.calls.eventsAfter.length + model.calls.heads.length
  a.leave(reader)
  const back = await during(a.join(channel, 3))
  assert.deepEqual(seqs(back.seen), [4, 5])
  assert.equal(model.calls.eventsAfter.length + model.calls.heads.length, reads)
  await end()
})

test('who was away for seconds is served from the tail, without the store and in the same turn', async () => {
  const { model, a, during, fill, end } = await feedGround()
  fill(300)
  await during(a.join(channel, 300))
  for (let i = 0; i < 50; i++) a.feeds.accept([model.append(channel)])
  const reads = model.calls.eventsAfter.length
  for (let cursor = 300; cursor <= 350; cursor++) {
    let events: readonly LogEvent[] | undefined
    void a.feeds.enter(channel, cursor, (entered) => {
      events = entered.events
    })
    assert.deepEqual(seqs(events ?? []), seqs(model.log(channel).slice(cursor)))
  }
  assert.equal(model.calls.eventsAfter.length, reads)
  await end()
})

test('a storm of readers costs the store one read, and later ones none', async () => {
  const { model, a, during, fill, end } = await feedGround()
  const channels = Array.from({ length: 50 }, (_, i) => idOf(100 + i))
  for (const id of channels) fill(40, id)
  const joins = channels.flatMap((id) => Array.from({ length: 20 }, (_, i) => a.join(id, 20 + i)))
  const readers = await during(Promise.all(joins))
  for (const [i, reader] of readers.entries()) assert.equal(reader.seen.length, 20 - (i % 20))
  assert.deepEqual(model.calls, { heads: [50], eventsAfter: [50] })
  await during(Promise.all(channels.map((id) => a.join(id, 25))))
  assert.deepEqual(model.calls, { heads: [50], eventsAfter: [50] })
  await end()
})

test('reads for many places in one channel are shared, and each reader gets its own part', async () => {
  const { model, a, during, fill, end } = await feedGround({ pageEventsMax: 10, tailEventsMax: 5 })
  fill(60)
  await during(a.feeds.watch(channel))
  const cursors = [0, 50, 20, 35, 5, 58]
  const readers = await during(Promise.all(cursors.map((cursor) => a.join(channel, cursor))))
  for (const [i, reader] of readers.entries()) {
    assert.deepEqual(seqs(reader.seen), seqs(model.log(channel).slice(cursors[i])))
  }
  await end()
})

test('tails that are too much together are let go, the quietest first', async () => {
  const { clock, model, a, during, fill, end } = await feedGround({ tailsEventsMax: 25 })
  const [quiet, busy] = [idOf(1), idOf(2)]
  for (const id of [quiet, busy]) {
    fill(20, id)
    await during(a.join(id, 0))
  }
  assert.equal(a.feeds.size().tailEvents, 40)
  await clock.run(1)
  a.feeds.accept([model.append(busy)])
  await clock.run(FEED_LIMITS.compareIntervalMs * 1.2)
  assert.equal(a.feeds.size().tailEvents, 21)
  assert.equal((await during(a.join(quiet, 0))).seen.length, 20)
  await end()
})

test('heads of thousands of channels are compared in calls of a bounded size', async () => {
  const { clock, model, a, during, fill, end } = await feedGround({ headsChannelsMax: 100 })
  const channels = Array.from({ length: 250 }, (_, i) => idOf(1_000 + i))
  for (const id of channels) fill(1, id)
  await during(Promise.all(channels.map((id) => a.feeds.watch(id))))
  model.calls.heads = []
  await clock.run(FEED_LIMITS.compareIntervalMs * 1.2)
  assert.deepEqual(model.calls.heads, [100, 100, 50])
  await end()
})
