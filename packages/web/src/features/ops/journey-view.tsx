/** The way of one event over the nodes: a lane for each node, and a table of its steps. */
import { useDates } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { useMedia } from '../../ui/media.ts'
import axes from './axes.module.css'
import styles from './follow.module.css'
import type { Journey, Step } from './journeys.ts'
import { linear } from './scale.ts'
import { Table } from './section.tsx'
import { useFormat, useLive, useOpsText } from './use-ops.ts'

const NARROW = '(max-width: 50rem)'

export interface JourneyViewProps {
  readonly journey: Journey
  /** Whether it is laid open from the start. */
  readonly open: boolean
  /** Nothing but it is followed. */
  readonly single: boolean
}

export function JourneyView({ journey, open, single }: JourneyViewProps) {
  const live = useLive()
  const { follow: text } = useOpsText()
  const { ms } = useFormat()
  const dates = useDates()
  const { eventId, kind, seq, at, tookMs, nodes, steps } = journey
  const title = text.event(kind ?? text.steps[steps[0]?.entry.step ?? 'asked'], seq)
  return (
    <li>
      <details className={styles.journey} open={open} data-testid="journey">
        <summary className={styles.summary}>
          <span className={styles.what}>{title}</span>
          <span className={styles.when}>{dates.time(at)}</span>
          <span className={styles.when}>{text.took(ms(tookMs), nodes.length)}</span>
        </summary>
        <div className={styles.inside}>
          <Lanes journey={journey} title={title} />
          <Steps journey={journey} title={title} />
          {eventId !== undefined && !single && (
            <p className={styles.message}>
              <code>{eventId}</code>
              <Button size="s" onClick={() => live.follow({ messageId: eventId })}>
                {text.only}
              </Button>
            </p>
          )}
        </div>
      </details>
    </li>
  )
}

const laneHeight = 44
const head = 22
/** Between steps of one millisecond. */
const besideWidth = 9

function Lanes({ journey, title }: { journey: Journey; title: string }) {
  const { follow: text } = useOpsText()
  const { ms } = useFormat()
  const narrow = useMedia(NARROW)
  const { nodes, steps, tookMs } = journey
  const width = narrow ? 340 : 900
  const left = narrow ? 84 : 150
  const x = linear(0, Math.max(1, tookMs), left + 16, width - 40)
  const y = (node: string) => head + nodes.indexOf(node) * laneHeight + laneHeight / 2
  const place = ({ sinceMs, beside }: Step) => x.at(sinceMs) + beside * besideWidth
  const way = steps.map((step) => `${place(step).toFixed(1)} ${y(step.entry.node)}`)
  const bottom = head + nodes.length * laneHeight
  return (
    <svg
      className={styles.lanes}
      viewBox={`0 0 ${width} ${bottom}`}
      role="img"
      aria-label={text.lane(title)}
    >
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <line
            className={axes.grid}
            x1={x.at(part * Math.max(1, tookMs))}
            x2={x.at(part * Math.max(1, tookMs))}
            y1={head - 4}
            y2={bottom}
          />
          <text className={axes.tick} x={x.at(part * Math.max(1, tookMs))} y={12}>
            {ms(part * Math.max(1, tookMs))}
          </text>
        </g>
      ))}
      {nodes.map((node) => (
        <g key={node}>
          <line className={styles.lane} x1={left} x2={width} y1={y(node)} y2={y(node)} />
          <text className={styles.node} x={0} y={y(node) + 5}>
            {node.length > 16 ? `${node.slice(0, 15)}…` : node}
          </text>
        </g>
      ))}
      <path className={styles.way} d={`M${way.join('L')}`} />
      {steps.map(({ entry, ...step }) => (
        <circle
          key={`${entry.node} ${entry.id}`}
          className={styles.step}
          data-step={entry.step}
          cx={place({ entry, ...step })}
          cy={y(entry.node)}
          r="6"
        >
          <title>{`${entry.node}: ${text.steps[entry.step]}, ${ms(step.sinceMs)}`}</title>
        </circle>
      ))}
    </svg>
  )
}

/** By node, in the order in which they took part; within a node by time. */
function Steps({ journey, title }: { journey: Journey; title: string }) {
  const { follow: text } = useOpsText()
  const { ms } = useFormat()
  const rows = journey.nodes.flatMap((node) =>
    journey.steps.filter(({ entry }) => entry.node === node),
  )
  return (
    <Table
      caption={text.table(title)}
      head={[text.node, text.step, text.since, text.age, text.to]}
      figuresFrom={2}
      rows={rows.map(({ entry, sinceMs }) => ({
        key: `${entry.node} ${entry.id}`,
        cells: [
          entry.node,
          <span key="step" className={styles.named} data-step={entry.step}>
            {text.steps[entry.step]}
            {entry.detail !== undefined && ` (${entry.detail})`}
          </span>,
          `+${ms(sinceMs)}`,
          ms(entry.tookMs),
          entry.count === undefined ? '' : text.connections(entry.count),
        ],
      }))}
    />
  )
}
