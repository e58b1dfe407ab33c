// The quick set: every scenario of it once, with a crowd that two cores carry. Correctness decides, never speed.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isRequired } from '../../../tests/services/part.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import { missing, needsOf } from './needs.ts'
import { play } from './play.ts'
import { calm } from './quick.ts'

for (const scenario of SCENARIOS.filter(({ quick }) => quick)) {
  const stage = calm(scenario)
  const why = await missing(needsOf(scenario, stage))
  if (why !== undefined && isRequired()) throw new Error(`required: ${why}`)
  test(`${scenario.name}: ${scenario.story}`, {
    skip: why ?? false,
    timeout: 600_000,
  }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'madang-faults-'))
    try {
      const { seed } = scenario
      const command = `npm run faults -- --quick --only ${scenario.name} --seed ${seed}`
      const progress = (line: string) => t.diagnostic(line)
      const all = { seed, stage, folder, command, progress, keep: false, signal: t.signal }
      const { judgement } = await play(scenario, all)
      const { verdict, reasons, witness } = judgement
      assert.deepEqual([verdict, reasons], ['true', []], witness.map(line).join('\n'))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

const line = (record: object): string => JSON.stringify(record)
