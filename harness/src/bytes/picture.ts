/** The comparison as a picture: one bar for each candidate, on a logarithmic scale, since the longest is many times the shortest. */
import { COLOURS, rect, svg, text } from '../svg.ts'
import { labelOf } from './candidates.ts'
import { type Comparison, netOf } from './comparison.ts'

const BAR_PX = 18
const GAP_PX = 8
const LABEL_PX = 270
const SCALE_PX = 360
const VALUE_PX = 90
const HEAD_PX = 44
const TITLE = 'Through the brokers in all (logarithmic)'
/** Where the bars begin. */
const FROM_BYTES = 100_000

const [, STOCK = '', OURS = ''] = COLOURS

export function pictureOf({ rows }: Comparison): string {
  const bars = rows.map(({ candidate, base }) => ({ candidate, all: netOf(base).all }))
  const longest = Math.max(...bars.map(({ all }) => all), FROM_BYTES * 10)
  const width = LABEL_PX + SCALE_PX + VALUE_PX
  const height = HEAD_PX + bars.length * (BAR_PX + GAP_PX)
  const parts = bars.flatMap(({ candidate, all }, index) => {
    const y = HEAD_PX + index * (BAR_PX + GAP_PX)
    const length = lengthOf(all, longest)
    return [
      text(LABEL_PX - 10, y + 13, labelOf(candidate), 'end'),
      rect(LABEL_PX, y, length, BAR_PX, candidate.whose === 'ours' ? OURS : STOCK),
      text(
        LABEL_PX + length + 6,
        y + 13,
        `${Math.round(all / 1_000).toLocaleString('en')} KB`,
        'start',
      ),
    ]
  })
  return svg({ title: TITLE, width, height }, parts)
}

function lengthOf(value: number, longest: number): number {
  const share = Math.log(Math.max(value, FROM_BYTES * 1.05) / FROM_BYTES)
  return Math.round((SCALE_PX * share) / Math.log(longest / FROM_BYTES))
}
