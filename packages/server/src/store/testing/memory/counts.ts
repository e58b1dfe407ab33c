/** What happened when, in a store in memory. */
import { inOrder } from '../../queries/stats.ts'
import type { StatRow, StatsRequest } from '../../stats.ts'
import type { Rows } from './rows.ts'

const keyOf = (...parts: readonly (string | number)[]): string => parts.join(' ')

export function writeStats(rows: Rows, written: readonly StatRow[], forgetBefore: number): void {
  for (const row of written) rows.stats.set(keyOf(row.at, row.node, row.name), row)
  for (const [key, { at }] of rows.stats) if (at < forgetBefore) rows.stats.delete(key)
}

export function stats(
  rows: Rows,
  { from, to, stepMs, as, names, limit }: StatsRequest,
): readonly StatRow[] {
  const groups = new Map<string, StatRow[]>()
  for (const row of rows.stats.values()) {
    if (row.at < from || row.at >= to || !names.some((name) => row.name.startsWith(name))) continue
    const group = { ...row, at: row.at - (row.at % stepMs), node: as === 'sum' ? '' : row.node }
    const key = keyOf(group.at, group.node, group.name)
    groups.set(key, [...(groups.get(key) ?? []), group])
  }
  const together = [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const sum = others.reduce((total, { value }) => total + value, first.value)
    return { ...first, value: as === 'sum' ? sum : sum / (others.length + 1) }
  })
  return together.sort(inOrder).slice(-limit)
}
