/** A run in words: what was wrong with each scenario, and the table of all. */
import { FIGURES, type Figure } from '../checker/figures.ts'
import { type Cell, textTable } from '../table.ts'
import type { Played } from './play.ts'
import type { Row } from './run-all.ts'

/** What a person needs to know at once: nothing where all is well. */
export function tellPlayed({ judgement, figures, kept, command }: Played): string {
  const lines = judgement.reasons.map((reason) => `  ${reason}`)
  for (const record of judgement.witness) lines.push(`    ${JSON.stringify(record)}`)
  for (const { name, value, target, isMet } of figures) {
    if (isMet === false) lines.push(`  missed: ${FIGURES[name]} ${show(value)}, not ${target}`)
  }
  if (judgement.verdict !== 'true') lines.push(`  again: ${command}`)
  if (kept !== undefined) lines.push(`  records: ${kept}`)
  return lines.map((line) => `${line}\n`).join('')
}

const COLUMNS = [
  'scenario',
  'seed',
  'verdict',
  'sends',
  'acked',
  'retried',
  'deliveries',
  'silence ours',
  'silence stock',
  'moves',
  'caught up',
  'figures',
  's',
] as const

/** Silences are p99 and longest, in ms; moves the mean and the most. */
export function tellTable(rows: readonly Row[]): string {
  const cells = rows.map((row): Cell[] => {
    if (row.kind === 'played') return cellsOf(row.played)
    return [row.name, '', row.kind, ...COLUMNS.slice(3).map(() => '')]
  })
  return `\n${textTable(COLUMNS, cells)}\n`
}

function cellsOf({ scenario, seed, judgement, figures, tookMs }: Played): Cell[] {
  const { figures: all } = judgement
  return [
    scenario.name,
    seed,
    judgement.verdict,
    all.sends,
    all.acknowledged,
    all.retries,
    all.deliveries,
    `${show(all.silenceOursP99Ms)} / ${show(all.silenceOursMaxMs)}`,
    `${show(all.silenceStockP99Ms)} / ${show(all.silenceStockMaxMs)}`,
    `${all.movesMean.toFixed(2)} / ${show(all.movesMax)}`,
    show(all.caughtUpMs),
    told(figures),
    Math.round(tookMs / 1_000),
  ]
}

function told(figures: readonly Figure[]): string {
  const held = figures.filter(({ isMet }) => isMet !== undefined)
  const met = held.filter(({ isMet }) => isMet)
  return held.length === 0 ? '-' : `${met.length} of ${held.length} met`
}

const show = (value: number): string =>
  Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '-'
