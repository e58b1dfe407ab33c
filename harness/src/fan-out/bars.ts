/** Draws groups of upright bars on a logarithmic scale as an SVG file. */
import { COLOURS, rect, svg, text } from '../svg.ts'

export interface Bars {
  readonly title: string
  readonly series: readonly string[]
  /** A value for each of the series. */
  readonly groups: readonly { readonly name: string; readonly values: readonly number[] }[]
}

const WIDTH = 720
const HEIGHT = 320
const FRAME = { left: 20, right: 20, top: 64, bottom: 36 }

export function bars({ title, series, groups }: Bars): string {
  const values = groups.flatMap((group) => group.values)
  const heightOf = logScale(values, HEIGHT - FRAME.top - FRAME.bottom)
  const groupWidth = (WIDTH - FRAME.left - FRAME.right) / Math.max(1, groups.length)
  const barWidth = (groupWidth * 0.8) / Math.max(1, series.length)
  const floor = HEIGHT - FRAME.bottom
  const parts = groups.flatMap((group, g) => {
    const left = FRAME.left + g * groupWidth + groupWidth * 0.1
    return [
      ...group.values.flatMap((value, i) => {
        const [x, height] = [left + i * barWidth, heightOf(value)]
        return [
          rect(x, floor - height, barWidth - 3, height, colour(i)),
          text(x + (barWidth - 3) / 2, floor - height - 5, short(value), 'middle'),
        ]
      }),
      text(left + groupWidth * 0.4, floor + 20, group.name, 'middle'),
    ]
  })
  const axis = `<line class="axis" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${floor}" y2="${floor}"/>`
  return svg({ title, width: WIDTH, height: HEIGHT }, [...legend(series), ...parts, axis])
}

function legend(series: readonly string[]): string[] {
  return series.flatMap((name, i) => {
    const x = FRAME.left + i * 170
    return [rect(x, 34, 12, 12, colour(i)), text(x + 18, 45, name, 'start')]
  })
}

/** The smallest value gets a tenth of the height, so that it can be seen. */
function logScale(values: readonly number[], height: number): (value: number) => number {
  const logs = values.filter((value) => value > 0).map(Math.log)
  const [least, most] = [Math.min(...logs), Math.max(...logs)]
  return (value) => {
    if (!(value > 0)) return 0
    const share = most === least ? 1 : (Math.log(value) - least) / (most - least)
    return (height - 20) * (0.1 + 0.9 * share)
  }
}

const colour = (i: number): string => COLOURS[i % COLOURS.length] ?? ''

function short(value: number): string {
  if (!Number.isFinite(value)) return '-'
  return value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(2)))
}
