/** What a node says of itself to operators: the figures of its metrics, of the last look at the process, and of its parts at this moment. */
import type { NodeFigures } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { heapBytes } from './memory.ts'
import type { NamesOf } from './metric-table.ts'
import type { Metrics } from './metrics.ts'
import type { Probe } from './probe.ts'
import type { Sampler, Totals } from './sampler.ts'

/** What the parts say now. */
export type Parts = Pick<
  NodeFigures,
  'phase' | 'connections' | 'people' | 'channels' | 'slow' | 'drain' | 'store'
> & {
  readonly broker: Pick<NodeFigures['broker'], 'name' | 'connected' | 'detail' | 'outages'> &
    BrokerTraffic
  readonly feeds: Pick<NodeFigures['feeds'], 'open' | 'pendingEvents' | 'tailEvents'>
}

export type BrokerTraffic = Pick<
  NodeFigures['broker'],
  'framesOut' | 'framesIn' | 'bytesOut' | 'bytesIn' | 'framesDropped'
>

export interface FiguresParts {
  readonly node: string
  readonly version: string
  readonly clock: Clock
  readonly metrics: Metrics
  readonly sampler: Sampler
  readonly probe: Probe
  readonly look: () => Parts
}

export class Figures {
  readonly #parts: FiguresParts
  readonly #startedAt: number

  constructor(parts: FiguresParts) {
    this.#parts = parts
    this.#startedAt = parts.clock.monotonic()
  }

  async read(): Promise<NodeFigures> {
    const { node, version, clock, metrics, sampler, probe, look } = this.#parts
    const { totals, rates, cpu, lagP99Ms, utilization, residentBytes } = await sampler.read()
    const [disconnects, refusals, feed] = await Promise.all([
      tallyOf(metrics, 'madang_disconnects_total', 'reason'),
      tallyOf(metrics, 'madang_refusals_total', 'code'),
      tallyOf(metrics, 'madang_feed_total', 'what'),
    ])
    const { feeds, ...now } = look()
    return {
      ...{ id: node, version, at: clock.now(), uptimeMs: clock.monotonic() - this.#startedAt },
      ...now,
      ...{ rates, totals, cpu, disconnects, refusals },
      delivery: probe.times(),
      loop: { lagP99Ms, utilization },
      memory: { residentBytes, heapUsedBytes: heapBytes().used },
      feeds: {
        ...feeds,
        repairs: feed.repair_read ?? 0,
        repairsFailed: feed.repair_failed ?? 0,
      },
    }
  }
}

export async function totalsOf(metrics: Metrics): Promise<Totals> {
  const [appended, delivered, requests] = await Promise.all([
    tallyOf(metrics, 'madang_events_appended_total', 'kind'),
    tallyOf(metrics, 'madang_deliveries_total', 'event'),
    tallyOf(metrics, 'madang_requests_total', 'event'),
  ])
  return {
    messagesIn: appended.created ?? 0,
    deliveriesOut: delivered.event ?? 0,
    requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
  }
}

/** A counter's values by one of its labels, over all others. */
async function tallyOf(
  metrics: Metrics,
  name: NamesOf<'counter'>,
  label: string,
): Promise<Record<string, number>> {
  const tally: Record<string, number> = {}
  for (const { labels, value } of await metrics.samples(name)) {
    const key = (labels[label] ?? '').slice(0, 64)
    tally[key] = (tally[key] ?? 0) + value
  }
  return tally
}
