/** Routes of operators: the whole installation, and what happened in it. */
import { z } from 'zod'
import { Id } from '../ids.ts'
import { ClusterView, FollowTarget, Stats, StatsRange, Trace } from '../ops.ts'
import { done, type Route } from './route.ts'

const operators = { tag: 'operators', auth: true, operator: true } as const

export const opsRoutes = {
  getCluster: {
    ...operators,
    method: 'GET',
    path: '/api/ops/cluster',
    status: 200,
    summary: 'All nodes with their figures, at most a second old.',
    response: ClusterView,
  },
  drainNode: {
    ...operators,
    method: 'POST',
    path: '/api/ops/nodes/:nodeId/drain',
    status: 202,
    summary: 'Tell a node to move everybody elsewhere and to end, as SIGTERM does.',
    params: z.object({ nodeId: z.string().min(1).max(64) }),
    response: done,
  },
  disablePerson: {
    ...operators,
    method: 'POST',
    path: '/api/ops/people/:personId/disabled',
    status: 200,
    summary:
      'Keep somebody out of the whole installation, or let them in again: their connections end on every node, and their sessions and tokens are refused meanwhile. Never the last operator.',
    params: z.object({ personId: Id }),
    body: z.object({ disabled: z.boolean() }).strict(),
    response: done,
  },
  follow: {
    ...operators,
    method: 'POST',
    path: '/api/ops/follow',
    status: 200,
    summary:
      'Begin to follow a person, a channel or a message on all nodes, or go on with it: what was seen of it so far. It ends half a minute after the last request.',
    body: z.object({ target: FollowTarget }).strict(),
    response: Trace,
  },
  getStats: {
    ...operators,
    method: 'GET',
    path: '/api/ops/stats',
    status: 200,
    summary:
      'What happened, by hour, and how the nodes were; the last day unless a range is given, 30 days are kept.',
    query: StatsRange,
    response: Stats,
  },
  getStatsTable: {
    ...operators,
    method: 'GET',
    path: '/api/ops/stats.csv',
    status: 200,
    summary: 'The same as lines of text: at, node, name, value.',
    query: StatsRange,
    type: 'text/csv; charset=utf-8',
    response: z.string(),
  },
} as const satisfies Record<string, Route>
