import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulateSeeds } from './simulate.ts'

const progress = () => {}

test('seeds from any one on are run by several threads, and told by their sums', async () => {
  const from = { from: 1_000, seeds: 120, size: 'small', progress } as const
  const report = await simulateSeeds({ ...from, jobs: 2 })
  assert.deepEqual([report.sums.seeds, report.broken], [120, []])
  const { committed = 0, delivered = 0 } = report.sums
  assert.ok(committed > 0 && delivered > 0)
  assert.deepEqual((await simulateSeeds({ ...from, jobs: 1 })).sums, report.sums)
})

test('what went wrong is told with its seed, small', async () => {
  const mutant = 'every ninth event is delivered twice'
  const run = { from: 1, seeds: 5, size: 'large', jobs: 1, mutant, progress } as const
  const { broken, lines } = await simulateSeeds(run)
  assert.equal(broken.length, 1)
  assert.match(lines.join('\n'), /I6 is broken: device \d+\.\d+ got seq \d+/)
})
