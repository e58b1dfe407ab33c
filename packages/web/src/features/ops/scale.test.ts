import assert from 'node:assert/strict'
import { test } from 'node:test'
import { linear, linePath, moments, stacked, ticksTo } from './scale.ts'

test('an axis begins at nothing, holds the most, and has few round marks', () => {
  assert.deepEqual(ticksTo(7), [0, 2, 4, 6, 8])
  assert.deepEqual(ticksTo(0.3), [0, 0.1, 0.2, 0.3])
  assert.deepEqual(ticksTo(1_900), [0, 500, 1_000, 1_500, 2_000])
  assert.deepEqual(ticksTo(0), [0, 1])
  assert.deepEqual(ticksTo(2, 1), [0, 1, 2], 'no halves of a message')
  for (let most = 0.013; most < 1e7; most *= 1.37) {
    const ticks = ticksTo(most)
    assert.ok((ticks.at(-1) ?? 0) >= most && ticks.length <= 6, `${most}: ${ticks}`)
  }
})

test('a scale maps the ends onto the ends, and one value onto the beginning', () => {
  const scale = linear(10, 20, 100, 0)
  assert.deepEqual([scale.at(10), scale.at(15), scale.at(20)], [100, 50, 0])
  assert.equal(linear(3, 3, 7, 9).at(3), 7)
})

test('bars are stacked in the order of their names, and nothing is drawn of nothing', () => {
  assert.deepEqual(stacked(['a', 'b', 'c'], { c: 2, a: 3 }), [
    { name: 'a', from: 0, to: 3 },
    { name: 'c', from: 3, to: 5 },
  ])
  assert.deepEqual(stacked(['a'], {}), [])
})

test('a line breaks where nothing was measured', () => {
  assert.equal(
    linePath(
      [
        [0, 1],
        [5, 2],
        [50, 3],
      ],
      10,
    ),
    'M0.0 1.0L5.0 2.0M50.0 3.0',
  )
})

test('the foot of a chart has as many moments as there is room for', () => {
  const hour = 3_600_000
  for (const hours of [3, 24, 7 * 24, 30 * 24]) {
    const found = moments(0, hours * hour, 8)
    assert.ok(found.length >= 2 && found.length <= 9, `${hours} hours: ${found.length}`)
    assert.ok(found.every((at) => at >= 0 && at <= hours * hour && at % hour === 0))
  }
})
