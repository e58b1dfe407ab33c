/** What became of the deliveries of a baseline run, where there is no log to compare with: every acknowledged message should reach everybody once. */
import type { HistoryRecord } from '../history/record.ts'

export interface Losses {
  /** Acknowledged messages times clients. */
  readonly expected: number
  readonly lost: number
  /** Deliveries of what the same client had already. */
  readonly repeated: number
}

export function lossesOf(records: readonly HistoryRecord[], clients: readonly string[]): Losses {
  const acknowledged = records.flatMap((record) => (record.kind === 'ok' ? [record.op] : []))
  const heard = new Map(clients.map((who) => [who, new Set<string>()]))
  let repeated = 0
  for (const record of records) {
    if (record.kind !== 'wire') continue
    const ids = heard.get(record.who)
    if (ids?.has(record.id)) repeated += 1
    ids?.add(record.id)
  }
  let lost = 0
  for (const ids of heard.values()) lost += acknowledged.filter((id) => !ids.has(id)).length
  return { expected: acknowledged.length * clients.length, lost, repeated }
}
