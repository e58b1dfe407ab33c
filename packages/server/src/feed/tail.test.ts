import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogEvent } from '@madang/protocol'
import fc from 'fast-check'
import { after, append, inPresentState, prepend, type Tail } from './tail.ts'
import { idOf, type ModelEntry, ModelLog } from './testing/model-log.ts'

const channel = idOf(1)

function logOf(entries: readonly ModelEntry[]): readonly LogEvent[] {
  const model = new ModelLog()
  for (const entry of entries) model.append(channel, entry)
  return model.log(channel)
}

const entries = fc.array(
  fc.oneof(
    fc.constant({ kind: 'created' } as const),
    fc.record({
      kind: fc.constantFrom('edited', 'deleted'),
      target: fc.integer({ min: 1, max: 40 }),
    }),
  ),
  { minLength: 1, maxLength: 60 },
)
const seqs = (events: readonly LogEvent[]) => events.map((event) => event.seq)
const textOf = (event: LogEvent | undefined) => event && 'text' in event && event.text

test('a deleted text is gone from the tail, and so are the texts of its edits', () => {
  const log = logOf([
    { kind: 'created' },
    { kind: 'edited', target: 1 },
    { kind: 'created' },
    { kind: 'deleted', target: 1 },
  ])
  const tail = append(append([], log.slice(0, 3), 10), log.slice(3), 10)
  assert.deepEqual(tail.slice(0, 3).map(textOf), [null, null, 'text 3'])
  assert.equal(tail[0]?.kind === 'created' && tail[0].rev, 4)
  assert.equal(textOf(log[0]), 'text 1', 'the event that was delivered is not changed')
})

test('a tail keeps the last events, in the state that all of them together give', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 20 }), fc.nat(60), (list, max, cut) => {
      const log = logOf(list)
      const step = Math.min(cut, log.length)
      const tail = append(append([], log.slice(0, step), max), log.slice(step), max)
      assert.deepEqual(tail, inPresentState(log).slice(-max))
    }),
  )
})

test('a page in front makes the tail what it would be had it been there all the time', () => {
  fc.assert(
    fc.property(
      entries,
      fc.nat(60),
      fc.nat(60),
      fc.integer({ min: 1, max: 30 }),
      (list, a, b, max) => {
        const log = logOf(list)
        const [from, start] = [a, b].map((n) => n % (log.length + 1)).sort((x, y) => x - y) as [
          number,
          number,
        ]
        const tail = append([], log.slice(start), max)
        const whole = prepend(tail, log.slice(from), log.length, max)
        const expected =
          log.length - from === 0 ? tail : inPresentState(log).slice(from).slice(-max)
        assert.deepEqual(whole, expected)
      },
    ),
  )
})

test('a page that does not touch the tail is left alone', () => {
  const log = logOf(Array.from({ length: 10 }, () => ({ kind: 'created' as const })))
  const tail: Tail = log.slice(6)
  assert.equal(prepend(tail, log.slice(0, 4), 10, 20), tail)
  assert.deepEqual(prepend([], log.slice(0, 4), 10, 20), [])
  assert.deepEqual(seqs(prepend([], log, 10, 3)), [8, 9, 10])
  assert.equal(prepend(tail, log, 10, 4), tail, 'there is no room')
})

test('events after a seq come from the tail where it reaches back that far', () => {
  const log = logOf(Array.from({ length: 10 }, () => ({ kind: 'created' as const })))
  const tail = log.slice(6)
  assert.deepEqual(seqs(after(tail, 8, 10) ?? []), [9, 10])
  assert.deepEqual(seqs(after(tail, 6, 10) ?? []), [7, 8, 9, 10])
  assert.equal(after(tail, 5, 10), undefined)
  assert.deepEqual(after(tail, 10, 10), [])
  assert.deepEqual(after([], 10, 10), [])
  assert.equal(after([], 9, 10), undefined)
})
