/** Draws bars on a logarithmic scale as an SVG file that can be read on light and on dark pages. */

export interface Bars {
  readonly title: string
  readonly series: readonly string[]
  /** A value for each of the series. */
  readonly groups: readonly { readonly name: string; readonly values: readonly number[] }[]
}

const WIDTH = 720
const HEIGHT = 320
const FRAME = { left: 20, right: 20, top: 64, bottom: 36 }

/** Of Okabe and Ito, told apart by people of all colour visions, and seen on white and on black. */
const COLOURS = ['#d55e00', '#8a8a8a', '#0a9e73', '#4a90d9']

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .axis { stroke: #8a8a8a; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
`

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
          `<rect x="${r(x)}" y="${r(floor - height)}" width="${r(barWidth - 3)}" height="${r(height)}" fill="${colour(i)}"/>`,
          text(x + (barWidth - 3) / 2, floor - height - 5, short(value), 'middle'),
        ]
      }),
      text(left + groupWidth * 0.4, floor + 20, group.name, 'middle'),
    ]
  })
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${FRAME.left}" y="22">${escaped(title)}</text>`,
    ...legend(series),
    ...parts,
    `<line class="axis" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${floor}" y2="${floor}"/>`,
    '</svg>',
  ].join('\n')}\n`
}

function legend(series: readonly string[]): string[] {
  return series.flatMap((name, i) => {
    const x = FRAME.left + i * 170
    return [
      `<rect x="${x}" y="34" width="12" height="12" fill="${colour(i)}"/>`,
      text(x + 18, 45, name, 'start'),
    ]
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
const r = (value: number): string => value.toFixed(1)

function short(value: number): string {
  if (!Number.isFinite(value)) return '-'
  return value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(2)))
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle'): string {
  return `<text x="${r(x)}" y="${r(y)}" text-anchor="${anchor}">${escaped(words)}</text>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
