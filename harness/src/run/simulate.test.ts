import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOf } from '../simulation/parts.ts'
import { runRange } from '../simulation/range.ts'
import { simulateSeeds } from './simulate.ts'

const progress = () => {}

test('seeds from any one on are run by several threads, and told by their sums', async () => {
  const range = { from: 1_000, seeds: 40, size: 'small' } as const
  const report = await simulateSeeds({ ...range, jobs: 2, progress })
  assert.deepEqual([report.sums.seeds, report.broken], [40, []])
  const { committed = 0, delivered = 0 } = report.sums
  assert.ok(committed > 0 && delivered > 0)
  assert.deepEqual((await runRange(range, await partsOf(undefined))).sums, report.sums)
})

test('what went wrong is told with its seed, small', async () => {
  const mutant = 'every ninth event is delivered twice'
  const run = { from: 1, seeds: 5, size: 'small', jobs: 1, mutant, progress } as const
  const { broken, lines } = await simulateSeeds(run)
  assert.equal(broken.length, 1)
  assert.match(lines.join('\n'), /I6 is broken: device \d+\.\d+ got seq \d+/)
})
