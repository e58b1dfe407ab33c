/** The first scenario as if it had been played: with a right history, or with one whose log is missing. */
import assert from 'node:assert/strict'
import { judge } from '../../checker/checker.ts'
import { heldTo } from '../../checker/figures.ts'
import { cleanHistory } from '../../checker/testing/clean-history.ts'
import type { Row } from '../../run/run-all.ts'
import { SCENARIOS } from '../../scenarios/all.ts'
import { timelineOf } from '../timeline.ts'

const [scenario] = SCENARIOS

export function played(verdict: 'right' | 'wrong'): Row {
  assert.ok(scenario)
  const records = cleanHistory(1)
  const kept = verdict === 'right' ? records : records.filter(({ kind }) => kind !== 'truth')
  const judgement = judge(kept, scenario.proves)
  return {
    kind: 'played',
    played: {
      ...{ scenario, judgement, seed: 1, tookMs: 1, kept: undefined, command: 'npm run <faults>' },
      stage: {},
      figures: heldTo(judgement.figures, scenario.figures),
      timeline: timelineOf(judgement.evidence),
    },
  }
}
