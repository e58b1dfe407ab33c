/** What flows, per second, from counters that only grow; and how fast and how wide a line shows it. */
import type { ClusterView, NodeFigures } from '@madang/protocol'

/** Rates are over so long, in ms: a single second is restless to look at. */
export const rateWindowMs = 4_000

export interface BrokerRates {
  readonly framesOut: number
  readonly framesIn: number
  readonly bytesOut: number
  readonly bytesIn: number
}

export const NO_RATES: BrokerRates = { framesOut: 0, framesIn: 0, bytesOut: 0, bytesIn: 0 }

/** Per second between two looks at one node. Nothing where no time passed, or where the node began anew in between. */
export function ratesBetween(before: NodeFigures, after: NodeFigures): BrokerRates {
  const seconds = (after.at - before.at) / 1_000
  if (seconds <= 0 || after.uptimeMs < before.uptimeMs) return NO_RATES
  const rate = (name: keyof BrokerRates) =>
    Math.max(0, after.broker[name] - before.broker[name]) / seconds
  return {
    framesOut: rate('framesOut'),
    framesIn: rate('framesIn'),
    bytesOut: rate('bytesOut'),
    bytesIn: rate('bytesIn'),
  }
}

/** Of each node of the newest of these views, oldest first. Where looks are further apart than the window, since the look before. */
export function brokerRates(views: readonly ClusterView[]): ReadonlyMap<string, BrokerRates> {
  const newest = views.at(-1)
  const rates = (newest?.nodes ?? []).map((node) => {
    const earlier = views
      .flatMap(({ nodes }) => nodes)
      .filter(({ id, at }) => id === node.id && at < node.at)
    const before = earlier.find(({ at }) => at >= node.at - rateWindowMs) ?? earlier.at(-1)
    return [node.id, before ? ratesBetween(before, node) : NO_RATES] as const
  })
  return new Map(rates)
}

export const connectionsOf = ({ connections }: NodeFigures): number =>
  connections.websocket + connections.polling

export interface Totals {
  readonly connections: number
  readonly websocket: number
  readonly polling: number
  readonly people: number
  readonly messagesIn: number
  readonly deliveriesOut: number
  /** The slowest node's; undefined where nothing was delivered. */
  readonly p99Ms: number | undefined
}

export function totalsOf({ nodes }: ClusterView): Totals {
  const sum = (of: (node: NodeFigures) => number) => nodes.reduce((all, node) => all + of(node), 0)
  const slowest = nodes.flatMap(({ delivery }) => (delivery === null ? [] : [delivery.p99Ms]))
  return {
    connections: sum(connectionsOf),
    websocket: sum(({ connections }) => connections.websocket),
    polling: sum(({ connections }) => connections.polling),
    people: sum(({ people }) => people),
    messagesIn: sum(({ rates }) => rates.messagesIn),
    deliveriesOut: sum(({ rates }) => rates.deliveriesOut),
    p99Ms: slowest.length === 0 ? undefined : Math.max(...slowest),
  }
}

/** Adds up what each node counted by reason, most first. */
export function tallied(
  nodes: readonly NodeFigures[],
  of: (node: NodeFigures) => Readonly<Record<string, number>>,
): readonly (readonly [reason: string, count: number])[] {
  const all = new Map<string, number>()
  for (const node of nodes) {
    for (const [reason, count] of Object.entries(of(node))) {
      all.set(reason, (all.get(reason) ?? 0) + count)
    }
  }
  return [...all].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1])
}

const lineWidthMin = 1.5

/** The more lines run together, the thinner is the widest. */
export const widestOf = (lines: number): number => Math.max(3, Math.min(9, 60 / lines))

/** Of a line that carries `amount` where the busiest one carries `most`: areas are compared, not lengths. */
export function lineWidth(amount: number, most: number, widest: number): number {
  if (amount <= 0 || most <= 0) return lineWidthMin
  return lineWidthMin + (widest - lineWidthMin) * Math.sqrt(Math.min(1, amount / most))
}

/** 0: nothing flows. Steps of ten, so that the eye tells them apart. */
export function pace(perSecond: number): 0 | 1 | 2 | 3 {
  if (perSecond < 0.05) return 0
  if (perSecond < 10) return 1
  return perSecond < 100 ? 2 : 3
}
