/** The broker as each node sees it, why connections ended, what was refused, and who reads slowly. */
import { useView } from '@madang/client/react'
import type { NodeFigures } from '@madang/protocol'
import { Button } from '../../ui/button.tsx'
import styles from './health.module.css'
import { Badge } from './node-cards.tsx'
import { NO_RATES, tallied } from './rates.ts'
import { Section, Table } from './section.tsx'
import { useFormat, useLive, useOpsText } from './use-ops.ts'

export function Health() {
  const { view } = useView(useLive())
  const text = useOpsText()
  if (view === undefined) return null
  return (
    <>
      <Broker nodes={view.nodes} />
      <div className={styles.three}>
        <Reasons
          title={text.reasons.disconnects}
          counts={tallied(view.nodes, ({ disconnects }) => disconnects)}
        />
        <Reasons
          title={text.reasons.refusals}
          counts={tallied(view.nodes, ({ refusals }) => refusals)}
        />
        <Slow nodes={view.nodes} />
      </div>
    </>
  )
}

function Broker({ nodes }: { nodes: readonly NodeFigures[] }) {
  const { rates } = useView(useLive())
  const { broker: text, picture } = useOpsText()
  const { rate, bytes, count } = useFormat()
  return (
    <Section title={text.title}>
      <Table
        caption={text.title}
        head={[
          ...[text.node, text.state, text.out, text.into, text.bytesOut, text.bytesIn],
          ...[text.outages, text.dropped, text.where],
        ]}
        figuresFrom={2}
        rows={nodes.map(({ id, broker }) => {
          const now = rates.get(id) ?? NO_RATES
          return {
            key: id,
            cells: [
              id,
              <Badge
                key="state"
                phase={broker.connected ? 'ready' : 'silent'}
                text={`${broker.name} ${broker.connected ? picture.connected : picture.away}`}
              />,
              ...[rate(now.framesOut), rate(now.framesIn)],
              ...[bytes(now.bytesOut), bytes(now.bytesIn)],
              ...[count(broker.outages), count(broker.framesDropped)],
              broker.detail,
            ],
          }
        })}
      />
    </Section>
  )
}

interface ReasonsProps {
  readonly title: string
  readonly counts: readonly (readonly [string, number])[]
}

function Reasons({ title, counts }: ReasonsProps) {
  const { reasons } = useOpsText()
  const { count } = useFormat()
  const most = counts[0]?.[1] ?? 1
  return (
    <Section title={title}>
      {counts.length === 0 ? (
        <p className={styles.none}>{reasons.none}</p>
      ) : (
        <ul className={styles.bars}>
          {counts.map(([reason, value]) => (
            <li key={reason} className={styles.bar}>
              <code>{reason}</code>
              <span>{count(value)}</span>
              <svg
                className={styles.scale}
                viewBox="0 0 100 4"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <rect width={Math.max(1, (100 * value) / most)} height="4" />
              </svg>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Slow({ nodes }: { nodes: readonly NodeFigures[] }) {
  const live = useLive()
  const { slow: text } = useOpsText()
  const { bytes } = useFormat()
  const all = nodes
    .flatMap(({ id, slow }) => slow.map((each) => ({ ...each, node: id })))
    .sort((a, b) => b.bytesQueued - a.bytesQueued)
  return (
    <Section title={text.title}>
      {all.length === 0 ? (
        <p className={styles.none}>{text.none}</p>
      ) : (
        <Table
          caption={text.title}
          head={[text.person, text.node, text.transport, text.queued]}
          figuresFrom={3}
          rows={all.slice(0, 20).map(({ connection, person, node, transport, bytesQueued }) => ({
            key: `${node} ${connection}`,
            cells: [
              <Button
                key="person"
                look="quiet"
                size="s"
                aria-label={text.follow(person.name)}
                onClick={() => live.follow({ personId: person.id })}
              >
                {person.name}
              </Button>,
              ...[node, transport, bytes(bytesQueued)],
            ],
          }))}
        />
      )}
    </Section>
  )
}
