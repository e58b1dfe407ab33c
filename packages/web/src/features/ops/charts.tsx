/** What was counted by the hour, and how busy the nodes were: as charts, and as tables. */
import type { Stats } from '@madang/protocol'
import { useEffect, useMemo, useState } from 'react'
import { useAnswer } from '../../answer.ts'
import { useDates } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Bars, Lines } from './chart-drawing.tsx'
import styles from './charts.module.css'
import { Section, Table } from './section.tsx'
import { useFormat, useOpsText } from './use-ops.ts'

const HOUR_MS = 3_600_000
const RANGES = { day: 24, week: 7 * 24, month: 30 * 24 } as const
type Range = keyof typeof RANGES
/** Read again so often: counts are written every 10 s. */
const readMs = 30_000
const KINDS = ['text', 'live', 'direct', 'unknown'] as const

/** Whole hours, so that the same is asked for within an hour. */
function rangeOf(range: Range, now: number): { from: number; to: number } {
  const to = Math.ceil(now / HOUR_MS) * HOUR_MS
  return { from: to - RANGES[range] * HOUR_MS, to }
}

export function Charts() {
  const { rest } = useServices()
  const { charts: text } = useOpsText()
  const [range, setRange] = useState<Range>('day')
  const [shown, setShown] = useState<'chart' | 'table'>('chart')
  const version = useBeat()
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each beat the hour may be another.
  const query = useMemo(() => rangeOf(range, Date.now()), [range, version])
  const { data, error } = useAnswer(rest, 'getStats', { query }, version)
  const search = `?from=${query.from}&to=${query.to}`
  const ranges = (['day', 'week', 'month'] as const).map((value) => ({
    value,
    text: text.ranges[value],
  }))
  const tools = (
    <div className={styles.tools}>
      <Choices label={text.range} size="s" options={ranges} value={range} onChange={setRange} />
      <Choices
        label={text.show}
        size="s"
        options={[
          { value: 'chart', text: text.chart },
          { value: 'table', text: text.table },
        ]}
        value={shown}
        onChange={setShown}
      />
      <span className={styles.files}>
        <a href={`/api/ops/stats.csv${search}`} download="madang-stats.csv">
          {text.csv}
        </a>
        <a href={`/api/ops/stats${search}`} target="_blank" rel="noreferrer">
          {text.json}
        </a>
      </span>
    </div>
  )
  return (
    <Section title={text.title} tools={tools}>
      {error && <p role="alert">{text.failed}</p>}
      {data && <Counted stats={data} shown={shown} />}
    </Section>
  )
}

function useBeat(): number {
  const [version, setVersion] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setVersion((before) => before + 1), readMs)
    return () => clearInterval(timer)
  }, [])
  return version
}

function Counted({ stats, shown }: { stats: Stats; shown: 'chart' | 'table' }) {
  const { charts: text } = useOpsText()
  if (stats.hours.length === 0 && stats.samples.length === 0) {
    return <p className={styles.none}>{text.none}</p>
  }
  return (
    <div className={styles.two}>
      <figure className={styles.figure}>
        <figcaption className={styles.caption}>{text.messages}</figcaption>
        {shown === 'chart' ? <Bars stats={stats} /> : <MessagesTable stats={stats} />}
      </figure>
      <figure className={styles.figure}>
        <figcaption className={styles.caption}>{text.cpu}</figcaption>
        {shown === 'chart' ? <Lines stats={stats} /> : <CpuTable stats={stats} />}
      </figure>
    </div>
  )
}

function MessagesTable({ stats }: { stats: Stats }) {
  const { charts: text } = useOpsText()
  const { count } = useFormat()
  const dates = useDates()
  return (
    <Table
      caption={text.messages}
      head={[text.hour, ...KINDS.map((kind) => text.kinds[kind] ?? kind), text.all]}
      rows={stats.hours.toReversed().map(({ at, messages }) => ({
        key: String(at),
        cells: [
          `${dates.day(at, Date.now())} ${dates.time(at)}`,
          ...KINDS.map((kind) => count(messages[kind] ?? 0)),
          count(KINDS.reduce((all, kind) => all + (messages[kind] ?? 0), 0)),
        ],
      }))}
    />
  )
}

function CpuTable({ stats }: { stats: Stats }) {
  const { charts: text } = useOpsText()
  const { cores } = useFormat()
  const dates = useDates()
  const nodes = nodesOf(stats)
  const times = [...new Set(stats.samples.map(({ at }) => at))].sort((a, b) => b - a)
  const at = new Map(stats.samples.map((each) => [`${each.at} ${each.node}`, each.cpu]))
  return (
    <Table
      caption={text.cpu}
      head={[text.time, ...nodes]}
      rows={times.map((time) => ({
        key: String(time),
        cells: [
          `${dates.day(time, Date.now())} ${dates.time(time)}`,
          ...nodes.map((node) => {
            const cpu = at.get(`${time} ${node}`)
            return cpu === undefined ? '' : cores(cpu)
          }),
        ],
      }))}
    />
  )
}

export const nodesOf = ({ samples }: Stats): readonly string[] =>
  [...new Set(samples.map(({ node }) => node))].sort()
