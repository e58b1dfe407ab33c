/** The boxes of the picture. */
import { useDates } from '../../i18n/language.tsx'
import { classes } from '../../ui/classes.ts'
import type { Box, Detail, Texts } from './layout.ts'
import styles from './picture.module.css'
import { connectionsOf } from './rates.ts'
import { type Drawn, isSilent } from './state.ts'
import { useFormat, useOpsText } from './use-ops.ts'

export interface PartProps {
  readonly box: Box
  readonly title: string
  readonly figure: string
  readonly tone?: 'broker' | 'store'
  readonly state?: { readonly text: string; readonly bad: boolean }
  readonly lines: readonly string[]
}

const padding = 14
const lineHeight = 18

export function Part({ box, title, figure, tone, state, lines }: PartProps) {
  const { x, y, width, height } = box
  const left = x + padding
  return (
    <g>
      <rect className={styles.box} x={x} y={y} width={width} height={height} rx="14" />
      {tone && (
        <line
          className={classes(styles.edge, styles[tone])}
          x1={x + 1}
          x2={x + 1}
          y1={y + 18}
          y2={y + height - 18}
        />
      )}
      <text className={styles.title} x={left} y={y + 25}>
        {title}
      </text>
      <text className={styles.figure} x={left} y={y + 48}>
        {figure}
      </text>
      {state && (
        <>
          <circle
            className={styles.dot}
            data-phase={state.bad ? 'silent' : 'ready'}
            cx={left + 4}
            cy={y + 63.5}
            r="4"
          />
          <text className={styles.small} x={left + 14} y={y + 68}>
            {state.text}
          </text>
        </>
      )}
      {lines.map((line, at) => (
        <text
          key={line}
          className={styles.small}
          x={left}
          y={y + 68 + (at + (state ? 1 : 0)) * lineHeight}
        >
          {line}
        </text>
      ))}
    </g>
  )
}

export interface NodeBoxProps {
  readonly node: Drawn
  readonly box: Box
  readonly detail: Detail
}

export function NodeBox({ node, box, detail }: NodeBoxProps) {
  const { nodes, picture } = useOpsText()
  const { count } = useFormat()
  const { x, y, width, height } = box
  const left = x + padding
  const end = x + width - padding
  const lines = useLines(node)
  const first = detail === 'line' ? y + height / 2 + 5 : y + 25
  const told = detail === 'line' ? [] : lines.slice(0, detail === 'two' ? 1 : 3)
  const phase = detail === 'line' ? shortState(node) : undefined
  return (
    <g>
      <rect
        className={styles.box}
        data-phase={node.phase}
        x={x}
        y={y}
        width={width}
        height={height}
        rx={detail === 'line' ? 10 : 14}
      />
      <circle className={styles.dot} data-phase={node.phase} cx={left + 4} cy={first - 5} r="5" />
      <text className={styles.name} x={left + 17} y={first}>
        {node.id.length > 20 ? `${node.id.slice(0, 19)}…` : node.id}
      </text>
      <text className={styles.state} data-phase={node.phase} x={end} y={first}>
        {phase === undefined
          ? nodes.phases[node.phase]
          : `${picture.connectionsShort(count(phase))} · ${nodes.phases[node.phase]}`}
      </text>
      {told.map((line, at) => (
        <text
          key={line}
          className={at === 0 ? styles.said : styles.small}
          x={left + 17}
          y={first + 20 + at * lineHeight}
        >
          {line}
        </text>
      ))}
      <DrainBar node={node} box={box} detail={detail} />
    </g>
  )
}

const shortState = (node: Drawn): number | undefined =>
  isSilent(node) ? undefined : connectionsOf(node)

function useLines(node: Drawn): readonly string[] {
  const { picture } = useOpsText()
  const { count, rate, ms } = useFormat()
  const dates = useDates()
  if (isSilent(node)) return [node.why, picture.silentSince(dates.time(node.seenAt))]
  const { messagesIn, deliveriesOut } = node.rates
  const { drain } = node
  return [
    drain !== null && drain.connections > 0
      ? picture.drained(count(drain.left), count(drain.connections))
      : picture.connections(count(connectionsOf(node))),
    picture.inOut(rate(messagesIn), rate(deliveriesOut)),
    picture.delivery(ms(node.delivery?.p99Ms), ms(node.loop.lagP99Ms)),
  ]
}

function DrainBar({ node, box, detail }: NodeBoxProps) {
  if (isSilent(node) || node.drain === null) return null
  const { connections, left } = node.drain
  const moved = connections === 0 ? 1 : 1 - left / connections
  const { x, y, width, height } = box
  const whole = width - 2 * padding
  return (
    <>
      <rect
        className={styles.track}
        x={x + padding}
        y={y + height - (detail === 'full' ? 12 : 6)}
        width={whole}
        height="3"
        rx="1.5"
      />
      <rect
        className={styles.moved}
        x={x + padding}
        y={y + height - (detail === 'full' ? 12 : 6)}
        width={Math.max(0, whole * moved)}
        height="3"
        rx="1.5"
      />
    </>
  )
}

export interface WireTextsProps {
  readonly texts: Texts
  readonly frames: string
  readonly appends: string
}

/** What a node's lines carry, beside them. */
export function WireTexts({ texts: { x, brokerY, storeY }, frames, appends }: WireTextsProps) {
  return (
    <>
      <text className={styles.wire} x={x} y={brokerY}>
        {frames}
      </text>
      <text className={styles.wire} x={x} y={storeY}>
        {appends}
      </text>
    </>
  )
}
