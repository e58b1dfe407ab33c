import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../store/store.ts'
import { aloneLimits, FEED_LIMITS } from './feed-limits.ts'
import { channel, feedGround, seqs } from './testing/feed-ground.ts'
import { idOf, ModelLog } from './testing/model-log.ts'
import { channelTopic } from './topics.ts'

const unavailable = (error: unknown) => error instanceof StoreError && error.code === 'unavailable'

test('what one node commits, readers of every node see at once and in order', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(3)
  const here = await during(a.join(channel, 3))
  const there = await during(b.join(channel, 1))
  assert.deepEqual(seqs(there.seen), [2, 3])
  a.feeds.accept([model.append(channel), model.append(channel)])
  assert.deepEqual(seqs(here.seen), [4, 5], 'at once on its own node')
  await clock.run(1)
  assert.deepEqual(seqs(there.seen), [2, 3, 4, 5])
  assert.equal(b.feeds.head(channel), 5)
  await end()
})

test('nothing is delivered before watch has resolved, and nothing twice after it', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(2)
  let resolved = false
  model.latency = () => new Promise((resolve) => void clock.after(20, resolve))
  const watching = a.feeds.watch(channel).then(() => {
    resolved = true
  })
  for (let i = 0; i < 10; i++) {
    b.feeds.accept([model.append(channel)])
    if (i % 3 === 0) a.feeds.accept([model.append(channel)])
    await clock.run(1)
    assert.deepEqual([resolved, a.delivered, a.feeds.head(channel)], [false, [], undefined])
  }
  await during(watching)
  const head = a.feeds.head(channel) ?? 0
  b.feeds.accept([model.append(channel)])
  await clock.run(10)
  assert.deepEqual(seqs(a.delivered), [head + 1])
  assert.equal(head + 1, model.log(channel).length)
  await end()
})

test('a reader who is too far behind, or of another log, is told so', async () => {
  const { model, a, during, fill, end } = await feedGround()
  fill(FEED_LIMITS.replayEventsMax + 10)
  const head = model.log(channel).length
  const edge = await during(a.join(channel, 10))
  assert.equal(edge.seen.length, FEED_LIMITS.replayEventsMax)
  for (const cursor of [9, 0, head + 1_000]) {
    const reader = await during(a.join(channel, cursor))
    assert.deepEqual(reader.entered, { outcome: 'limited', events: [], head })
  }
  const fresh = await during(a.join(channel, null))
  assert.deepEqual(fresh.entered, { outcome: 'complete', events: [], head })
  await end()
})

test('a reader who saw more on another node waits until this one has caught up', async () => {
  const { model, a, b, during, fill, end } = await feedGround()
  fill(3)
  const first = await during(a.join(channel, 3))
  a.broker.setRates({ drop: 1 })
  for (let i = 0; i < 5; i++) b.feeds.accept([model.append(channel)])
  const moved = await during(a.join(channel, 7))
  assert.deepEqual([seqs(moved.seen), moved.entered?.head], [[8], 8])
  assert.deepEqual(seqs(first.seen), [4, 5, 6, 7, 8], 'and those who are there gain from it')
  await end()
})

test('a listener that acts within a delivery acts after all that is delivered with it', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(1)
  const reader = await during(a.join(channel, 1))
  const late: unknown[] = []
  a.onDeliver = (event) => {
    if (event.seq !== 2) return
    a.feeds.accept([model.append(channel)])
    void a.join(channel, 1).then((other) => void late.push(seqs(other.seen)))
  }
  const [two, three] = [model.append(channel), model.append(channel)]
  b.feeds.accept([three])
  await clock.run(1)
  b.feeds.accept([two])
  await clock.run(1)
  assert.deepEqual(seqs(reader.seen), [2, 3, 4])
  assert.deepEqual(late, [[2, 3, 4]])
  await end()
})

test('a listener that throws is counted, and the rest is delivered', async () => {
  const { model, a, during, fill, end } = await feedGround()
  fill(1)
  await during(a.join(channel, 1))
  a.onDeliver = (event) => {
    if (event.seq === 2) throw new Error('a listener that throws, on purpose')
  }
  a.feeds.accept([model.append(channel), model.append(channel)])
  assert.deepEqual([seqs(a.delivered), a.count('listener_threw')], [[2, 3], 1])
  await end()
})

test('what admit throws reaches whoever entered, and the feed goes on', async () => {
  const { model, a, during, fill, end } = await feedGround()
  fill(1)
  await during(a.join(channel, 1))
  const thrown = new Error('an admit that throws, on purpose')
  await assert.rejects(
    during(
      a.feeds.enter(channel, 0, () => {
        throw thrown
      }),
    ),
    thrown,
  )
  a.feeds.accept([model.append(channel)])
  assert.deepEqual(seqs(a.delivered), [2])
  await end()
})

test('a frame that is lost is found by the next event, or else by comparing heads', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(1)
  const reader = await during(a.join(channel, 1))
  a.broker.setRates({ drop: 1 })
  b.feeds.accept([model.append(channel)])
  a.broker.setRates({})
  b.feeds.accept([model.append(channel)])
  a.broker.setRates({ drop: 1 })
  await clock.run(1)
  a.broker.setRates({})
  b.feeds.accept([model.append(channel)])
  await clock.run(FEED_LIMITS.holeGraceMs + 10)
  assert.deepEqual(seqs(reader.seen), [2, 3, 4])
  a.broker.setRates({ drop: 1 })
  b.feeds.accept([model.append(channel)])
  await clock.run(FEED_LIMITS.holeGraceMs + 10)
  assert.equal(reader.at, 4, 'nobody can know yet')
  await clock.run(FEED_LIMITS.compareIntervalMs * 1.2 + FEED_LIMITS.holeGraceMs)
  assert.equal(reader.at, 5)
  await end()
})

test('without a broker chat goes on through the store, about a second slower', async () => {
  const { clock, hub, model, a, b, during, fill, end } = await feedGround()
  fill(1)
  const reader = await during(a.join(channel, 1))
  hub.cut()
  await clock.run(10)
  for (let i = 0; i < 5; i++) {
    b.feeds.accept([model.append(channel)])
    await clock.run(FEED_LIMITS.compareAwayIntervalMs * 1.2 + FEED_LIMITS.holeGraceMs + 10)
    assert.equal(reader.at, 2 + i)
  }
  hub.heal()
  await clock.run(FEED_LIMITS.gapSpreadMsMax)
  b.feeds.accept([model.append(channel)])
  await clock.run(1)
  assert.equal(reader.at, 7)
  await end()
})

test('a gap that the broker tells of is closed at once', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(1)
  const reader = await during(a.join(channel, 1))
  a.broker.cut()
  b.feeds.accept([model.append(channel)])
  await clock.run(1)
  a.broker.heal()
  await clock.run(FEED_LIMITS.gapSpreadMsMax + FEED_LIMITS.holeGraceMs + 10)
  assert.equal(reader.at, 2)
  await end()
})

test('a store that fails for a while delays, and loses nothing', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(5)
  const reader = await during(a.join(channel, 5))
  model.failing = true
  await assert.rejects(during(a.join(channel, 0)), unavailable)
  await assert.rejects(during(a.join(idOf(2), 0)), unavailable)
  assert.deepEqual(a.feeds.size().feeds, 1)
  a.broker.setRates({ drop: 1 })
  b.feeds.accept([model.append(channel)])
  await clock.run(1)
  a.broker.setRates({})
  b.feeds.accept([model.append(channel)])
  await clock.run(30_000)
  assert.equal(reader.at, 5)
  assert.ok(a.count('repair_failed') > 3 && a.count('repair_failed') < 15)
  assert.ok(a.count('compare_failed') > 0)
  model.failing = false
  await clock.run(FEED_LIMITS.repairPauseMsMax)
  assert.deepEqual(seqs(reader.seen), [6, 7])
  assert.deepEqual(seqs((await during(a.join(channel, 0))).seen), [1, 2, 3, 4, 5, 6, 7])
  await end()
})

test('a deleted text is not handed to who enters later', async () => {
  const { model, a, during, fill, end } = await feedGround()
  fill(2)
  await during(a.join(channel, 2))
  a.feeds.accept([model.append(channel)])
  a.feeds.accept([model.append(channel, { kind: 'edited', target: 3 })])
  a.feeds.accept([model.append(channel, { kind: 'deleted', target: 3 })])
  for (const cursor of [0, 2]) {
    const { seen } = await during(a.join(channel, cursor))
    assert.ok(!JSON.stringify(seen.slice(-3)).includes('text 3'))
    assert.ok(!JSON.stringify(seen).includes('edit 4'), 'nor is what it was edited to')
  }
  await end()
})

test('nor is one that is deleted while the store answers', async () => {
  const { clock, model, a, during, fill, end } = await feedGround()
  fill(2)
  await during(a.join(channel, 2))
  model.latency = () => new Promise((resolve) => void clock.after(20, resolve))
  const joining = a.join(channel, 0)
  await clock.run(10)
  a.feeds.accept([model.append(channel, { kind: 'deleted', target: 1 })])
  const { seen } = await during(joining)
  assert.deepEqual(seqs(seen), [1, 2, 3])
  assert.ok(!JSON.stringify(seen).includes('text 1'))
  await end()
})

test('a watch that fails holds nothing, and the next one works', async () => {
  const { hub, model, a, during, fill, end } = await feedGround()
  fill(1)
  model.failing = true
  const both = [a.feeds.watch(channel), a.feeds.watch(channel)]
  for (const watching of both) await assert.rejects(during(watching), unavailable)
  assert.deepEqual([a.feeds.size().feeds, hub.topics], [0, 0])
  model.failing = false
  await during(a.feeds.watch(channel))
  assert.equal(a.feeds.head(channel), 1)
  await end()
})

test('whoever leaves or is stopped in the middle of it is told', async () => {
  const { clock, hub, model, a, during, fill, end } = await feedGround()
  fill(100)
  model.latency = () => new Promise((resolve) => void clock.after(50, resolve))
  const watching = a.feeds.watch(channel)
  await clock.run(10)
  a.feeds.unwatch(channel)
  await assert.rejects(during(watching), unavailable)
  assert.equal(hub.topics, 0)
  await during(a.feeds.watch(channel))
  const entering = a.feeds.enter(channel, 0, () => assert.fail('it was left before'))
  await clock.run(10)
  a.feeds.unwatch(channel)
  await assert.rejects(during(entering), unavailable)
  await during(a.feeds.watch(channel))
  const stopped = a.feeds.enter(channel, 0, () => assert.fail('it was stopped before'))
  await clock.run(10)
  await Promise.all([a.feeds.stop(), a.feeds.stop()])
  await assert.rejects(during(stopped), unavailable)
  await assert.rejects(a.feeds.watch(channel), unavailable)
  await assert.rejects(
    a.feeds.enter(channel, 0, () => {}),
    unavailable,
  )
  await clock.run(100)
  await end()
})

test('an event that is forged under another topic, or is not committed, is not delivered', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround()
  fill(3)
  const reader = await during(a.join(channel, 3))
  const forged = new ModelLog()
  for (let i = 0; i < 20; i++) forged.append(channel)
  const body = forged.log(channel)[19]
  assert.ok(body)
  b.dispatcher.publish(channelTopic(channel), { kind: 'event', body })
  await during(a.feeds.watch(idOf(2)))
  b.dispatcher.publish(channelTopic(idOf(2)), { kind: 'event', body })
  await clock.run(30_000)
  assert.deepEqual([seqs(a.delivered), a.count('frame_misplaced')], [[], 1])
  assert.deepEqual([a.count('event_phantom'), a.feeds.size().pendingEvents], [1, 0])
  b.feeds.accept([model.append(channel)])
  await clock.run(1)
  assert.equal(reader.at, 4)
  await end()
})

test('a node without a broker asks once a second for what somebody reads, and nothing where nobody does', async () => {
  const { clock, model, a, b, during, fill, end } = await feedGround(aloneLimits(FEED_LIMITS))
  fill(3)
  await clock.run(60_000)
  assert.deepEqual(model.calls, { eventsAfter: [], heads: [] })
  const reader = await during(a.join(channel, 3))
  a.broker.setRates({ drop: 1 })
  model.calls.heads.length = 0
  b.feeds.accept([model.append(channel)])
  await clock.run(FEED_LIMITS.compareAwayIntervalMs * 1.2 + 100)
  assert.deepEqual(seqs(reader.seen), [4])
  await clock.run(60_000)
  const asked = model.calls.heads.length
  assert.ok(asked >= 50 && asked <= 77, `${asked} questions in a minute`)
  a.leave(reader)
  await clock.run(1)
  model.calls.heads.length = 0
  await clock.run(60_000)
  assert.deepEqual(model.calls.heads, [])
  await end()
})
