import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowed } from './allowed.ts'
import { announce, NOTHING_ANNOUNCED } from './announcements.ts'
import { holdAfter, isAtEnd, type Scrolled, wantsOlder } from './scroll.ts'
import { SEEK_PAGES_MAX, seekStep } from './seeking.ts'
import { ME, message, mine, note } from './timeline-items.case.ts'
import { moveUnreadLine } from './unread-line.ts'

test('the unread line stands at the cursor when a channel with news is opened', () => {
  assert.equal(moveUnreadLine(undefined, { kind: 'opened', cursor: 7, unread: 2 }), 7)
  assert.equal(moveUnreadLine(undefined, { kind: 'opened', cursor: 7, unread: 0 }), undefined)
})

test('the unread line moves on when the tab goes out of sight, and never back', () => {
  assert.equal(moveUnreadLine(undefined, { kind: 'hidden', seen: 9 }), 9)
  assert.equal(moveUnreadLine(12, { kind: 'hidden', seen: 9 }), 12)
  assert.equal(moveUnreadLine(undefined, { kind: 'hidden', seen: 0 }), undefined)
})

test('who answers has read', () => {
  assert.equal(moveUnreadLine(7, { kind: 'sent' }), undefined)
})

test('near the end is the end', () => {
  assert.equal(isAtEnd({ offset: 400, size: 1_000, viewport: 600 }), true)
  assert.equal(isAtEnd({ offset: 380, size: 1_000, viewport: 600 }), true)
  assert.equal(isAtEnd({ offset: 300, size: 1_000, viewport: 600 }), false)
  assert.equal(isAtEnd({ offset: 0, size: 200, viewport: 600 }), true)
})

test('whoever begins to scroll away is not pulled back, whoever comes near the end follows it', () => {
  const at = (offset: number, size = 1_000) => ({ offset, size, viewport: 600 })
  const after = (scrolled: Partial<Scrolled> & Pick<Scrolled, 'now'>) =>
    holdAfter({ hold: undefined, top: undefined, before: undefined, newer: false, ...scrolled })
  const row = { row: 'm1' } as const
  assert.equal(after({ now: at(400) }), 'end')
  assert.equal(after({ now: at(400), newer: true }), undefined, 'it is not the newest')
  assert.equal(after({ before: at(350), now: at(390) }), 'end')
  const held = { hold: 'end', top: 400, before: at(400) } as const
  assert.equal(after({ ...held, now: at(390) }), undefined)
  assert.equal(after({ ...held, now: at(380, 980), top: 380 }), 'end', 'it shrank')
  assert.equal(after({ ...held, now: at(400, 1_300), top: 700 }), 'end', 'it grew')
  assert.equal(after({ ...held, now: at(400), newer: true }), 'end', 'it was led there')
  const led = { hold: row, top: 120, before: at(90) } as const
  assert.equal(after({ ...led, now: at(121) }), row, 'rows above it were measured')
  assert.equal(after({ ...led, now: at(60) }), undefined)
  assert.equal(after({ ...led, now: at(400) }), 'end')
})

test('older messages are wanted before the reader gets there', () => {
  assert.equal(wantsOlder({ offset: 1_199, size: 9_000, viewport: 600 }), true)
  assert.equal(wantsOlder({ offset: 1_200, size: 9_000, viewport: 600 }), false)
})

test('what was there before is not announced, what others write after is, once', () => {
  const loaded = announce(NOTHING_ANNOUNCED, [message(1), message(2)], true, ME)
  assert.deepEqual(loaded, { seq: 2, texts: [] })
  const items = [message(1), message(2), mine(3), note(4), message(5), message(6, { text: null })]
  const next = announce(loaded, items, true, ME)
  assert.deepEqual(
    next.texts.map((each) => each.key),
    ['m5'],
  )
  assert.equal(announce(next, items, true, ME), next)
})

test('nothing is announced before the first page is there', () => {
  assert.equal(announce(NOTHING_ANNOUNCED, [message(1)], false, ME), NOTHING_ANNOUNCED)
})

test('of a flood only the last few are announced', () => {
  const items = Array.from({ length: 50 }, (_, at) => message(at + 1))
  const told = announce({ seq: 0, texts: [] }, items, true, ME)
  assert.deepEqual(
    told.texts.map((each) => each.key),
    ['m46', 'm47', 'm48', 'm49', 'm50'],
  )
})

test('one may edit one’s own, and a moderator may delete anybody’s', () => {
  assert.deepEqual(allowed(mine(1), 'member', ME), {
    edit: true,
    delete: true,
    question: undefined,
  })
  assert.deepEqual(allowed(message(1), 'member', ME), {
    edit: false,
    delete: false,
    question: undefined,
  })
  assert.deepEqual(allowed(message(1), 'moderator', ME), {
    edit: false,
    delete: true,
    question: undefined,
  })
})

test('what is deleted, not yet sent, or watched from outside cannot be changed', () => {
  for (const item of [
    mine(1, { text: null }),
    mine(undefined),
    mine(undefined, { state: 'failed' }),
  ]) {
    assert.deepEqual(allowed(item, 'owner', ME), {
      edit: false,
      delete: false,
      question: undefined,
    })
  }
  assert.equal(allowed(mine(1), null, ME).edit, false)
})

test('a moderator moves a question on, step by step', () => {
  const at = (question: 'open' | 'picked' | 'answered') =>
    allowed(message(1, { lane: 'question', question }), 'owner', ME).question
  assert.deepEqual([at('open'), at('picked'), at('answered')], ['picked', 'answered', undefined])
  assert.equal(allowed(message(1, { lane: 'question' }), 'member', ME).question, undefined)
})

test('the first unread message is looked for page by page, and not for ever', () => {
  const far = { unread: -1, more: true, loading: false, pages: 0 }
  assert.deepEqual(seekStep(far), { kind: 'load' })
  assert.deepEqual(seekStep({ ...far, loading: true, pages: 1 }), { kind: 'wait' })
  assert.deepEqual(seekStep({ ...far, unread: 12, pages: 3 }), { kind: 'show', row: 12 })
  assert.deepEqual(seekStep({ ...far, more: false }), { kind: 'show', row: 0 }, 'it was deleted')
  assert.deepEqual(seekStep({ ...far, pages: SEEK_PAGES_MAX }), { kind: 'show', row: 0 })
})
