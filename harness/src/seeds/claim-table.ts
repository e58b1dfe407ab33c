/** The rows as one table for a terminal: long cells are wrapped. Pure. */
import type { Row } from './run.ts'

const HEAD = ['seed', 'claim', 'done', 'seen', 'result'] as const
/** Of what the wide columns share. */
const SHARES = [0.32, 0.3, 0.38] as const
const GAP = 2
export const widthMin = 100

/** `width` in characters. */
export function claimTable(rows: readonly Row[], width: number): string {
  const ends = [4, 9] as const
  const free = Math.max(width, widthMin) - ends[0] - ends[1] - GAP * (HEAD.length - 1)
  const widths = [ends[0], ...SHARES.map((share) => Math.floor(free * share)), ends[1]]
  const rule = widths.map((one) => '-'.repeat(one)).join(' '.repeat(GAP))
  const lines = rows.flatMap((row) => [
    ...linesOf([row.seed, row.says, row.does, row.saw, row.result], widths),
    rule,
  ])
  return [...linesOf(HEAD, widths), rule, ...lines].join('\n')
}

function linesOf(cells: readonly string[], widths: readonly number[]): readonly string[] {
  const wrapped = cells.map((cell, at) => wrap(cell, widths[at] ?? 0))
  const height = Math.max(...wrapped.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) =>
    wrapped
      .map((lines, at) => (lines[line] ?? '').padEnd(widths[at] ?? 0))
      .join(' '.repeat(GAP))
      .trimEnd(),
  )
}

/** Between words; a word that is longer than a line is cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines = ['']
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1) ?? ''
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width) lines[lines.length - 1] = longer
    else {
      const pieces = word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []
      if (line === '') lines.pop()
      lines.push(...pieces)
    }
  }
  return lines
}

/** '31 ok, 1 missed, 2 not tried'. */
export function summaryOf(rows: readonly Row[]): string {
  return (['ok', 'missed', 'not tried'] as const)
    .map((result) => `${rows.filter((row) => row.result === result).length} ${result}`)
    .join(', ')
}
