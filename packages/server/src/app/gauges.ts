/** What is looked at whenever somebody asks for the metrics. */
import { WIRE_VERSION } from '@madang/protocol'
import type { Phase } from '../lifecycle.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { Doors, Parts } from './parts.ts'

const PHASES: readonly Phase[] = ['starting', 'running', 'draining', 'stopping']

export interface Told {
  readonly version: string
  readonly node: string
  readonly phase: () => Phase
  /** Whether the broker is one or several of Redis. */
  readonly isRedis: boolean
}

export function watchParts(
  metrics: Metrics,
  parts: Parts,
  { version, node, phase, isRedis }: Told,
): void {
  const { feeds, dispatcher, rates, meter: broker, brokerWatch, handOver } = parts
  const one = (value: number) => [{ labels: {}, value }]
  const labels = { version, node, wire: String(WIRE_VERSION) }
  metrics.watch('madang_info', () => [{ labels, value: 1 }])
  metrics.watch('madang_phase', () =>
    PHASES.map((each) => ({ labels: { phase: each }, value: each === phase() ? 1 : 0 })),
  )
  metrics.watch('madang_broker_connected', () => [
    { labels: { broker: broker.name }, value: dispatcher.health.connected ? 1 : 0 },
  ])
  const ofBroker = (value: number) => [{ labels: { broker: broker.name }, value }]
  metrics.watch('madang_broker_outages_total', () => ofBroker(brokerWatch.outages))
  metrics.watch('madang_broker_away_seconds_total', () => ofBroker(brokerWatch.awayMs / 1_000))
  metrics.watch('madang_broker_frames_total', () => {
    const { framesOut, framesIn, framesDropped } = broker.traffic()
    const row = (direction: string, value: number) => ({
      labels: { broker: broker.name, direction },
      value,
    })
    return [row('out', framesOut), row('in', framesIn), row('dropped', framesDropped)]
  })
  metrics.watch('madang_broker_bytes_total', () => {
    const { bytesOut, bytesIn } = broker.traffic()
    return [
      { labels: { broker: broker.name, direction: 'out' }, value: bytesOut },
      { labels: { broker: broker.name, direction: 'in' }, value: bytesIn },
    ]
  })
  metrics.watch('redis_connection_status', () => {
    if (!isRedis) return []
    return [{ labels: { broker: broker.name }, value: dispatcher.health.connected ? 1 : 0 }]
  })
  metrics.watch('madang_hand_overs', () => one(handOver.size))
  metrics.watch('madang_rate_buckets', () => one(rates.size()))
  metrics.watch('madang_topics_held', () => one(dispatcher.topics))
  metrics.watch('madang_feeds', () => one(feeds.size().feeds))
  metrics.watch('madang_feed_events', () => {
    const { tailEvents, pendingEvents } = feeds.size()
    return [
      { labels: { held: 'tail' }, value: tailEvents },
      { labels: { held: 'pending' }, value: pendingEvents },
    ]
  })
}

export function watchDoors(metrics: Metrics, { api, gateway }: Doors): void {
  const one = (value: number) => [{ labels: {}, value }]
  metrics.watch('http_active_connections', async () => one(await api.connections()))
  if (gateway === undefined) return
  metrics.watch('madang_sockets', () => {
    const { websocket, polling } = gateway.size().connections
    return [
      { labels: { transport: 'websocket' }, value: websocket },
      { labels: { transport: 'polling' }, value: polling },
    ]
  })
  metrics.watch('madang_replays_now', () => {
    const { running, waiting } = gateway.replays()
    return [
      { labels: { state: 'running' }, value: running },
      { labels: { state: 'waiting' }, value: waiting },
    ]
  })
  const progress = () => gateway.drainProgress()
  metrics.watch('madang_drain_left', () => one(progress().left))
  metrics.watch('madang_drain_of', () => one(progress().of))
  metrics.watch('madang_drain_seconds', () => one(progress().tookMs / 1_000))
  metrics.watch('madang_people', () => one(gateway.size().people))
  metrics.watch('madang_channels', () => one(gateway.size().channels))
}
