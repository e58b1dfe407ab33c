/** The few figures that tell how the whole cluster is, each with its last two minutes. */
import { useView } from '@madang/client/react'
import { linear, linePath } from './scale.ts'
import type { TrendPoint } from './state.ts'
import styles from './totals.module.css'
import { useFormat, useLive, useOpsText } from './use-ops.ts'

export function TotalsStrip() {
  const { view, trend } = useView(useLive())
  const { totals: text } = useOpsText()
  const { count, rate, ms } = useFormat()
  const now = trend.at(-1)
  if (view === undefined || now === undefined) return null
  const ready = view.nodes.filter(({ phase }) => phase === 'ready').length
  const all = view.nodes.length + view.silent.length
  return (
    <dl className={styles.strip} aria-label={text.label}>
      <Total name={text.nodes} value={text.ofNodes(ready, all)} isBad={ready < all} />
      <Total
        name={text.connections}
        value={count(now.connections)}
        trend={trend}
        of={({ connections }) => connections}
      />
      <Total
        name={text.people}
        value={count(now.people)}
        trend={trend}
        of={({ people }) => people}
      />
      <Total
        name={text.messagesIn}
        value={rate(now.messagesIn)}
        trend={trend}
        of={({ messagesIn }) => messagesIn}
      />
      <Total
        name={text.deliveriesOut}
        value={rate(now.deliveriesOut)}
        trend={trend}
        of={({ deliveriesOut }) => deliveriesOut}
      />
      <Total name={text.p99} value={ms(now.p99Ms)} trend={trend} of={({ p99Ms }) => p99Ms ?? 0} />
    </dl>
  )
}

interface TotalProps {
  readonly name: string
  readonly value: string
  readonly isBad?: boolean
  readonly trend?: readonly TrendPoint[]
  readonly of?: (point: TrendPoint) => number
}

function Total({ name, value, isBad = false, trend, of }: TotalProps) {
  return (
    <div className={styles.total} data-bad={isBad || undefined}>
      <dt>{name}</dt>
      <dd>
        {value}
        {trend && of && <Trend trend={trend} of={of} />}
      </dd>
    </div>
  )
}

const WIDTH = 120
const HEIGHT = 24
/** What it is wide at least, in ms: two points make no trend. */
const trendMsMin = 20_000

/** Ends at the right with now. */
function Trend({ trend, of }: Required<Pick<TotalProps, 'trend' | 'of'>>) {
  const now = trend.at(-1)?.at ?? 0
  const x = linear(Math.min(now - trendMsMin, trend[0]?.at ?? now), now, 0, WIDTH)
  const y = linear(0, Math.max(1e-9, ...trend.map(of)), HEIGHT - 1.5, 1.5)
  const points = trend.map((point) => [x.at(point.at), y.at(of(point))] as const)
  const line = linePath(points, WIDTH)
  return (
    <svg
      className={styles.trend}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className={styles.under} d={`${line}V${HEIGHT}H${points[0]?.[0] ?? 0}Z`} />
      <path className={styles.line} d={line} vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
