/** Nodes and views for tests of the operator's page. */
import type { ClusterView, NodeFigures } from '@madang/protocol'

export function newNode(id: string, more: Partial<NodeFigures> = {}): NodeFigures {
  return {
    ...{ id, version: '1.0.0', phase: 'ready', at: 1_000, uptimeMs: 1_000, people: 0, channels: 0 },
    connections: { websocket: 0, polling: 0 },
    rates: { messagesIn: 0, deliveriesOut: 0, requests: 0 },
    totals: { messagesIn: 0, deliveriesOut: 0, requests: 0 },
    delivery: null,
    loop: { lagP99Ms: 0, utilization: 0 },
    cpu: 0,
    memory: { residentBytes: 0, heapUsedBytes: 0 },
    feeds: { open: 0, pendingEvents: 0, tailEvents: 0, repairs: 0, repairsFailed: 0 },
    broker: newBroker({}),
    store: { name: 'sqlite', connected: true },
    ...{ disconnects: {}, refusals: {}, slow: [], drain: null },
    ...more,
  }
}

export const newBroker = (more: Partial<NodeFigures['broker']>): NodeFigures['broker'] => ({
  ...{ name: 'redis', connected: true, detail: '', outages: 0, framesDropped: 0 },
  ...{ framesOut: 0, framesIn: 0, bytesOut: 0, bytesIn: 0 },
  ...more,
})

export const newView = (at: number, ...nodes: readonly NodeFigures[]): ClusterView => ({
  ...{ at, by: 'n1', nodes: [...nodes], silent: [] },
})
