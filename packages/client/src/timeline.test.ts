import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogEvent, Replay } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'
import { ModelLog } from './testing/model-log.ts'
import { fresh, items, ME, say, seqs, YOU } from './testing/timeline-reader.ts'
import {
  cursorOf,
  hasHole,
  hasMore,
  newTimeline,
  type Page,
  type Timeline,
  unreadAfter,
  withAcknowledged,
  withEvent,
  withPage,
  withPaging,
  withReplay,
} from './timeline.ts'

/** A timeline that has everything of the log. */
function loaded(log: ModelLog): Timeline {
  return withReplay(newTimeline(ME.id), log.replay(undefined, 1_000))
}

test('an edit of a message that is not loaded changes nothing, and a later page contains it', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three')
  let timeline = withReplay(newTimeline(ME.id), log.replay(undefined, 1))
  log.edit(1, 'one, edited')
  timeline = withEvent(timeline, log.raw(4))
  assert.deepEqual(seqs(timeline), [3])
  timeline = withPage(withPaging(timeline), { before: 3, ...log.page(3, 10) })
  assert.deepEqual(items(timeline), fresh(log))
})

test('an edit that overtakes the page that is asked for is not lost', () => {
  const log = new ModelLog()
  say(log, 'one', 'two')
  const timeline = withPaging(withReplay(newTimeline(ME.id), log.replay(undefined, 1)))
  const page: Page = { before: 2, ...log.page(2, 10) }
  log.edit(1, 'one, edited')
  assert.deepEqual(items(withPage(withEvent(timeline, log.raw(3)), page)), fresh(log))
})

test('an edit that a page already contains is not applied over a later one', () => {
  const log = new ModelLog()
  say(log, 'one')
  const early = loaded(log)
  log.edit(1, 'first edit')
  log.edit(1, 'second edit')
  const late = withReplay(early, log.replay(1, 10))
  assert.deepEqual(items(late), fresh(log))
  const behind = withReplay(newTimeline(ME.id), { ...log.replay(undefined, 10), head: 1 })
  const [message] = items(withEvent(behind, log.raw(2)))
  assert.equal(message?.kind === 'message' && message.text, 'second edit')
})

test('a limited replay drops the older part, and paging fills it without a hole', () => {
  const log = new ModelLog()
  say(log, 'one', 'two')
  let timeline = loaded(log)
  say(log, 'three', 'four', 'five', 'six')
  log.delete(1)
  timeline = withReplay(timeline, log.replay(2, 2))
  assert.deepEqual(seqs(timeline), [5, 6])
  assert.ok(hasMore(timeline))
  while (hasMore(timeline)) {
    const before = timeline.window?.first ?? 0
    timeline = withPage(withPaging(timeline), { before, ...log.page(before, 3) })
  }
  assert.deepEqual(items(timeline), fresh(log))
})

test('a page that was asked for before the window was cut is dropped', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three')
  const asked = withPaging(withReplay(newTimeline(ME.id), log.replay(undefined, 1)))
  const page: Page = { before: 3, ...log.page(3, 1) }
  say(log, 'four', 'five', 'six')
  const cut = withReplay(asked, log.replay(3, 1))
  assert.deepEqual(seqs(withPage(cut, page)), [6])
  assert.deepEqual(seqs(withPage(withPaging(cut), page)), [6])
})

test('live events past a hole are held until the hole is closed', () => {
  const log = new ModelLog()
  say(log, 'one')
  let timeline = loaded(log)
  say(log, 'two', 'three', 'four')
  timeline = withEvent(withEvent(timeline, log.raw(4)), log.raw(3))
  assert.deepEqual(seqs(timeline), [1])
  assert.ok(hasHole(timeline))
  const replay = log.replay(1, 10)
  timeline = withReplay(timeline, { ...replay, head: 2, events: replay.events.slice(0, 1) })
  assert.ok(!hasHole(timeline))
  assert.deepEqual(items(timeline), fresh(log))
})

test('a hole that replays leave open again and again makes the timeline begin anew', () => {
  const log = new ModelLog()
  say(log, 'one')
  let timeline = loaded(log)
  say(log, 'two', 'three')
  timeline = withEvent(timeline, log.raw(3))
  const useless: Replay = { ...log.replay(1, 10), events: [], head: 1 }
  for (let round = 0; round < BOUNDS.repairsMax; round += 1) {
    assert.deepEqual(cursorOf(timeline), { seq: 1, epoch: 'e1' })
    timeline = withReplay(timeline, useless)
  }
  assert.equal(cursorOf(timeline), null)
})

test('a log of another epoch replaces everything, whatever its numbers', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three')
  const before = withEvent(loaded(log), { ...log.raw(3), seq: 9 })
  const restored = new ModelLog()
  restored.epoch = 'e2'
  say(restored, 'another one')
  const after = withReplay(before, restored.replay(undefined, 10))
  assert.deepEqual(seqs(after), [1])
  assert.ok(!hasHole(after))
})

test('an acknowledged message stands after the window until its event comes, and never twice', () => {
  const log = new ModelLog()
  say(log, 'one')
  let timeline = loaded(log)
  say(log, 'two')
  const mine = log.send({ clientId: 'mine', by: ME, text: 'three' })
  timeline = withAcknowledged(timeline, mine)
  assert.deepEqual(
    timeline.ahead.map((row) => row.item.key),
    ['mine'],
  )
  timeline = withEvent(timeline, log.raw(2))
  timeline = withEvent(timeline, log.raw(3))
  assert.deepEqual(timeline.ahead, [])
  assert.deepEqual(items(timeline), fresh(log))
  assert.equal(withAcknowledged(timeline, mine), timeline)
})

test('the key of an own message is its client id, and nobody can take it by copying it', () => {
  const log = new ModelLog()
  log.send({ clientId: 'same', by: ME, text: 'mine' })
  log.send({ clientId: 'same', by: YOU, text: 'a copy' })
  const timeline = loaded(log)
  assert.deepEqual(
    items(timeline).map((item) => item.key),
    ['same', `${YOU.id}:same`],
  )
})

test('events of a kind that only newer servers have are passed over, and leave no hole', () => {
  const log = new ModelLog()
  say(log, 'one')
  const strange = { ...log.raw(1), seq: 2, kind: 'reaction' } as unknown as LogEvent
  const timeline = withEvent(loaded(log), strange)
  assert.deepEqual(seqs(timeline), [1])
  assert.equal(timeline.window?.last, 2)
})

test('unread counts others, after the cursor, not deleted; unknown where the window does not reach', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three')
  log.send({ clientId: 'mine', by: ME, text: 'four' })
  log.delete(2)
  assert.equal(unreadAfter(loaded(log), 0, 5), 2)
  assert.equal(unreadAfter(loaded(log), 1, 5), 1)
  const short = withReplay(newTimeline(ME.id), log.replay(undefined, 1))
  assert.equal(unreadAfter(short, 1, 5), undefined)
  assert.equal(unreadAfter(loaded(log), 1, 6), undefined)
})

test('a timeline past its bound loses its oldest rows, which paging brings back', () => {
  const log = new ModelLog()
  let timeline = loaded(log)
  const count = BOUNDS.timelineRowsMax + 1
  for (let index = 0; index < count; index += 1) {
    const event = { ...template, seq: index + 1, id: `${index}`, clientId: `c${index}` }
    timeline = withEvent(timeline, event)
  }
  assert.equal(timeline.rows.length, BOUNDS.timelineRowsMax - BOUNDS.timelineRowsTrimmed)
  assert.equal(timeline.window?.first, timeline.rows[0]?.seq)
  assert.equal(timeline.window?.last, count)
  assert.ok(hasMore(timeline))
})

const template = new ModelLog().send({ clientId: 'c', by: YOU, text: 'one of many' })
