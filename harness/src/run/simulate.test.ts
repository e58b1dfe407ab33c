import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mutants, simulateSeeds } from './simulate.ts'

const progress = () => {}

test('seeds from any one on are told by their sums', async () => {
  const report = await simulateSeeds({ from: 1_000, seeds: 3, progress })
  assert.deepEqual([report.seeds, report.broken], [3, undefined])
  assert.ok(report.committed > 0 && report.delivered > report.committed)
})

test('what went wrong is told with its seed, small', async () => {
  const mutant = mutants.find((name) => name.includes('delivered twice')) ?? ''
  const { broken } = await simulateSeeds({ from: 1, seeds: 5, mutant, progress })
  assert.ok(broken)
  assert.match(broken.lines.join('\n'), /I6 is broken: device \d+\.\d+ got seq \d+/)
})
