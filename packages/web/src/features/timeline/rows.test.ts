import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  buildRows,
  GROUP_MS,
  isShifted,
  lastOwn,
  membershipSeq,
  newerThan,
  type Row,
  type RowsInput,
  seqUpTo,
} from './rows.ts'
import { ME, message, mine, note } from './timeline-items.case.ts'

const rowsOf = (over: Partial<RowsInput>): readonly Row[] =>
  buildRows({
    items: [],
    more: true,
    unreadAfter: undefined,
    me: ME,
    direct: false,
    dayKey: (at) => String(Math.floor(at / 86_400_000)),
    ...over,
  })

const heads = (rows: readonly Row[]) => rows.map((row) => row.kind === 'message' && row.head)
const unreadAt = (rows: readonly Row[]) =>
  rows.findIndex((row) => row.kind === 'message' && row.unread)

test('every item is one row, in order, so that places never move', () => {
  const items = [message(1), note(2), mine(3), message(undefined)]
  const rows = rowsOf({ items, unreadAfter: 1 })
  assert.deepEqual(
    rows.map((row) => row.key),
    items.map((item) => item.key),
  )
})

test('the beginning is shown once everything older is loaded', () => {
  assert.deepEqual(
    rowsOf({ items: [message(1)], more: false }).map((row) => row.kind),
    ['start', 'message'],
  )
})

test('messages of one author close together are one group', () => {
  const items = [
    message(1, { createdAt: 0 }),
    message(2, { createdAt: GROUP_MS - 1 }),
    message(3, { createdAt: 3 * GROUP_MS }),
    mine(4, { createdAt: 3 * GROUP_MS }),
    mine(5, { createdAt: 3 * GROUP_MS, lane: 'question' }),
  ]
  assert.deepEqual(heads(rowsOf({ items })), [true, false, true, true, true])
})

test('a note, a new day and the unread line each begin a group', () => {
  const day = 86_400_000
  const items = [message(1, { createdAt: 0 }), note(2), message(3, { createdAt: 0 })]
  assert.deepEqual(heads(rowsOf({ items })), [true, false, true])
  const nights = [message(1, { createdAt: day - 1 }), message(2, { createdAt: day })]
  assert.deepEqual(heads(rowsOf({ items: nights })), [true, true])
  assert.deepEqual(heads(rowsOf({ items: [message(1), message(2)], unreadAfter: 1 })), [true, true])
})

test('the first row and each first row of a day carry the day', () => {
  const day = 86_400_000
  const items = [0, 1, day, day + 1, 3 * day].map((createdAt, at) => message(at + 1, { createdAt }))
  const days = rowsOf({ items }).map((row) => row.kind !== 'start' && row.day !== undefined)
  assert.deepEqual(days, [true, false, true, false, true])
})

test('the unread line stands above the first message by another after the cursor', () => {
  const items = [message(1), mine(2), note(3), message(4), message(5)]
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: 1 })), 3)
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: 4 })), 4)
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: 5 })), -1)
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: undefined })), -1)
})

test('there is no unread line as long as its place is not loaded', () => {
  const items = [message(50), message(51)]
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: 20, more: true })), -1)
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: 20, more: false })), 1)
  assert.equal(unreadAt(rowsOf({ items, unreadAfter: 50, more: true })), 1)
})

test('those who come in a row are told together, by the last of them', () => {
  const items = [note(1), note(2), note(3, 'renamed'), note(4), message(5), note(6)]
  const told = rowsOf({ items }).map((row) => row.kind === 'note' && row.told.map(({ seq }) => seq))
  assert.deepEqual(told, [[], [1, 2], [3], [4], false, [6]])
})

test('those who came yesterday are told apart from those who came today', () => {
  const day = 86_400_000
  const at = (seq: number, createdAt: number) => {
    const { event, ...rest } = note(seq)
    return { ...rest, event: { ...event, createdAt } }
  }
  const rows = rowsOf({ items: [at(1, 0), at(2, day), at(3, day)] })
  const told = rows.map((row) => row.kind === 'note' && row.told.map(({ seq }) => seq))
  assert.deepEqual(told, [[1], [], [2, 3]])
})

test('a conversation of two is not told that the two are there', () => {
  const rows = rowsOf({ items: [note(1), note(2), message(3)], direct: true })
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['m3'],
  )
})

test('what is on screen is known by the last seq, pending messages have none', () => {
  const rows = rowsOf({ items: [message(7), message(9), mine(undefined)], more: false })
  assert.deepEqual(
    [0, 1, 2, 3, 99].map((at) => seqUpTo(rows, at)),
    [0, 7, 9, 9, 9],
  )
})

test('only messages by others are new', () => {
  const rows = rowsOf({ items: [message(1), mine(2), note(3), message(4), mine(undefined)] })
  assert.deepEqual(
    [0, 1, 4].map((seq) => newerThan(rows, seq, ME)),
    [2, 1, 0],
  )
})

test('rows that came or went in front are told from rows that did so behind', () => {
  const before = rowsOf({ items: [message(5), message(6)] })
  const isShiftedTo = (over: Partial<RowsInput>) => isShifted(before, rowsOf(over))
  assert.equal(isShiftedTo({ items: [message(4), message(5), message(6)] }), true)
  assert.equal(isShiftedTo({ items: [message(5), message(6), message(7)] }), false)
  assert.equal(isShiftedTo({ items: [message(5), message(6)], more: false }), true)
  assert.equal(isShiftedTo({ items: [message(6)] }), true)
  assert.equal(isShiftedTo({ items: [message(5)] }), false)
  assert.equal(isShiftedTo({ items: [message(80)] }), false)
  assert.equal(isShifted([], before), false)
})

test('the last message one could still change is found', () => {
  const items = [mine(1), mine(2, { text: null }), message(3), mine(undefined)]
  assert.equal(lastOwn(items, ME), 1)
  assert.equal(lastOwn([message(1)], ME), undefined)
})

test('a new name is no change of the members', () => {
  assert.equal(membershipSeq([note(3), note(5, 'renamed'), message(6)]), 3)
  assert.equal(membershipSeq([]), 0)
})

test('whatever comes, there is a row per item and at most one unread line', () => {
  const item = fc.record({
    gap: fc.nat(9),
    minute: fc.nat(4_000),
    me: fc.boolean(),
    noted: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(item), fc.option(fc.nat(60)), fc.boolean(), (made, unread, more) => {
      let seq = 0
      const items = made.map(({ gap, minute, me, noted }) => {
        seq += gap + 1
        if (noted) return note(seq)
        return (me ? mine : message)(seq, { createdAt: minute * 60_000 })
      })
      const rows = rowsOf({ items, more, unreadAfter: unread ?? undefined })
      assert.equal(rows.length, items.length + (more ? 0 : 1))
      assert.ok(rows.filter((row) => row.kind === 'message' && row.unread).length <= 1)
      assert.equal(new Set(rows.map((row) => row.key)).size, rows.length)
    }),
  )
})
