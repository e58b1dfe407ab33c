/** What a run measured, from the same records that the checks read. Times are in ms; NaN where there was nothing to measure. */
import type { LinkRecord } from '../history/record.ts'
import { percentile } from '../percentile.ts'
import type { Evidence } from './evidence.ts'
import { silencesOf } from './silences.ts'

export const FIGURES = {
  sends: 'sends',
  acknowledged: 'acknowledged',
  unansweredSends: 'never acknowledged',
  retries: 'sends tried again',
  deliveries: 'deliveries',
  delayP50Ms: 'delivery after the acknowledgement, median',
  delayMaxMs: 'delivery after the acknowledgement, longest',
  silenceOursP50Ms: 'longest silence of our clients, median',
  silenceOursP99Ms: 'longest silence of our clients, p99',
  silenceOursMaxMs: 'longest silence of our clients, longest',
  silenceStockP50Ms: 'longest silence of stock clients, median',
  silenceStockP99Ms: 'longest silence of stock clients, p99',
  silenceStockMaxMs: 'longest silence of stock clients, longest',
  movesMean: 'moves per client',
  movesMax: 'moves of one client, most',
  caughtUpMs: 'until 95 % of those who were cut off are caught up',
  removals: 'removals that something followed',
  amendments: 'edits and deletes',
} as const

export type FigureName = keyof typeof FIGURES
export type Figures = Readonly<Record<FigureName, number>>
/** The greatest value that is good enough. */
export type FigureTargets = Readonly<Partial<Record<FigureName, number>>>

export interface Figure {
  readonly name: FigureName
  readonly value: number
  readonly target: number | undefined
  /** Undefined: there is no target. */
  readonly isMet: boolean | undefined
}

/** A figure that could not be measured misses its target. */
export function heldTo(figures: Figures, targets: FigureTargets): Figure[] {
  return (Object.keys(FIGURES) as FigureName[]).map((name) => {
    const [value, target] = [figures[name], targets[name]]
    return { name, value, target, isMet: target === undefined ? undefined : value <= target }
  })
}

export function figuresOf(evidence: Evidence): Figures {
  const sends = evidence.operations.filter(({ invoke }) => invoke.deed === 'send')
  const oks = sends.filter(({ end }) => end?.kind === 'ok')
  const unanswered = sends.filter(({ end }) => end === undefined || end.kind === 'info')
  const wires = [...evidence.heard.values()].flat().filter(({ kind }) => kind === 'wire')
  const moves = [...evidence.links.values()].map(movesOf)
  const truth = [...evidence.truth.values()].flat()
  return {
    sends: sends.length,
    acknowledged: oks.length,
    unansweredSends: unanswered.length,
    retries: sends.filter(({ tries }) => tries.length > 1).length,
    deliveries: wires.length,
    ...delays(evidence),
    ...silences(evidence),
    movesMean: moves.reduce((sum, count) => sum + count, 0) / moves.length,
    movesMax: Math.max(...moves),
    caughtUpMs: percentile(caughtUp(evidence), 0.95),
    removals: truth.filter(({ event }) => event === 'left' || event === 'kicked').length,
    amendments: truth.filter(({ event }) => event === 'edited' || event === 'deleted').length,
  }
}

/** How often a device was served by another connection than before. */
const movesOf = (links: readonly LinkRecord[]): number =>
  links.filter(({ state }) => state === 'up').length - 1

function delays(evidence: Evidence): Pick<Figures, 'delayP50Ms' | 'delayMaxMs'> {
  const answeredAt = new Map(
    evidence.operations.flatMap(({ invoke, end }) =>
      invoke.deed === 'send' && end?.kind === 'ok' && end.seq !== undefined
        ? [[`${invoke.channel} ${end.seq}`, end.t] as const]
        : [],
    ),
  )
  const values: number[] = []
  for (const record of [...evidence.heard.values()].flat()) {
    if (record.kind !== 'wire' || record.via !== 'live') continue
    const at = answeredAt.get(`${record.channel} ${record.seq}`)
    if (at !== undefined) values.push(Math.max(0, record.t - at))
  }
  return { delayP50Ms: percentile(values, 0.5), delayMaxMs: percentile(values, 1) }
}

function silences(evidence: Evidence) {
  const longest = silencesOf(evidence)
  const of = (kind: string) =>
    [...longest].flatMap(([who, { ms }]) => (who.startsWith(kind) ? [ms] : []))
  const [ours, stock] = [of('ours'), of('stock')]
  return {
    silenceOursP50Ms: percentile(ours, 0.5),
    silenceOursP99Ms: percentile(ours, 0.99),
    silenceOursMaxMs: percentile(ours, 1),
    silenceStockP50Ms: percentile(stock, 0.5),
    silenceStockP99Ms: percentile(stock, 0.99),
    silenceStockMaxMs: percentile(stock, 1),
  }
}

/** For each device and fault that cut it off: from the fault until it was served again, with all that it had missed. */
function caughtUp(evidence: Evidence): number[] {
  const starts = evidence.faults.filter(({ phase }) => phase === 'start').map(({ t }) => t)
  const values: number[] = []
  for (const links of evidence.links.values()) {
    for (const [at, link] of links.entries()) {
      if (link.state !== 'down') continue
      const fault = starts.findLast((t) => t <= link.t)
      const back = links.slice(at + 1).find(({ state }) => state === 'up')
      if (fault !== undefined && back !== undefined) values.push(back.t - fault)
    }
  }
  return values
}
