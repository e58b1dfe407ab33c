import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TraceEntry } from '@madang/protocol'
import { entriesMax, journeysMax, journeysOf, mergeEntries } from './journeys.ts'

const entry = (
  id: number,
  node: string,
  at: number,
  step: TraceEntry['step'],
  eventId?: string,
) => ({
  ...{ id, node, at, step, kind: 'created' },
  ...(eventId !== undefined && { eventId }),
})

test('the steps of an event are one way, by time, and causes go before what they cause', () => {
  const [journey, ...others] = journeysOf([
    entry(2, 'a', 105, 'delivered', 'e'),
    entry(1, 'b', 103, 'received', 'e'),
    entry(2, 'b', 103, 'delivered', 'e'),
    entry(1, 'a', 100, 'appended', 'e'),
  ])
  assert.deepEqual(others, [])
  assert.deepEqual(
    journey?.steps.map(({ entry: { node, step }, sinceMs }) => [node, step, sinceMs]),
    [
      ['a', 'appended', 0],
      ['b', 'received', 3],
      ['b', 'delivered', 3],
      ['a', 'delivered', 5],
    ],
  )
  assert.deepEqual(
    journey?.steps.map(({ beside }) => beside),
    [0, 0, 1, 0],
  )
  assert.deepEqual([journey?.tookMs, journey?.nodes], [5, ['a', 'b']])
})

test('ways are newest first, and not without end', () => {
  const many = Array.from({ length: 100 }, (_, at) => entry(at, 'a', at, 'appended', `e${at}`))
  const found = journeysOf(many)
  assert.equal(found.length, journeysMax)
  assert.equal(found[0]?.eventId, 'e99')
})

test('what a person does beside events is a way of its own each', () => {
  const found = journeysOf([entry(1, 'a', 1, 'connected'), entry(2, 'a', 2, 'disconnected')])
  assert.equal(found.length, 2)
})

test('an entry that comes again is known, and the oldest are let go', () => {
  const known = [entry(1, 'a', 1, 'appended', 'e')]
  assert.equal(mergeEntries(known, [...known, entry(1, 'b', 2, 'received', 'e')]).length, 2)
  const many = Array.from({ length: entriesMax + 5 }, (_, at) => entry(at, 'a', at, 'asked'))
  assert.equal(mergeEntries([], many).length, entriesMax)
  assert.equal(mergeEntries([], many)[0]?.id, 5)
})
