import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryRecord } from '../history/record.ts'
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

test('each answer to a send is held against the log, and not only the first', () => {
  const records = cleanHistory(1)
  const answer = records.find((one) => one.kind === 'ok' && one.id !== undefined)
  assert.ok(answer?.kind === 'ok')
  const { t, op, who, seq = 0 } = answer
  const verdictOf = (late: HistoryRecord) => judge([...records, late], INVARIANT_IDS).invariants
  assert.equal(verdictOf(answer).I1.verdict, 'true')
  assert.equal(verdictOf({ ...answer, id: 'another' }).I1.verdict, 'false')
  assert.equal(verdictOf({ ...answer, seq: seq + 1 }).I1.verdict, 'false')
  const refused: HistoryRecord = { t: t + 1, kind: 'fail', op, who, code: 'forbidden' }
  assert.equal(verdictOf(refused).I8.verdict, 'false')
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
