/** The rolling restarts of stock Socket.IO beside those that were just played, as one table. */
import type { Played } from '../run/play.ts'
import type { Row } from '../run/run-all.ts'
import { USUAL } from '../stage/stage.ts'
import type { Cell, Table } from '../table.ts'
import { playBaseline } from './baseline.ts'
import type { BaselineAdapter } from './order.ts'

const COLUMNS = [
  'system',
  'restart',
  'sends',
  'never acked',
  'deliveries lost',
  'lost %',
  'repeated',
  'silence p99, ms',
  'longest',
  'moves a client',
  'recovered',
] as const

const ADAPTERS: readonly (readonly [BaselineAdapter, string])[] = [
  ['stock-redis', 'Socket.IO, Redis adapter'],
  ['stock-streams', 'Socket.IO, streams adapter with recovery'],
]

export interface BesideOptions {
  readonly folder: string
  readonly progress: (line: string) => void
}

/** With as many clients and sends as the scenarios had that were played in place. */
export async function besideStock(rows: readonly Row[], options: BesideOptions): Promise<Table> {
  const played = rows.flatMap((row) => (row.kind === 'played' ? [row.played] : []))
  const inPlace = played.filter(({ scenario }) => scenario.name.endsWith('in-place'))
  const cells: Cell[][] = []
  for (const one of inPlace) {
    const signal = one.scenario.name.includes('term') ? 'SIGTERM' : 'SIGKILL'
    cells.push(...ourRows(one, signal))
    for (const [adapter, name] of ADAPTERS) {
      options.progress(`baseline: ${name}, ${signal}`)
      const { ours, stock, nodes, sendsPerSecond } = { ...USUAL, ...one.stage }
      const load = { clients: ours + stock, nodes, sendsPerSecond }
      const row = await playBaseline({ adapter, signal, ...load, ...options })
      const { figures, losses, recoveries } = row
      cells.push([
        ...[name, signal, figures.sends, figures.unansweredSends, losses.lost],
        ...[percent(losses.lost, losses.expected), losses.repeated],
        ...[figures.silenceStockP99Ms, figures.silenceStockMaxMs],
        ...[round(figures.movesMean), recoveries],
      ])
    }
  }
  return { columns: COLUMNS, rows: cells }
}

/** Our clients and stock ones had the same run; what was lost and repeated is of both. */
function ourRows({ judgement, stage }: Played, signal: string): Cell[][] {
  const { figures, invariants } = judgement
  const lost = invariants.I1.violations + invariants.I5.violations
  const repeated = invariants.I6.violations
  const { ours, stock } = { ...USUAL, ...stage }
  const share = percent(lost, figures.acknowledged * (ours + stock))
  const row = (name: string, p99: number, longest: number): Cell[] => [
    ...[name, signal, figures.sends, figures.unansweredSends, lost, share, repeated],
    ...[p99, longest, round(figures.movesMean), Number.NaN],
  ]
  return [
    row('Madang, our client', figures.silenceOursP99Ms, figures.silenceOursMaxMs),
    row('Madang, stock client', figures.silenceStockP99Ms, figures.silenceStockMaxMs),
  ]
}

/** With two digits, however small. */
const percent = (part: number, whole: number): number =>
  whole === 0 ? Number.NaN : Math.round((10_000 * part) / whole) / 100

const round = (value: number): number => Math.round(value * 100) / 100
