// docs/reference/metrics.md: every metric.
import { METRICS, type MetricRow } from '@madang/server/reference'
import { code, page, table } from './markdown.ts'

export function metricsPage(): string {
  const rows: [string, MetricRow][] = Object.entries(METRICS)
  return page(
    'Metrics',
    'packages/server/src/ops/metric-table.ts',
    '`GET /metrics` answers in the text format of Prometheus. Where `METRICS_TOKEN` is set, it must be shown (`Authorization: Bearer ...`); else keep the path from the public in the proxy. ' +
      'No label holds anything that a person wrote or chose, and every label has few values.',
    table(
      ['metric', 'kind', 'labels', 'meaning'],
      rows.map(([name, { kind, labels = [], help }]) => [
        code(name),
        kind,
        labels.length === 0 ? 'none' : labels.map(code).join(', '),
        help,
      ]),
    ),
  )
}
