/** What the parts tell, as metrics and log lines. */
import type { ApiReport } from '../api/report.ts'
import type { FeedReport } from '../feed/report.ts'
import type { GatewayReport } from '../gateway/settings.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { Probe } from '../ops/probe.ts'
import type { RecorderParts } from '../ops/recorder.ts'

export function apiReport(metrics: Metrics, log: Log): ApiReport {
  return {
    answered({ method, route, status, tookMs }) {
      metrics.count('http_requests_total', { method, route, status: String(status) })
      metrics.observe('http_request_duration_seconds', { method, route }, tookMs / 1_000)
      log.debug({ method, route, status, tookMs: Math.round(tookMs) }, 'Answered.')
    },
    refused: (code) => metrics.count('madang_refusals_total', { door: 'http', code }),
    fault: (err, facts) => log.error({ err, ...facts }, 'A request failed.'),
  }
}

export function gatewayReport(metrics: Metrics, log: Log, probe: Probe): GatewayReport {
  const refused = (outcome: string) => {
    if (outcome === 'ok') return
    metrics.count('madang_refusals_total', { door: 'socket', code: outcome })
  }
  return {
    handshake(outcome) {
      metrics.count('madang_handshakes_total', { outcome })
      refused(outcome)
    },
    heldBack: (where) => metrics.count('madang_held_back_total', { where }),
    request(event, outcome, ms, personId) {
      probe.person('asked', personId, { kind: event, detail: outcome, tookMs: ms })
      metrics.count('madang_requests_total', { event, outcome })
      metrics.observe('madang_request_duration_seconds', { event }, ms / 1_000)
      refused(outcome)
    },
    replayed(outcome, events) {
      metrics.count('madang_replays_total', { outcome })
      metrics.count('madang_replayed_events_total', {}, events)
    },
    inspection: (found, count) => metrics.count('madang_inspections_total', { found }, count),
    drained: (stage, transport) =>
      metrics.count('madang_drain_connections_total', { stage, transport }),
    finished(answered, unanswered) {
      metrics.count('madang_drain_requests_total', { outcome: 'answered' }, answered)
      metrics.count('madang_drain_requests_total', { outcome: 'unanswered' }, unanswered)
    },
    stoodStill(outcome, clients, ms) {
      metrics.count('madang_standstills_total', { outcome })
      metrics.count('madang_doubts_total', { what: 'client' }, outcome === 'doubted' ? clients : 0)
      log.warn({ ms: Math.round(ms), clients, outcome }, 'This node stood still.')
    },
    distrusted: () => metrics.count('madang_doubts_total', { what: 'request' }),
    note: (text, facts) => log.info(facts, text),
    opened: (personId) => probe.person('connected', personId),
    closed(reason, personId) {
      probe.person('disconnected', personId, { detail: reason })
      metrics.count('madang_disconnects_total', { reason })
      log.debug({ reason }, 'A connection ended.')
    },
    error: (text, { error, ...facts }) => log.error({ err: error, ...facts }, text),
  }
}

export function feedReport(metrics: Metrics, log: Log): FeedReport {
  return {
    count: (what, by = 1) => metrics.count('madang_feed_total', { what }, by),
    warn: (text, { error, ...facts }) => log.warn({ err: error, ...facts }, text),
  }
}

/** One line when the target goes away and one when it is back, however often it is tried meanwhile. */
export function recorderReport(metrics: Metrics, log: Log): RecorderParts['report'] {
  let isAway = false
  return (outcome, count, error) => {
    metrics.count('madang_stats_writes_total', { outcome }, count)
    if (outcome === 'lost') return
    if (outcome === 'ok' && isAway) log.info({}, 'Counts for operators can be written again.')
    if (outcome !== 'ok' && !isAway) {
      log.warn({ err: error }, 'Counts for operators cannot be written now; chat goes on.')
    }
    isAway = outcome !== 'ok'
  }
}
