import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BOUNDS } from './bounds.ts'
import { farMove, fresh, items, type Move, move, Reader, SMALL } from './testing/timeline-reader.ts'

const ROOMY = { ...BOUNDS }

/** Runs any moves, and counts how often what makes them hard has happened. */
function readers(moved: fc.Arbitrary<Move>, settled: (reader: Reader) => void): Reader['met'] {
  const met: Record<string, number> = {}
  fc.assert(
    fc.property(fc.array(moved, { maxLength: 100, size: 'max' }), (moves) => {
      const reader = new Reader()
      for (const next of moves) {
        reader.make(next)
        reader.check()
      }
      for (const [name, times] of Object.entries(reader.met)) met[name] = (met[name] ?? 0) + times
      reader.settle()
      reader.check()
      assert.equal(reader.timeline.window?.last, reader.log.head)
      assert.equal(reader.timeline.window?.end, reader.log.head)
      settled(reader)
    }),
    { numRuns: 500 },
  )
  return met as Reader['met']
}

test('any interleaving of live events, replays and pages becomes what a fresh load shows', () => {
  const {
    away: _,
    back: __,
    newerPages: ___,
    ...met
  } = readers(move, (reader) => {
    reader.toBeginning()
    assert.deepEqual(items(reader.timeline), fresh(reader.log))
  })
  for (const [name, times] of Object.entries(met)) assert.ok(times > 50, `${name}: ${times}`)
})

test('where not everything has room there is still no hole, what is looked at stays, and all of it can be read, back and forth', () => {
  Object.assign(BOUNDS, SMALL)
  try {
    const {
      cuts: _,
      holes: __,
      ...met
    } = readers(farMove, (reader) => {
      const shown = reader.toBeginning()
      const inOrder = [...shown].sort(([one], [two]) => one - two).map(([, item]) => item)
      Object.assign(BOUNDS, ROOMY)
      assert.deepEqual(inOrder, fresh(reader.log))
      Object.assign(BOUNDS, SMALL)
      reader.toEnd()
      assert.equal(reader.timeline.window?.end, reader.log.head)
    })
    for (const [name, times] of Object.entries(met)) assert.ok(times > 0, `${name}: ${times}`)
  } finally {
    Object.assign(BOUNDS, ROOMY)
  }
})

test('a replay that closes one hole and leaves another keeps to the bound all the same', () => {
  Object.assign(BOUNDS, SMALL)
  try {
    const reader = new Reader()
    const deliver: Move = { do: 'deliver', skip: false, present: false }
    const say: Move = { do: 'say' }
    const story: Move[] = [
      ...[say, { do: 'ask replay', limit: 1 }, ...Array<Move>(7).fill(say), deliver],
      ...[{ do: 'edit', pick: 0 }, { do: 'ask page', limit: 1 }, ...Array<Move>(6).fill(deliver)],
      ...[say, { do: 'answer page' }, deliver, deliver, { do: 'ask replay', limit: 1 }],
    ] as Move[]
    for (const next of story) {
      reader.make(next)
      reader.check()
    }
  } finally {
    Object.assign(BOUNDS, ROOMY)
  }
})
