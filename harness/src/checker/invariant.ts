/** What must always hold, as a check over a run's evidence: pure, and true, unknown or false. */
import type { HistoryRecord } from '../history/record.ts'
import type { Evidence } from './evidence.ts'

export const INVARIANTS = {
  I1: 'acknowledged means durable',
  I2: 'at most one message per author and client id',
  I3: 'one dense order, that of acknowledgement and of sending',
  I4: 'every reader sees the same history',
  I5: 'every member has every event',
  I6: 'nothing is applied twice',
  I7: 'nothing is delivered that is not committed',
  I8: 'a lost answer is found out: once or never',
  I9: 'snapshot and later events make the fresh snapshot',
  I10: 'unread counts are exact',
  I11: 'who was removed hears nothing more',
  I12: 'nobody writes outside their membership',
  I13: 'deleted text is gone everywhere',
  I14: 'when load goes away, so does what it held',
} as const

export type InvariantId = keyof typeof INVARIANTS
export const INVARIANT_IDS = Object.keys(INVARIANTS) as InvariantId[]

export type Verdict = 'true' | 'unknown' | 'false'

export interface Violation {
  /** For a person, in one line. */
  readonly what: string
  /** The records that show it. */
  readonly records: readonly HistoryRecord[]
}

export interface Finding {
  /** How many things were held against the invariant; 0: it was not tried. */
  readonly looked: number
  /** In the order in which they were found; all of them. */
  readonly violations: readonly Violation[]
}

export type Check = (evidence: Evidence) => Finding

/** Collects a finding. */
export class Findings implements Finding {
  looked = 0
  readonly violations: Violation[] = []

  /** One more thing was held against the invariant; `violated` says what is wrong with it. */
  look(violated?: string | false, ...records: readonly (HistoryRecord | undefined)[]): void {
    this.looked += 1
    if (violated) this.wrong(violated, ...records)
  }

  /** Something is wrong that does not show that the invariant was tried. */
  wrong(what: string, ...records: readonly (HistoryRecord | undefined)[]): void {
    this.violations.push({ what, records: records.filter((record) => record !== undefined) })
  }
}
