/** The few records that show what is wrong. */
import type { HistoryRecord } from '../history/record.ts'
import type { Violation } from './invariant.ts'

const RECORDS_MAX = 20

/** The violation's own records, what else there is of the same message, and what the nemesis did around it: by time. */
export function witnessOf(
  violation: Violation,
  records: readonly HistoryRecord[],
): HistoryRecord[] {
  const own = violation.records.slice(0, RECORDS_MAX)
  const chosen = new Set(own)
  const places = new Set(own.flatMap(placesOf))
  const ops = new Set(own.flatMap((record) => ('op' in record ? [record.op] : [])))
  const related = records.filter(
    (record) =>
      record.kind !== 'final' &&
      (placesOf(record).some((place) => places.has(place)) ||
        ('op' in record && ops.has(record.op))),
  )
  const moments = own.map(({ t }) => t)
  const [from, to] = [Math.min(...moments), Math.max(...moments)]
  const faults = records.filter(({ kind }) => kind === 'fault')
  const near = [...faults].sort((one, other) => apart(one.t, from, to) - apart(other.t, from, to))
  for (const record of [...near.slice(0, 4), ...related]) {
    if (chosen.size < RECORDS_MAX) chosen.add(record)
  }
  return [...chosen].sort((one, other) => one.t - other.t)
}

const apart = (t: number, from: number, to: number): number => Math.max(from - t, t - to, 0)

/** The message that a record is about. */
function placesOf(record: HistoryRecord): string[] {
  if (!('channel' in record) || !('seq' in record)) return []
  const target = 'target' in record && record.target !== undefined ? [record.target] : []
  return [record.seq, ...target].map((seq) => `${record.channel} ${seq}`)
}
