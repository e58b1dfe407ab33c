/** The figures as tables: for a terminal, and for the page. */
import type { Cell, Table } from '../table.ts'
import type { Figure } from './compare.ts'
import type { IdleFigure } from './idle.ts'

export function speedTable(figures: readonly Figure[]): Table {
  const columns = [
    'layout',
    'messages/s',
    'server',
    'cpu µs/delivery',
    'times cheaper',
    'p50 ms',
    'p99 ms',
    'deliveries/s',
    'missing',
  ]
  const rows = figures.map((figure): Cell[] => {
    const { scenario, candidate, cpuUsPerDelivery, p50Ms, p99Ms } = figure
    const stock = figures.find(
      (other) => other.candidate === 'stock' && other.scenario === scenario,
    )
    return [
      scenario.layout.name,
      scenario.rate,
      candidate,
      cpuUsPerDelivery,
      (stock?.cpuUsPerDelivery ?? Number.NaN) / cpuUsPerDelivery,
      p50Ms,
      p99Ms,
      figure.deliveriesPerSecond,
      figure.expected - figure.arrived,
    ]
  })
  return { columns, rows }
}

export function idleTable(figures: readonly IdleFigure[]): Table {
  const columns = ['server', 'idle connections', 'KB each']
  const rows = figures.map(({ candidate, connections, bytesPerConnection }): Cell[] => [
    candidate,
    connections,
    bytesPerConnection / 1_024,
  ])
  return { columns, rows }
}
