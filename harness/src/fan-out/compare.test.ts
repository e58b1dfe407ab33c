import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CANDIDATES, compare } from './compare.ts'
import { IDLE_CANDIDATES, idle } from './idle.ts'
import { idleTable, speedTable } from './rows.ts'
import { membersOf, messagesOf, quick } from './scenario.ts'

test('every candidate delivers everything, and every row is complete', {
  timeout: 300_000,
}, async (t) => {
  const figures = await compare(quick, (line) => t.diagnostic(line))
  assert.equal(figures.length, CANDIDATES.length * quick.layouts.length * quick.rates.length)
  for (const { arrived, expected, scenario } of figures) {
    assert.equal(expected, messagesOf(scenario) * membersOf(scenario.layout))
    assert.equal(arrived, expected)
  }
  for (const row of speedTable(figures).rows) {
    for (const cell of row) assert.ok(typeof cell === 'string' || Number.isFinite(cell), row.join())
  }
})

test('every candidate has a figure for what an idle connection costs', {
  timeout: 300_000,
}, async (t) => {
  const figures = await idle(quick.idleConnections, (line) => t.diagnostic(line))
  const { rows } = idleTable(figures)
  assert.deepEqual(
    rows.map(([name]) => name),
    [...IDLE_CANDIDATES],
  )
  for (const row of rows) assert.ok(row.slice(1).every(Number.isFinite))
})
