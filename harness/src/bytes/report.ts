/** A comparison as tables: for a terminal and for the page. */
import { type Table, textTable } from '../table.ts'
import { labelOf } from './candidates.ts'
import { type Comparison, deliveryOf, idleOf, netOf, type Row } from './comparison.ts'
import { GROUND_SIZE } from './ground.ts'

interface TitledTable extends Table {
  readonly title: string
}

export function tablesOf(comparison: Comparison): readonly TitledTable[] {
  return [baseTable(comparison), growthTable(comparison), sizeTable(comparison)].filter(
    ({ rows }) => rows.length > 0,
  )
}

function baseTable({ plan, rows }: Comparison): TitledTable {
  const { servers, people, messagesEach } = plan
  const first = rows[0] ? netOf(rows[0].base).all : Number.NaN
  return {
    title: `${servers} servers, ${people} people in one room, ${messagesEach} messages each: KB through the brokers`,
    columns: ['adapter', 'in', 'out', 'bus', 'in all', '× first row', 'idle', 'delivered'],
    rows: rows.map(({ candidate, base }) => {
      const net = netOf(base)
      return [
        labelOf(candidate),
        ...[net.in, net.out, net.bus, net.all].map(kilo),
        (net.all / first).toFixed(2),
        kilo(idleOf(base)),
        deliveryOf([base]),
      ]
    }),
  }
}

function growthTable({ plan, rows }: Comparison): TitledTable {
  const { servers, emptyServers, rooms } = plan
  return {
    title: `Bytes a message: ${rooms} rooms instead of one, and ${emptyServers} more servers at which nobody is`,
    columns: [
      'adapter',
      'one room',
      `${rooms} rooms`,
      `${servers} + ${emptyServers} servers`,
      'of it to empty servers',
      'delivered',
    ],
    rows: rows.map((row) => [
      labelOf(row.candidate),
      bytes(netOf(row.base).perMessage),
      bytes(netOf(row.rooms).perMessage),
      bytes(netOf(row.beside).perMessage),
      bytes(emptyPerMessage(row)),
      deliveryOf([row.rooms, row.beside]),
    ]),
  }
}

export const emptyPerMessage = ({ beside }: Row): number => netOf(beside).empty / beside.messages

function sizeTable({ plan, sized }: Comparison): TitledTable {
  return {
    title: 'Bytes a message: brokers of more nodes (masters without replicas, or partitions)',
    columns: ['adapter', ...plan.sizes.map(nodes), 'delivered'],
    rows: sized.map(({ candidate, stretches }) => [
      labelOf(candidate),
      ...stretches.map((stretch) => bytes(netOf(stretch).perMessage)),
      deliveryOf(stretches),
    ]),
  }
}

const nodes = (count: number): string => (count === 1 ? '1 node' : `${count} nodes`)

/** The greatest part by which Redis' own count differs from what the servers wrote and read; undefined where no Redis was asked. */
export function disagreement({ rows }: Comparison): number | undefined {
  const parts = rows.flatMap(({ base: { talk } }) => {
    if (!talk.own) return []
    const ours = talk.in + talk.out
    return [Math.abs(talk.own.in + talk.own.out - ours) / ours]
  })
  return parts.length === 0 ? undefined : Math.max(...parts)
}

export function textReport(comparison: Comparison): string {
  const off = disagreement(comparison)
  return [
    ...tablesOf(comparison).map(({ title, columns, rows }) => [
      title,
      '',
      textTable(columns, rows),
      '',
    ]),
    notes(off),
  ]
    .flat()
    .join('\n')
}

export function notes(off: number | undefined): string {
  return [
    'in, out: payload bytes of TCP that the servers wrote to and read from the brokers. bus: between the nodes of a cluster.',
    'What flows in as much time while nobody talks (gossip, heartbeats) stands in "idle", and is taken off everything else; what is left near nothing, below it too, is a beat more in one of the two stretches.',
    `Where no other size is named, a cluster is ${GROUND_SIZE.masters} masters with a replica each, and partitions are ${GROUND_SIZE.masters}.`,
    ...(off === undefined
      ? []
      : [
          `Redis' own count (INFO stats) agrees with in and out within ${(off * 100).toFixed(1)} %.`,
        ]),
  ].join('\n')
}

/** One digit after the point below 100, none above. */
const kilo = (value: number): string => {
  if (!Number.isFinite(value)) return '-'
  const kilobytes = Math.abs(value) / 1_000 < 0.05 ? 0 : value / 1_000
  return kilobytes === 0 || Math.abs(kilobytes) >= 100
    ? Math.round(kilobytes).toLocaleString('en')
    : kilobytes.toFixed(1)
}

const bytes = (value: number): string =>
  Number.isFinite(value) ? (Math.round(value) || 0).toLocaleString('en') : '-'
