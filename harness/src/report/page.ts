/** The report of a run: one page of HTML that needs nothing else. */
import { FIGURES, type Figure, type FigureName } from '../checker/figures.ts'
import { INVARIANT_IDS, INVARIANTS } from '../checker/invariant.ts'
import type { Played } from '../run/play.ts'
import type { Row } from '../run/run-all.ts'
import { escaped } from '../svg.ts'
import { show, type Table } from '../table.ts'
import { picture } from './picture.ts'
import { STYLE } from './style.ts'

export interface Report {
  readonly rows: readonly Row[]
  /** Beside stock Socket.IO; undefined where that was not played. */
  readonly baseline: Table | undefined
  /** When and on what: a line for a person. */
  readonly where: string
}

/** What every row tells, whether it has a target or not. */
const TOLD: readonly FigureName[] = [
  'sends',
  'acknowledged',
  'retries',
  'deliveries',
  'delayMaxMs',
  'silenceOursP99Ms',
  'silenceStockP99Ms',
  'movesMax',
  'caughtUpMs',
  'removals',
  'amendments',
]

export function reportPage({ rows, baseline, where }: Report): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Madang: what breaks, and what holds</title>
<style>${STYLE}</style>
<h1>What was broken, and what held</h1>
<div class="soft">${escaped(where)}</div>
${sums(rows)}
${baseline ? `<h2>Beside stock Socket.IO</h2>${wideTable(baseline)}` : ''}
<h2>Scenarios</h2>
<p class="legend soft"><span><i style="background:var(--ours)"></i>our clients</span><span><i style="background:var(--stock)"></i>stock socket.io-client</span><span><i class="band"></i>a fault, while it lasts</span>
Above: deliveries a second. Below: the longest silence of each client, a line each.</p>
${rows.map(section).join('\n')}
</html>
`
}

function sums(rows: readonly Row[]): string {
  const played = rows.flatMap((row) => (row.kind === 'played' ? [row.played] : []))
  const total = (name: FigureName) =>
    played.reduce((sum, { judgement }) => sum + judgement.figures[name], 0)
  const isTrue = played.filter(({ judgement }) => judgement.verdict === 'true')
  const cells: readonly (readonly [string, string])[] = [
    [`${isTrue.length} of ${rows.length}`, 'scenarios true'],
    [show(total('acknowledged')), 'sends acknowledged'],
    [show(total('deliveries')), 'deliveries checked'],
    [String(violations(played)), 'violations'],
  ]
  const card = ([value, what]: readonly [string, string]) =>
    `<div class="sum"><b>${value}</b><span class="soft">${what}</span></div>`
  return `<div class="sums">${cells.map(card).join('')}</div>`
}

const violations = (played: readonly Played[]): number =>
  played.reduce(
    (sum, { judgement }) =>
      sum + INVARIANT_IDS.reduce((all, id) => all + judgement.invariants[id].violations, 0),
    0,
  )

function section(row: Row): string {
  if (row.kind === 'played') return playedSection(row.played)
  return `<div class="row"><div>${head(row.name, row.kind)}</div><pre>${escaped(row.why)}</pre></div>`
}

const head = (name: string, verdict: string): string =>
  `<h3>${escaped(name)} <span class="badge ${verdict}">${verdict}</span></h3>`

function playedSection({ scenario, judgement, figures, timeline, command }: Played): string {
  const { verdict, invariants, reasons, witness } = judgement
  const marks = INVARIANT_IDS.map((id) => {
    const { verdict: one, looked, first } = invariants[id]
    const words = `${INVARIANTS[id]}: ${first ?? `${looked.toLocaleString('en')} looked at`}`
    return `<li class="${one}" title="${escaped(words)}">${id}</li>`
  })
  const wrong = reasons.length > 0 ? `<pre>${escaped(reasons.join('\n'))}</pre>` : ''
  const records = witness.map((record) => JSON.stringify(record)).join('\n')
  const shown =
    records && `<details open><summary>witness</summary><pre>${escaped(records)}</pre></details>`
  return `<div class="row"><div>${head(scenario.name, verdict)}
<p>${escaped(scenario.story)}</p>
<table class="figures">${figures.filter(isTold).map(figureRow).join('')}</table>
<ul class="invariants">${marks.join('')}</ul></div>
<div>${picture(timeline)}${wrong}${shown}
<details><summary>again</summary><pre>${escaped(command)}</pre></details></div></div>`
}

const isTold = ({ name, value, target }: Figure): boolean =>
  target !== undefined || (TOLD.includes(name) && Number.isFinite(value))

function figureRow({ name, value, target, isMet }: Figure): string {
  const unit = name.endsWith('Ms') ? ' ms' : ''
  const amount = Number.isFinite(value) ? `${show(Math.round(value * 10) / 10)}${unit}` : '-'
  const goal = target === undefined ? '' : ` <span class="soft">≤ ${show(target)}</span>`
  const mark = isMet === undefined ? '' : isMet ? ' class="met"' : ' class="missed"'
  return `<tr><td>${FIGURES[name]}</td><td><span${mark}>${amount}</span>${goal}</td></tr>`
}

function wideTable({ columns, rows }: Table): string {
  const isNumber = columns.map((_, at) => typeof rows[0]?.[at] === 'number')
  const cell = (tag: string) => (value: string | number, at: number) =>
    `<${tag}${isNumber[at] ? ' class="number"' : ''}>${escaped(show(value))}</${tag}>`
  const line = (tag: string, cells: readonly (string | number)[]) =>
    `<tr>${cells.map(cell(tag)).join('')}</tr>`
  return `<table class="wide">${line('th', columns)}${rows.map((row) => line('td', row)).join('')}</table>`
}
