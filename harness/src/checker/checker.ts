/**
 * Judges a run by its records alone. True: nothing is wrong, and everything that the scenario is about was really tried. Unknown: nothing is wrong, but
 * nothing happened, or no fault took effect, or something that was to be proved was not tried. False: something is wrong, and the witness shows it.
 */
import type { HistoryRecord } from '../history/record.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { type Figures, figuresOf } from './figures.ts'
import {
  type Check,
  type Finding,
  INVARIANT_IDS,
  type InvariantId,
  type Verdict,
  type Violation,
} from './invariant.ts'
import { noLeak, noTrespass } from './membership.ts'
import { committed, complete, notTwice, same } from './reading.ts'
import { durable, once, ordered, resolved } from './sends.ts'
import { settled } from './settling.ts'
import { converged, counted, erased } from './state.ts'
import { witnessOf } from './witness.ts'

const CHECKS: Readonly<Record<InvariantId, Check>> = {
  I1: durable,
  I2: once,
  I3: ordered,
  I4: same,
  I5: complete,
  I6: notTwice,
  I7: committed,
  I8: resolved,
  I9: converged,
  I10: counted,
  I11: noLeak,
  I12: noTrespass,
  I13: erased,
  I14: settled,
}

export interface Judgement {
  readonly verdict: Verdict
  /** What is wrong or was not tried, a line each; empty for true. */
  readonly reasons: readonly string[]
  readonly invariants: Readonly<Record<InvariantId, Judged>>
  /** Twenty records at most around the first thing that is wrong; empty where nothing is. */
  readonly witness: readonly HistoryRecord[]
  readonly figures: Figures
  readonly evidence: Evidence
}

export interface Judged {
  readonly verdict: Verdict
  readonly looked: number
  readonly violations: number
  /** The first violation, for a person. */
  readonly first: string | undefined
}

/** `proves`: what the scenario is about. */
export function judge(
  records: readonly HistoryRecord[],
  proves: readonly InvariantId[],
): Judgement {
  const evidence = evidenceOf(records)
  const findings = INVARIANT_IDS.map((id) => ({ id, ...CHECKS[id](evidence) }))
  const wrong = findings.filter(({ violations }) => violations.length > 0)
  const untried = findings.filter(({ id, looked }) => proves.includes(id) && looked === 0)
  const figures = figuresOf(evidence)
  const idle = idleReasons(evidence, figures)
  const first = wrong[0]?.violations[0]
  return {
    verdict: wrong.length > 0 ? 'false' : untried.length + idle.length > 0 ? 'unknown' : 'true',
    reasons: [
      ...wrong.map(({ id, violations }) => `${id}: ${told(violations)}`),
      ...untried.map(({ id }) => `${id} was not tried`),
      ...idle,
    ],
    invariants: Object.fromEntries(
      findings.map((finding) => [finding.id, judgedOf(finding)]),
    ) as Record<InvariantId, Judged>,
    witness: first === undefined ? [] : witnessOf(first, records),
    figures,
    evidence,
  }
}

function told([first, ...others]: readonly Violation[]): string {
  return `${first?.what}${others.length > 0 ? `, and ${others.length} more` : ''}`
}

const judgedOf = ({ looked, violations }: Finding): Judged => ({
  verdict: violations.length > 0 ? 'false' : looked > 0 ? 'true' : 'unknown',
  looked,
  violations: violations.length,
  first: violations[0]?.what,
})

/** Why a run proves nothing. */
function idleReasons({ faults }: Evidence, { acknowledged, deliveries }: Figures): string[] {
  const reasons: string[] = []
  if (acknowledged === 0) reasons.push('nothing was acknowledged')
  if (deliveries === 0) reasons.push('nothing was delivered')
  const ends = faults.filter(({ phase }) => phase === 'end')
  if (ends.length === 0) reasons.push('no fault was done')
  for (const { name, target, acted } of ends) {
    if (!acted) reasons.push(`${name} ${target} did not take effect`)
  }
  const open = faults.filter(({ phase }) => phase === 'start').length - ends.length
  if (open > 0) reasons.push('a fault did not end')
  return reasons
}
