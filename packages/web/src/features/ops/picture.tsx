/** The cluster as a picture: people, proxy, nodes, broker, store, and what flows between them. */
import type { NodeFigures } from '@madang/protocol'
import { classes } from '../../ui/classes.ts'
import { useMedia } from '../../ui/media.ts'
import { type Box, type Layout, narrowLayout, wideLayout } from './layout.ts'
import styles from './picture.module.css'
import { NodeBox, Part, WireTexts } from './picture-parts.tsx'
import {
  type BrokerRates,
  connectionsOf,
  lineWidth,
  NO_RATES,
  pace,
  type Totals,
  totalsOf,
  widestOf,
} from './rates.ts'
import { type Drawn, isSilent, isTold, type OpsState } from './state.ts'
import { useFormat, useOpsText } from './use-ops.ts'

/** Below it the picture runs from top to bottom. */
const NARROW = '(max-width: 50rem)'

export function Picture({ state }: { state: OpsState }) {
  const text = useOpsText()
  const format = useFormat()
  const narrow = useMedia(NARROW)
  const { view } = state
  if (view === undefined) return null
  const drawn: readonly Drawn[] = [...view.nodes, ...view.silent].sort((a, b) =>
    a.id.localeCompare(b.id, 'en', { numeric: true }),
  )
  const layout = narrow ? narrowLayout(drawn.length) : wideLayout(drawn.length)
  const totals = totalsOf(view)
  const { connections, messagesIn, deliveriesOut } = totals
  const summary = text.picture.summary(
    drawn.length,
    format.count(connections),
    format.rate(messagesIn),
    format.rate(deliveriesOut),
  )
  return (
    <svg
      className={styles.picture}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="img"
      aria-label={summary}
      data-narrow={narrow || undefined}
    >
      <Lines drawn={drawn} layout={layout} rates={state.rates} totals={totals} />
      <Ends layout={layout} totals={totals} />
      <Shared layout={layout} nodes={view.nodes} rates={state.rates} />
      <Carried drawn={drawn} layout={layout} rates={state.rates} />
      {drawn.map((node, at) => {
        const box = layout.nodes[at]
        return box && <NodeBox key={node.id} node={node} box={box} detail={layout.detail} />
      })}
    </svg>
  )
}

interface CarriedProps {
  readonly drawn: readonly Drawn[]
  readonly layout: Layout
  readonly rates: ReadonlyMap<string, BrokerRates>
}

interface LinesProps extends CarriedProps {
  readonly totals: Totals
}

const bytesOf = ({ bytesIn, bytesOut }: BrokerRates): number => bytesIn + bytesOut
const framesOf = ({ framesIn, framesOut }: BrokerRates): number => framesIn + framesOut

function Lines({ drawn, layout, rates, totals }: LinesProps) {
  const told = drawn.filter(isTold)
  const widest = widestOf(drawn.length)
  const rateOf = ({ id }: Drawn) => rates.get(id) ?? NO_RATES
  const most = {
    connections: Math.max(0, ...told.map(connectionsOf)),
    bytes: Math.max(0, ...told.map((node) => bytesOf(rateOf(node)))),
    appends: Math.max(0, ...told.map((node) => node.rates.messagesIn)),
  }
  return (
    <g>
      <Line
        d={layout.entry}
        tone="proxy"
        width={lineWidth(totals.connections, totals.connections, 9)}
        flow={totals.messagesIn + totals.deliveriesOut}
      />
      {drawn.map((node, at) => {
        const wires = layout.nodes[at]?.wires
        if (wires === undefined) return null
        if (isSilent(node)) {
          return (
            <g key={node.id}>
              <Line d={wires.proxy} tone="proxy" away />
              <Line d={wires.broker} tone="broker" away />
              <Line d={wires.store} tone="store" away />
            </g>
          )
        }
        const rate = rateOf(node)
        const { messagesIn, deliveriesOut } = node.rates
        return (
          <g key={node.id}>
            <Line
              d={wires.proxy}
              tone="proxy"
              width={lineWidth(connectionsOf(node), most.connections, widest)}
              flow={messagesIn + deliveriesOut}
            />
            <Line
              d={wires.broker}
              tone="broker"
              width={lineWidth(bytesOf(rate), most.bytes, widest)}
              flow={framesOf(rate)}
              away={!node.broker.connected}
            />
            <Line
              d={wires.store}
              tone="store"
              width={lineWidth(messagesIn, most.appends, widest)}
              flow={messagesIn}
              away={!node.store.connected}
            />
          </g>
        )
      })}
    </g>
  )
}

function Carried({ drawn, layout, rates }: CarriedProps) {
  const { picture } = useOpsText()
  const { rate, bytes } = useFormat()
  return drawn.filter(isTold).map((node) => {
    const texts = layout.nodes[drawn.indexOf(node)]?.texts
    const now = rates.get(node.id) ?? NO_RATES
    const frames = `${picture.frames(rate(framesOf(now)))} · ${picture.bytes(bytes(bytesOf(now)))}`
    const appends = picture.appends(rate(node.rates.messagesIn))
    return texts && <WireTexts key={node.id} {...{ texts, frames, appends }} />
  })
}

interface LineProps {
  readonly d: string
  readonly tone: 'proxy' | 'broker' | 'store'
  readonly width?: number
  /** Per second. */
  readonly flow?: number
  readonly away?: boolean
}

function Line({ d, tone, width = 1.5, flow = 0, away = false }: LineProps) {
  if (away) return <path className={styles.away} d={d} />
  const speed = pace(flow)
  return (
    <>
      <path className={classes(styles.line, styles[tone])} d={d} strokeWidth={width + 1.5} />
      {speed > 0 && (
        <path
          className={classes(styles.flow, styles[tone])}
          d={d}
          strokeWidth={Math.max(2, width * 0.75)}
          data-pace={speed}
        />
      )}
    </>
  )
}

function Ends({ layout, totals }: { layout: Layout; totals: Totals }) {
  const { picture } = useOpsText()
  const { count, rate } = useFormat()
  return (
    <>
      <Part
        box={layout.people}
        title={picture.people}
        figure={count(totals.people)}
        lines={[picture.messages(rate(totals.messagesIn))]}
      />
      <Part
        box={layout.proxy}
        title={picture.proxy}
        figure={picture.connectionsShort(count(totals.connections))}
        lines={[picture.websocket(count(totals.websocket)), picture.polling(count(totals.polling))]}
      />
    </>
  )
}

interface SharedProps {
  readonly layout: Layout
  readonly nodes: readonly NodeFigures[]
  readonly rates: ReadonlyMap<string, BrokerRates>
}

/** What all nodes share. Frames are counted where they are sent, and bytes too: what one node hands over reaches the others. */
function Shared({ layout, nodes, rates }: SharedProps) {
  const { picture } = useOpsText()
  const format = useFormat()
  const sum = (of: (rates: BrokerRates) => number) =>
    [...rates.values()].reduce((all, each) => all + of(each), 0)
  const appends = nodes.reduce((all, { rates: { messagesIn } }) => all + messagesIn, 0)
  return (
    <>
      <SharedPart
        box={layout.broker}
        tone="broker"
        title={picture.broker}
        each={nodes.map(({ broker }) => broker)}
        lines={[
          picture.frames(format.rate(sum(framesOf))),
          picture.bytes(format.bytes(sum(bytesOf))),
        ]}
      />
      <SharedPart
        box={layout.store}
        tone="store"
        title={picture.store}
        each={nodes.map(({ store }) => store)}
        lines={[picture.appends(format.rate(appends))]}
      />
    </>
  )
}

interface SharedPartProps {
  readonly box: Box
  readonly tone: 'broker' | 'store'
  readonly title: string
  readonly each: readonly { readonly name: string; readonly connected: boolean }[]
  readonly lines: readonly string[]
}

function SharedPart({ box, tone, title, each, lines }: SharedPartProps) {
  const { picture } = useOpsText()
  const away = each.filter(({ connected }) => !connected).length
  const names = [...new Set(each.map(({ name }) => name))].join(', ')
  const state = (): string => {
    if (each.length === 0) return picture.unknown
    if (away === 0) return picture.connected
    return away === each.length ? picture.away : picture.awayFor(away, each.length)
  }
  return (
    <Part
      box={box}
      tone={tone}
      title={title}
      figure={names || picture.unknown}
      state={{ text: state(), bad: away > 0 }}
      lines={lines}
    />
  )
}
