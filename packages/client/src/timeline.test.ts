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
  isAway,
  isBehind,
  newTimeline,
  type Page,
  type Timeline,
  unreadAfter,
  withAcknowledged,
  withEvent,
  withPage,
  withPaging,
  withReader,
  withReplay,
} from './timeline.ts'

/** A timeline that has everything of the log. */
function loaded(log: ModelLog): Timeline {
  return withReplay(newTimeline(ME.id), log.replay(undefined, 1_000))
}

/** What the log answers to what the timeline asks for. */
function pageFor({ paging }: Timeline, log: ModelLog, limit: number): Page {
  assert.ok(paging)
  return { wanted: paging, ...log.asked(paging, limit) }
}

function paged(timeline: Timeline, log: ModelLog, limit: number, newer = false): Timeline {
  const asked = withPaging(timeline, newer)
  return withPage(asked, pageFor(asked, log, limit))
}

test('an edit of a message that is not loaded changes nothing, and a later page contains it', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three')
  let timeline = withReplay(newTimeline(ME.id), log.replay(undefined, 1))
  log.edit(1, 'one, edited')
  timeline = withEvent(timeline, log.raw(4))
  assert.deepEqual(seqs(timeline), [3])
  timeline = paged(timeline, log, 10)
  assert.deepEqual(items(timeline), fresh(log))
})

test('an edit that overtakes the page that is asked for is not lost', () => {
  const log = new ModelLog()
  say(log, 'one', 'two')
  const timeline = withPaging(withReplay(newTimeline(ME.id), log.replay(undefined, 1)), false)
  const page = pageFor(timeline, log, 10)
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
  while (hasMore(timeline)) timeline = paged(timeline, log, 3)
  assert.deepEqual(items(timeline), fresh(log))
})

test('a page that was asked for before the window was cut is dropped', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three')
  const asked = withPaging(withReplay(newTimeline(ME.id), log.replay(undefined, 1)), false)
  const page = pageFor(asked, log, 1)
  say(log, 'four', 'five', 'six')
  const cut = withReplay(asked, log.replay(3, 1))
  assert.deepEqual(seqs(withPage(cut, page)), [6])
  assert.deepEqual(seqs(withPage(withPaging(cut, false), page)), [6])
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

/** So many messages, live. */
function grown(timeline: Timeline, count: number): Timeline {
  let next = timeline
  for (let index = 0; index < count; index += 1) {
    const seq = (next.window?.last ?? 0) + 1
    next = withEvent(next, { ...template, seq, id: `${seq}`, clientId: `c${seq}` })
  }
  return next
}

const KEPT = BOUNDS.timelineRowsMax - BOUNDS.timelineRowsTrimmed

test('a timeline past its bound loses its oldest rows where nobody reads back, and paging brings them back', () => {
  const timeline = grown(loaded(new ModelLog()), BOUNDS.timelineRowsMax + 1)
  assert.equal(timeline.rows.length, KEPT)
  assert.equal(timeline.window?.first, timeline.rows[0]?.seq)
  assert.equal(timeline.window?.last, BOUNDS.timelineRowsMax + 1)
  assert.ok(hasMore(timeline) && !isAway(timeline))
})

test('whoever reads back keeps what they look at: the newest rows go, come again page by page, and live ones are amended', () => {
  const early = grown(loaded(new ModelLog()), 100)
  const away = grown(withReader(early, 60), BOUNDS.timelineRowsMax)
  assert.deepEqual(away.window, { first: 1, end: KEPT, last: BOUNDS.timelineRowsMax + 100 })
  assert.equal(away.rows.length, KEPT)
  assert.ok(isAway(away) && !isBehind(away))
  assert.equal(unreadAfter(away, 0, away.head), undefined)
  const edit: LogEvent = { ...edited, seq: away.head + 1, target: 60 }
  const [text] = items(withEvent(away, edit)).slice(59)
  assert.equal(text?.kind === 'message' && text.text, 'edited')
  assert.deepEqual(cursorOf(withEvent(away, edit))?.seq, edit.seq)
})

test('a newer page that edits, deletes and messages overtake is still complete, and as it is now', () => {
  const log = new ModelLog()
  say(log, 'one', 'two', 'three', 'four', 'five')
  const away = { ...loaded(log), window: { first: 1, end: 2, last: 5 } }
  const asked = withPaging({ ...away, rows: away.rows.slice(0, 2), reader: 1 }, true)
  const [short, whole] = [pageFor(asked, log, 2), pageFor(asked, log, 10)]
  log.edit(4, 'four, edited')
  log.delete(3)
  say(log, 'six')
  const live = [6, 7, 8].reduce((at, seq) => withEvent(at, log.raw(seq)), asked)
  assert.deepEqual(seqs(live), [1, 2])
  for (const back of [withPage(live, whole), paged(withPage(live, short), log, 10, true)]) {
    assert.deepEqual(items(back), fresh(log))
    assert.ok(!isAway(back))
  }
})

test('a page that more overtakes than is kept for it is given up, and asked for again', () => {
  const early = grown(loaded(new ModelLog()), 10)
  const asked = withPaging({ ...early, window: { first: 5, end: 10, last: 10 } }, false)
  const kept = grown(asked, BOUNDS.heldEventsMax)
  assert.equal(kept.meanwhile.length, BOUNDS.heldEventsMax)
  const given = grown(asked, BOUNDS.heldEventsMax + 1)
  assert.deepEqual([given.paging, given.meanwhile], [undefined, []])
})

test('whoever looks at the end again gets the latest page in place of what they read', () => {
  const early = grown(loaded(new ModelLog()), 100)
  const away = grown(withReader(early, 60), BOUNDS.timelineRowsMax)
  const wanting = withReader(away, undefined)
  assert.ok(isBehind(wanting))
  assert.equal(cursorOf(wanting), null)
  const { head } = wanting
  const events = [{ ...template, seq: head }]
  const replay: Replay = { channelId: '', epoch: 'e1', head, events, limited: true }
  const latest = withReplay(wanting, replay)
  assert.deepEqual(seqs(latest), [head])
  assert.ok(!isAway(latest) && !isBehind(latest))
})

const template = new ModelLog().send({ clientId: 'c', by: YOU, text: 'one of many' })
const edited = { ...template, kind: 'edited', target: 1, text: 'edited' } as const
