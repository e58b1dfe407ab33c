import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fresh, items, move, Reader } from './testing/timeline-reader.ts'

test('any interleaving of live events, replays and pages becomes what a fresh load shows', () => {
  const met = { cuts: 0, pages: 0, overtaken: 0, holes: 0 }
  fc.assert(
    fc.property(fc.array(move, { maxLength: 100, size: 'max' }), (moves) => {
      const reader = new Reader()
      for (const next of moves) {
        reader.make(next)
        reader.check()
      }
      for (const name of Object.keys(met) as (keyof typeof met)[]) met[name] += reader.met[name]
      reader.settle()
      reader.check()
      assert.equal(reader.timeline.window?.last, reader.log.head)
      assert.deepEqual(items(reader.timeline), fresh(reader.log))
    }),
    { numRuns: 500 },
  )
  for (const [name, times] of Object.entries(met)) assert.ok(times > 50, `${name}: ${times}`)
})
