/** docs/reference/reliability.md: what each scenario said when it was played last, and stock Socket.IO beside the rolling restarts. */
import { readFile, writeFile } from 'node:fs/promises'
import type { Figure } from '../checker/figures.ts'
import { markdownTable, withSection } from '../page.ts'
import type { Row } from '../run/run-all.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import type { Table } from '../table.ts'

const PAGE = new URL('../../../docs/reference/reliability.md', import.meta.url)

const INTRODUCTION = `# What breaks, and what holds

Each scenario of the harness as it was played last: real processes, our clients and stock ones, and a checker that holds what everybody was told and shown against the log. \`true\` means that nothing was lost, doubled,
reordered or shown to those whom it does not concern, and that what the scenario is about did happen. \`npm run faults -- --only NAME\` plays one again, with \`--write\` into this page.
Silences are the longest time in which a client heard nothing while others wrote, from the first fault on, p99 over the clients; caught up is when 95 % of those who were cut off had what they had missed.
`

const HEAD = [
  '| scenario | what happens | seed | verdict | acknowledged | deliveries | silence, ours, ms | silence, stock, ms | caught up, ms | targets |',
  '| --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |',
]

export interface ReferenceParts {
  readonly rows: readonly Row[]
  readonly baseline: Table | undefined
  /** When and on what they were played. */
  readonly where: string
}

export async function writeReference(parts: ReferenceParts): Promise<void> {
  await writeFile(PAGE, referenceOf(await readFile(PAGE, 'utf8').catch(() => ''), parts))
}

/** The page with these rows in the place of those that it had for the same scenarios. Pure. */
export function referenceOf(page: string, { rows, baseline, where }: ReferenceParts): string {
  const lines = new Map(
    page.split('\n').flatMap((line) => {
      const [, name] = /^\| `([a-z\d-]+)` \|/.exec(line) ?? []
      return name === undefined ? [] : [[name, line] as const]
    }),
  )
  for (const row of rows) lines.set(nameOf(row), lineOf(row))
  const known = SCENARIOS.flatMap(({ name }) => lines.get(name) ?? [])
  const table = [...HEAD, ...known].join('\n')
  const next = withSection(page || INTRODUCTION, 'scenarios', `${table}\n\nLast: ${where}`)
  if (baseline === undefined) return next
  const about = 'Three nodes behind nginx, one after another ended and started again in its place.'
  const body = `## Beside stock Socket.IO\n\n${about} ${where}\n\n${markdownTable(baseline)}`
  return withSection(next, 'baseline', body)
}

const nameOf = (row: Row): string => (row.kind === 'played' ? row.played.scenario.name : row.name)

function lineOf(row: Row): string {
  const name = nameOf(row)
  const story = SCENARIOS.find((one) => one.name === name)?.story ?? ''
  if (row.kind !== 'played')
    return `| \`${name}\` | ${story} | | ${row.kind} | | | | | | ${row.kind === 'skipped' ? row.why : ''} |`
  const { seed, judgement, figures } = row.played
  const { figures: all } = judgement
  const cells = [
    ...[`\`${name}\``, story, seed, judgement.verdict, `${all.acknowledged} of ${all.sends}`],
    ...[all.deliveries, ms(all.silenceOursP99Ms), ms(all.silenceStockP99Ms), ms(all.caughtUpMs)],
    figures.flatMap(told).join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

const told = ({ name, value, target, isMet }: Figure): string[] =>
  isMet === undefined ? [] : [`${name} ${ms(value)} of ${target}${isMet ? '' : ': missed'}`]

const ms = (value: number): string => (Number.isFinite(value) ? String(Math.round(value)) : '-')
