import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentile } from './percentile.ts'
import { textTable } from './table.ts'

test('a table has its words to the left and its numbers to the right', () => {
  const rows = [
    ['one', 1_234.5, 0.12345],
    ['fourteen', 7, Number.NaN],
  ]
  assert.equal(
    textTable(['name', 'count', 'ms'], rows),
    'name      count     ms\none       1,235  0.123\nfourteen      7      -',
  )
})

test('a percentile is the nearest rank', () => {
  const values = [5, 1, 4, 2, 3]
  assert.deepEqual(
    [0, 0.5, 0.99, 1].map((share) => percentile(values, share)),
    [1, 3, 5, 5],
  )
  assert.equal(percentile([], 0.5), Number.NaN)
})
