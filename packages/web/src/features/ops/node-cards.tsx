/** Each node with its figures, and what ends it. */
import { useView } from '@madang/client/react'
import type { NodeFigures, SilentNode } from '@madang/protocol'
import { useState } from 'react'
import { useDates, useText } from '../../i18n/language.tsx'
import { useServices } from '../../services.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import styles from './node-cards.module.css'
import { connectionsOf } from './rates.ts'
import { Section } from './section.tsx'
import type { GoneNode } from './state.ts'
import { useFormat, useLive, useOpsText } from './use-ops.ts'

export function NodeCards() {
  const { view, gone } = useView(useLive())
  const text = useOpsText()
  const [asked, setAsked] = useState<string>()
  if (view === undefined) return null
  const sorted = [...view.nodes].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  const node = view.nodes.find(({ id }) => id === asked)
  const ready = view.nodes.filter(({ phase }) => phase === 'ready').length
  return (
    <Section title={text.nodes.title}>
      <ul className={styles.cards}>
        {view.silent.map((silent) => (
          <Silent key={silent.id} node={silent} />
        ))}
        {gone.map((each) => (
          <Gone key={each.id} node={each} />
        ))}
        {sorted.map((each) => (
          <NodeCard key={each.id} node={each} onDrain={() => setAsked(each.id)} />
        ))}
      </ul>
      {node && <DrainQuestion node={node} alone={ready < 2} onClose={() => setAsked(undefined)} />}
    </Section>
  )
}

function NodeCard({ node, onDrain }: { node: NodeFigures; onDrain(): void }) {
  const { nodes } = useOpsText()
  const { span } = useFormat()
  return (
    <li className={styles.card} data-phase={node.phase} data-testid={`node-${node.id}`}>
      <header className={styles.head}>
        <h3 className={styles.name}>{node.id}</h3>
        <Badge phase={node.phase} text={nodes.phases[node.phase]} />
      </header>
      <p className={styles.sub}>
        {nodes.version(node.version)} · {nodes.up(span(node.uptimeMs))}
      </p>
      <Draining node={node} />
      <Figures node={node} />
      {node.phase === 'ready' && (
        <Button size="s" aria-label={nodes.drainOf(node.id)} onClick={onDrain}>
          {nodes.drain}
        </Button>
      )}
    </li>
  )
}

export function Badge({ phase, text }: { phase: string; text: string }) {
  return (
    <span className={styles.badge} data-phase={phase}>
      {text}
    </span>
  )
}

function Draining({ node: { id, drain } }: { node: NodeFigures }) {
  const { nodes } = useOpsText()
  const { count, span } = useFormat()
  if (drain === null) return null
  const of = Math.max(1, drain.connections)
  const moved = drain.connections === 0 ? 1 : drain.connections - drain.left
  return (
    <div className={styles.draining}>
      <progress aria-label={nodes.progressLabel(id)} max={of} value={Math.max(0, moved)} />
      <p className={styles.sub}>
        {nodes.progress(count(drain.left), count(drain.connections), span(drain.forMs))}
      </p>
    </div>
  )
}

function Figures({ node }: { node: NodeFigures }) {
  const { nodes } = useOpsText()
  const { count, rate, ms, bytes, percent, cores } = useFormat()
  const { connections, rates, delivery, loop, memory, feeds } = node
  const pair = (one: string, two: string) => `${one} · ${two}`
  const rows: readonly (readonly [string, string, string?])[] = [
    [
      nodes.connections,
      count(connectionsOf(node)),
      nodes.transports(count(connections.websocket), count(connections.polling)),
    ],
    [nodes.people, pair(count(node.people), count(node.channels))],
    [nodes.traffic, nodes.perSecond(rate(rates.messagesIn), rate(rates.deliveriesOut))],
    [nodes.delivery, pair(ms(delivery?.p50Ms), ms(delivery?.p99Ms))],
    [nodes.loop, pair(ms(loop.lagP99Ms), percent(loop.utilization))],
    [nodes.cpu, nodes.cores(cores(node.cpu))],
    [nodes.memory, pair(bytes(memory.residentBytes), bytes(memory.heapUsedBytes))],
    [nodes.feeds, pair(count(feeds.open), count(feeds.pendingEvents))],
    [nodes.repairs, pair(count(feeds.repairs), count(feeds.repairsFailed))],
  ]
  return (
    <dl className={styles.figures}>
      {rows.map(([name, value, more]) => (
        <div key={name} className={styles.figure}>
          <dt>{name}</dt>
          <dd>
            {value}
            {more !== undefined && <span className={styles.more}>{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Silent({ node }: { node: SilentNode }) {
  const { nodes } = useOpsText()
  const dates = useDates()
  return (
    <li className={styles.card} data-phase="silent" data-testid={`node-${node.id}`}>
      <header className={styles.head}>
        <h3 className={styles.name}>{node.id}</h3>
        <Badge phase="silent" text={nodes.phases.silent} />
      </header>
      <p>{nodes.silent(node.why)}</p>
      <p className={styles.sub}>{nodes.seen(dates.full(node.seenAt))}</p>
    </li>
  )
}

function Gone({ node }: { node: GoneNode }) {
  const { nodes } = useOpsText()
  const { count } = useFormat()
  const dates = useDates()
  return (
    <li className={styles.card} data-phase="gone" data-testid={`gone-${node.id}`}>
      <header className={styles.head}>
        <h3 className={styles.name}>{nodes.gone(node.id)}</h3>
        <Badge phase="gone" text={nodes.goneShort} />
      </header>
      <p className={styles.sub}>{nodes.goneLead(count(node.connections), dates.time(node.at))}</p>
    </li>
  )
}

interface DrainQuestionProps {
  readonly node: NodeFigures
  readonly alone: boolean
  onClose(): void
}

function DrainQuestion({ node, alone, onClose }: DrainQuestionProps) {
  const { rest } = useServices()
  const live = useLive()
  const { nodes } = useOpsText()
  const text = useText()
  const { count } = useFormat()
  const act = async () => {
    const outcome = await rest.call('drainNode', { params: { nodeId: node.id } })
    if (!outcome.ok) return text.errors[outcome.error.code]
    live.told(node.id)
    onClose()
    return undefined
  }
  return (
    <Confirm
      title={nodes.sure(node.id)}
      lead={nodes.sureLead(count(connectionsOf(node)))}
      quote={alone ? nodes.alone : undefined}
      action={nodes.drainAct}
      cancel={text.common.cancel}
      act={act}
      onClose={onClose}
    />
  )
}
