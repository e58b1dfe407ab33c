import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../random.ts'
import { judge } from './checker.ts'
import { INVARIANT_IDS } from './invariant.ts'
import { cleanHistory } from './testing/clean-history.ts'
import { MUTANTS } from './testing/mutants.ts'

const SEEDS = 6
const seeds = Array.from({ length: SEEDS }, (_, at) => at + 1)

test('histories in which everything is right and tried are true', () => {
  for (const seed of seeds) {
    const { verdict, reasons } = judge(cleanHistory(seed), INVARIANT_IDS)
    assert.deepEqual([verdict, reasons], ['true', []], `seed ${seed}`)
  }
})

for (const { name, breaks, mutate } of MUTANTS) {
  test(`caught: ${name}`, () => {
    let tried = 0
    for (const seed of seeds) {
      const records = mutate(cleanHistory(seed), createRandom(seed))
      if (records === undefined) continue
      tried += 1
      const { verdict, reasons, invariants, witness } = judge(records, INVARIANT_IDS)
      const where = `seed ${seed}: ${reasons.join('; ')}`
      if (breaks === 'unknown') assert.equal(verdict, 'unknown', where)
      else assert.deepEqual([verdict, invariants[breaks].verdict], ['false', 'false'], where)
      if (breaks !== 'unknown') assert.ok(witness.length > 0 && witness.length <= 20, where)
    }
    assert.ok(tried > SEEDS / 2, `could be made of ${tried} of ${SEEDS} histories`)
  })
}
