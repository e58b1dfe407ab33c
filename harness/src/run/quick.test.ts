// The quick set: every scenario of it once, with a crowd that two cores carry. Correctness decides, never speed.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { judge } from '../checker/checker.ts'
import { INVARIANT_IDS } from '../checker/invariant.ts'
import { MUTANTS } from '../checker/testing/mutants.ts'
import type { HistoryRecord } from '../history/record.ts'
import { createRandom } from '../random.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import { missing, needsOf } from './needs.ts'
import { play } from './play.ts'
import { calm } from './quick.ts'

/** The one whose history mutants are made of. */
const MUTATED = 'rolling-kill-in-place'

const quick = await Promise.all(
  SCENARIOS.filter((one) => one.quick).map(async (scenario) => {
    const stage = calm(scenario)
    return { scenario, stage, lack: await missing(needsOf(scenario, stage)) }
  }),
)

for (const { scenario, stage, lack } of quick) {
  if (lack?.isFailure) throw new Error(`required: ${lack.why}`)
  test(`${scenario.name}: ${scenario.story}`, {
    skip: lack?.why ?? false,
    timeout: 600_000,
  }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'madang-faults-'))
    try {
      const { seed } = scenario
      const command = `npm run faults -- --quick --only ${scenario.name} --seed ${seed}`
      const progress = (line: string) => t.diagnostic(line)
      const all = { seed, stage, folder, command, progress, keep: false, signal: t.signal }
      let records: readonly HistoryRecord[] = []
      const inspect = (recorded: readonly HistoryRecord[]) => {
        records = recorded
      }
      const { judgement } = await play(scenario, { ...all, inspect })
      const { verdict, reasons, witness } = judgement
      assert.deepEqual([verdict, reasons], ['true', []], witness.map(line).join('\n'))
      if (scenario.name === MUTATED) await t.test('mutants of it are caught', () => mutate(records))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

/** The checker is held against what really happened, too: one recorded history, with one thing wrong after another. */
function mutate(records: readonly HistoryRecord[]): void {
  let tried = 0
  for (const { name, breaks, mutate } of MUTANTS) {
    const mutated = mutate(records, createRandom(1))
    if (mutated === undefined) continue
    tried += 1
    const { verdict, invariants } = judge(mutated, INVARIANT_IDS)
    if (breaks === 'unknown') assert.equal(verdict, 'unknown', name)
    else assert.deepEqual([verdict, invariants[breaks].verdict], ['false', 'false'], name)
  }
  assert.ok(tried > MUTANTS.length * 0.8, `${tried} of ${MUTANTS.length} could be made of it`)
}

const line = (record: object): string => JSON.stringify(record)
