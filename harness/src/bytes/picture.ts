/** The comparison as a picture: one bar for each candidate, on a logarithmic scale, since the longest is many times the shortest. */
import { labelOf } from './candidates.ts'
import { type Comparison, netOf } from './comparison.ts'

const BAR_PX = 18
const GAP_PX = 8
const LABEL_PX = 270
const SCALE_PX = 360
const VALUE_PX = 90
const HEAD_PX = 34
/** Where the bars begin. */
const FROM_BYTES = 100_000

export function pictureOf({ rows }: Comparison): string {
  const bars = rows.map(({ candidate, base }) => ({ candidate, all: netOf(base).all }))
  const longest = Math.max(...bars.map(({ all }) => all), FROM_BYTES * 10)
  const width = LABEL_PX + SCALE_PX + VALUE_PX
  const height = HEAD_PX + bars.length * (BAR_PX + GAP_PX)
  const lines = bars.map(({ candidate, all }, index) => {
    const y = HEAD_PX + index * (BAR_PX + GAP_PX)
    const length = lengthOf(all, longest)
    const fill = candidate.whose === 'ours' ? '#2f7d5b' : '#9aa3ad'
    return [
      text(LABEL_PX - 10, y + 13, labelOf(candidate), 'end'),
      `<rect x="${LABEL_PX}" y="${y}" width="${length}" height="${BAR_PX}" rx="2" fill="${fill}"/>`,
      text(LABEL_PX + length + 6, y + 13, `${Math.round(all / 1_000).toLocaleString('en')} KB`),
    ].join('')
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#68707a">`,
    text(LABEL_PX, 16, 'bytes through the brokers in all (logarithmic)'),
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

function lengthOf(value: number, longest: number): number {
  const share = Math.log(Math.max(value, FROM_BYTES * 1.05) / FROM_BYTES)
  return Math.round((SCALE_PX * share) / Math.log(longest / FROM_BYTES))
}

function text(x: number, y: number, content: string, anchor = 'start'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${content.replaceAll('&', '&amp;')}</text>`
}
