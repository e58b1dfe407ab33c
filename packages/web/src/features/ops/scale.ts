/** Where a value stands on a chart, and which marks its axis has. Pure. */

/** From 0 to the first round number that holds `most`, in at most five steps of 1, 2 or 5 times a power of ten. */
export function ticksTo(most: number, stepMin = 0): readonly number[] {
  const wanted = Math.max(most, stepMin) / 4
  if (!(wanted > 0) || !Number.isFinite(wanted)) return [0, 1]
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = Math.max(
    stepMin,
    ([1, 2, 5, 10].find((times) => times * power >= wanted * 0.999) ?? 10) * power,
  )
  const steps = Math.max(1, Math.ceil(most / step - 1e-9))
  return Array.from({ length: steps + 1 }, (_, at) => round(at * step))
}

/** Sums of tenths are no tenths. */
const round = (value: number): number => Number(value.toPrecision(12))

export interface Scale {
  /** The place of a value. */
  at(value: number): number
}

/** A line from one place to another. Where all values are one, it stands at the beginning. */
export function linear(from: number, to: number, start: number, end: number): Scale {
  const span = to - from
  return { at: (value) => (span === 0 ? start : start + ((value - from) / span) * (end - start)) }
}

/** Moments on the hour or the day, so many at most, for the foot of a chart. */
export function moments(from: number, to: number, most: number): readonly number[] {
  const step = STEPS_MS.find((each) => (to - from) / each <= most) ?? DAY_MS * 7
  const zone = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - zone) / step) * step + zone
  const found: number[] = []
  for (let at = first; at <= to; at += step) found.push(at)
  return found
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const STEPS_MS = [1, 2, 3, 6, 12, 24, 48, 120].map((hours) => hours * HOUR_MS)

export interface Layer {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** What stands on what in one bar; nothing of nothing. */
export function stacked(
  names: readonly string[],
  values: Readonly<Record<string, number | undefined>>,
): readonly Layer[] {
  let top = 0
  return names.flatMap((name) => {
    const value = values[name] ?? 0
    if (value <= 0) return []
    const layer = { name, from: top, to: top + value }
    top += value
    return [layer]
  })
}

/** The line through these points; it breaks where more than `gapMax` lies between two. */
export function linePath(points: readonly (readonly [x: number, y: number])[], gapMax: number) {
  let last: number | undefined
  return points
    .map(([x, y]) => {
      const verb = last === undefined || x - last > gapMax ? 'M' : 'L'
      last = x
      return `${verb}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
