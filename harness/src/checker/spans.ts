/** From when to when people were in channels, read from the logs. */
import type { TruthRecord } from '../history/record.ts'

export interface Span {
  /** The seq of the event that let them in. */
  readonly from: number
  readonly joined: TruthRecord
  /** The seq of the event that ended it; Infinity: they are still in. */
  readonly to: number
  readonly removed: TruthRecord | undefined
}

/** By channel and person, with a space between; ascending. */
export function spansOf(
  truth: ReadonlyMap<string, readonly TruthRecord[]>,
): ReadonlyMap<string, readonly Span[]> {
  const spans = new Map<string, Span[]>()
  for (const [channel, rows] of truth) {
    for (const row of rows) {
      const key = `${channel} ${row.subject}`
      const list = spans.get(key) ?? []
      const last = list.at(-1)
      const isIn = last?.removed === undefined && last !== undefined
      if ((row.event === 'joined' || row.event === 'invited') && !isIn) {
        const span = {
          from: row.seq,
          joined: row,
          to: Number.POSITIVE_INFINITY,
          removed: undefined,
        }
        spans.set(key, [...list, span])
      }
      if ((row.event === 'left' || row.event === 'kicked' || row.event === 'banned') && isIn) {
        spans.set(key, [...list.slice(0, -1), { ...last, to: row.seq, removed: row }])
      }
    }
  }
  return spans
}

export const contains = (spans: readonly Span[], seq: number): boolean =>
  spans.some(({ from, to }) => from < seq && seq < to)
