/** A run's timeline as SVG: deliveries a second above, the longest silence of each device below, faults as bands through both. */
import { escaped } from '../svg.ts'
import type { Timeline } from './timeline.ts'

const WIDTH = 760
const LEFT = 46
const RIGHT = 8
const TOP = 18
const RATES_HEIGHT = 92
const GAP = 10
const SILENCE_HEIGHT = 2
const AXIS_HEIGHT = 20

/** Classes are styled by the page. Empty for a run in which nothing was delivered. */
export function picture(timeline: Timeline): string {
  const { from, to, silences } = timeline
  if (to <= from) return ''
  const x = (t: number): number => LEFT + ((t - from) / (to - from)) * (WIDTH - LEFT - RIGHT)
  const below = TOP + RATES_HEIGHT + GAP
  const bottom = below + silences.length * SILENCE_HEIGHT + 4
  const height = bottom + AXIS_HEIGHT
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="deliveries a second, silences and faults over time">`,
    ...bands(timeline, x, bottom),
    ...rates(timeline, x),
    ...silences.map(({ who, from: start, ms }, at) =>
      line(
        who.startsWith('ours') ? 'ours' : 'stock',
        [x(Math.max(start, from)), below + at * SILENCE_HEIGHT, x(start + ms)],
        `${who}: ${Math.round(ms)} ms`,
      ),
    ),
    ...axis(timeline, x, bottom),
    '</svg>',
  ].join('')
}

const px = (value: number): string => value.toFixed(1)

const line = (
  kind: string,
  [x1, y, x2]: readonly [number, number, number],
  title: string,
): string =>
  `<line class="silence ${kind}" x1="${px(x1)}" x2="${px(x2)}" y1="${px(y)}" y2="${px(y)}"><title>${escaped(title)}</title></line>`

function bands({ faults, to }: Timeline, x: (t: number) => number, bottom: number): string[] {
  // Labels that would touch each other are left to the pointer.
  let free = 0
  return faults.flatMap(({ name, target, from, to: end }) => {
    const [left, right] = [x(from), x(end ?? to)]
    const words = `${name} ${target}`
    const band = `<rect class="fault" x="${px(left)}" y="${TOP}" width="${px(Math.max(1.5, right - left))}" height="${px(bottom - TOP)}"><title>${escaped(words)}</title></rect>`
    if (left < free) return [band]
    free = left + words.length * 6.2 + 8
    const isLate = free > WIDTH
    const anchor = isLate ? ` text-anchor="end"` : ''
    return [band, `<text class="mark" x="${px(left)}" y="12"${anchor}>${escaped(words)}</text>`]
  })
}

function rates({ rates: all, from, stepMs }: Timeline, x: (t: number) => number): string[] {
  const top = Math.max(1, ...all.ours, ...all.stock)
  const y = (rate: number): number => TOP + RATES_HEIGHT * (1 - rate / top)
  const curve = (kind: 'ours' | 'stock'): string => {
    if (all[kind].every((rate) => rate === 0)) return ''
    const points = all[kind].map((rate, at) => `${px(x(from + at * stepMs))},${px(y(rate))}`)
    return `<polyline class="rate ${kind}" points="${points.join(' ')}"/>`
  }
  return [
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(0))}" y2="${px(y(0))}"/>`,
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(top))}" y2="${px(y(top))}"/>`,
    `<text class="tick" x="${LEFT - 6}" y="${px(y(top) + 4)}" text-anchor="end">${top.toLocaleString('en')}/s</text>`,
    `<text class="tick" x="${LEFT - 6}" y="${px(y(0) + 4)}" text-anchor="end">0</text>`,
    `<text class="tick" x="${LEFT - 6}" y="${px(y(0) + GAP + 14)}" text-anchor="end">silence</text>`,
    ...(['stock', 'ours'] as const).map(curve),
  ]
}

/** Ticks at whole seconds, ten of them at most. */
function axis({ from, to }: Timeline, x: (t: number) => number, bottom: number): string[] {
  const seconds = (to - from) / 1_000
  const step = [1, 2, 5, 10, 20, 30, 60, 120].find((one) => seconds / one <= 10) ?? 300
  const ticks: string[] = []
  for (let at = 0; at <= seconds; at += step) {
    const left = px(x(from + at * 1_000))
    ticks.push(
      `<line class="grid" x1="${left}" x2="${left}" y1="${px(bottom)}" y2="${px(bottom + 4)}"/>`,
      `<text class="tick" x="${left}" y="${px(bottom + 16)}" text-anchor="middle">${at} s</text>`,
    )
  }
  return ticks
}
