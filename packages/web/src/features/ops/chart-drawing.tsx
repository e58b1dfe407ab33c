/** The charts of the operator's page. What they show stands in a table too, so that a screen reader is told the gist and no more. */
import type { Stats } from '@madang/protocol'
import type { ReactNode } from 'react'
import { useDates } from '../../i18n/language.tsx'
import { useMedia } from '../../ui/media.ts'
import axes from './axes.module.css'
import styles from './charts.module.css'
import { linear, linePath, moments, type Scale, stacked, ticksTo } from './scale.ts'
import { useFormat, useOpsText } from './use-ops.ts'

const WIDTHS = { wide: 560, narrow: 350 }
const NARROW = '(max-width: 50rem)'
const HEIGHT = 220
const LEFT = 40
const BOTTOM = HEIGHT - 24
const TOP = 8
const HOUR_MS = 3_600_000
/** Past it lines look alike; the table has all. */
const seriesMax = 6
const KINDS = ['text', 'live', 'direct', 'unknown'] as const

const NAMES: readonly string[] = KINDS
const seriesOf = (kind: string): number => 1 + NAMES.indexOf(kind)

interface FrameProps {
  readonly label: string
  readonly stats: Stats
  readonly width: number
  readonly ticks: readonly number[]
  readonly y: Scale
  readonly x: Scale
  readonly legend: readonly (readonly [name: string, series: number])[]
  readonly children: ReactNode
}

function Frame({ label, stats, width, ticks, y, x, legend, children }: FrameProps) {
  const dates = useDates()
  const number = new Intl.NumberFormat(document.documentElement.lang, { notation: 'compact' })
  const isLong = stats.to - stats.from > 48 * HOUR_MS
  const key = (at: number) => dates.dayKey(at).slice(5).replace('-', '/')
  return (
    <>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={label}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line className={axes.grid} x1={LEFT} x2={width} y1={y.at(tick)} y2={y.at(tick)} />
            <text className={axes.tick} x={LEFT - 6} y={y.at(tick) + 4} data-end="">
              {number.format(tick)}
            </text>
          </g>
        ))}
        {moments(stats.from, stats.to - HOUR_MS / 2, width < 400 ? 5 : 8).map((at) => (
          <text key={at} className={axes.tick} x={x.at(at)} y={HEIGHT - 6}>
            {isLong ? key(at) : dates.ofDay(at)}
          </text>
        ))}
        {children}
      </svg>
      <ul className={styles.legend}>
        {legend.map(([name, series]) => (
          <li key={name}>
            <span className={styles.key} data-series={series} />
            {name}
          </li>
        ))}
      </ul>
    </>
  )
}

const across = ({ from, to }: Stats, width: number): Scale => linear(from, to, LEFT, width)

/** On a phone the drawing is smaller, so that what is written on it is not. */
const useWidth = (): number => WIDTHS[useMedia(NARROW) ? 'narrow' : 'wide']

/** Messages of each hour, one kind of channel on the other. */
export function Bars({ stats }: { stats: Stats }) {
  const { charts: text } = useOpsText()
  const { count } = useFormat()
  const dates = useDates()
  const tops = stats.hours.map(({ messages }) =>
    KINDS.reduce((all, kind) => all + (messages[kind] ?? 0), 0),
  )
  const ticks = ticksTo(Math.max(0, ...tops), 1)
  const y = linear(0, ticks.at(-1) ?? 1, BOTTOM, TOP)
  const whole = useWidth()
  const x = across(stats, whole)
  const width = Math.max(1, ((whole - LEFT) * HOUR_MS) / (stats.to - stats.from) - 2)
  const used = KINDS.filter((kind) => stats.hours.some(({ messages }) => messages[kind]))
  const all = tops.reduce((sum, each) => sum + each, 0)
  return (
    <Frame
      label={`${text.messages}. ${text.all}: ${count(all)}`}
      {...{ stats, ticks, x, y }}
      width={whole}
      legend={used.map((kind) => [text.kinds[kind] ?? kind, KINDS.indexOf(kind) + 1])}
    >
      {stats.hours.map(({ at, messages }) =>
        stacked(KINDS, messages).map(({ name, from, to }) => (
          <rect
            key={`${at} ${name}`}
            className={styles.bar}
            data-series={seriesOf(name)}
            x={x.at(at) + 1}
            y={y.at(to)}
            width={width}
            height={Math.max(0.5, y.at(from) - y.at(to))}
          >
            <title>{`${dates.full(at)}: ${text.kinds[name] ?? name} ${count(to - from)}`}</title>
          </rect>
        )),
      )}
    </Frame>
  )
}

/** Cores in use on each node. */
export function Lines({ stats }: { stats: Stats }) {
  const { charts: text } = useOpsText()
  const nodes = [...new Set(stats.samples.map(({ node }) => node))].sort().slice(0, seriesMax)
  const ticks = ticksTo(Math.max(0.2, ...stats.samples.map(({ cpu }) => cpu)))
  const y = linear(0, ticks.at(-1) ?? 1, BOTTOM, TOP)
  const whole = useWidth()
  const x = across(stats, whole)
  const gapMax = ((whole - LEFT) * 2.1 * HOUR_MS) / (stats.to - stats.from)
  return (
    <Frame
      label={`${text.cpu}: ${nodes.join(', ')}`}
      {...{ stats, ticks, x, y }}
      width={whole}
      legend={nodes.map((node, at) => [node, at + 1])}
    >
      {nodes.map((node, at) => {
        const points = stats.samples
          .filter((sample) => sample.node === node)
          .sort((a, b) => a.at - b.at)
          .map((sample) => [x.at(sample.at), y.at(sample.cpu)] as const)
        const last = points.at(-1)
        return (
          <g key={node}>
            <path className={styles.curve} data-series={at + 1} d={linePath(points, gapMax)} />
            {last && (
              <circle
                className={styles.point}
                data-series={at + 1}
                cx={last[0]}
                cy={last[1]}
                // The later ones lie on the earlier, which show around them: nodes that are equally busy are all seen.
                r={3.5 + 2 * (nodes.length - 1 - at)}
              />
            )}
          </g>
        )
      })}
    </Frame>
  )
}
