/** What the page knows of the cluster: made of each look, and of what came before. Pure. */
import type {
  ClusterView,
  ErrorBody,
  FollowTarget,
  NodeFigures,
  NodePhase,
  SilentNode,
  TraceEntry,
} from '@madang/protocol'
import { mergeEntries } from './journeys.ts'
import {
  type BrokerRates,
  brokerRates,
  connectionsOf,
  rateWindowMs,
  type Totals,
  totalsOf,
} from './rates.ts'

/** `waiting`: nothing was heard over the socket yet; `live`: over the socket; `asking`: the socket is away, and the figures are asked for. */
export type Mode = 'waiting' | 'live' | 'asking'

export interface TrendPoint extends Totals {
  readonly at: number
}

/** A node of the directory, whether it answers or not. */
export type Drawn = NodeFigures | SilentNode

export const isSilent = (node: Drawn): node is SilentNode => 'why' in node
export const isTold = (node: Drawn): node is NodeFigures => !isSilent(node)

/** A node that was drained, and ended. */
export interface GoneNode {
  readonly id: string
  readonly at: number
  readonly connections: number
}

export interface OpsState {
  readonly mode: Mode
  readonly view: ClusterView | undefined
  /** The last looks, oldest first: what rates are made of. */
  readonly looks: readonly ClusterView[]
  readonly rates: ReadonlyMap<string, BrokerRates>
  readonly trend: readonly TrendPoint[]
  readonly gone: readonly GoneNode[]
  /** Nodes that this page told to drain: some are gone before the next look. */
  readonly told: readonly string[]
  readonly target: FollowTarget | undefined
  readonly entries: readonly TraceEntry[]
  /** Why nothing can be shown now. */
  readonly error: ErrorBody | undefined
}

export const NOTHING_SEEN: OpsState = {
  mode: 'waiting',
  view: undefined,
  looks: [],
  rates: new Map(),
  trend: [],
  gone: [],
  told: [],
  target: undefined,
  entries: [],
  error: undefined,
}

export type OpsInput =
  | { readonly kind: 'view'; readonly view: ClusterView; readonly by: Mode }
  | { readonly kind: 'trace'; readonly entries: readonly TraceEntry[] }
  | { readonly kind: 'follow'; readonly target: FollowTarget | undefined }
  | { readonly kind: 'drain'; readonly id: string }
  | { readonly kind: 'lost'; readonly error?: ErrorBody }

/** Points of the trend: two minutes of seconds. */
const trendMax = 120
/** A node that is gone is shown so long, in ms. */
const goneMsMax = 120_000

export function stepOps(state: OpsState, input: OpsInput): OpsState {
  switch (input.kind) {
    case 'view':
      return seen(state, input.view, input.by)
    case 'trace':
      return { ...state, entries: mergeEntries(state.entries, input.entries) }
    case 'follow':
      return { ...state, target: input.target, entries: [] }
    case 'drain':
      return { ...state, told: [...new Set([...state.told, input.id])] }
    case 'lost':
      return { ...state, mode: 'asking', error: input.error }
  }
}

function seen(state: OpsState, view: ClusterView, mode: Mode): OpsState {
  // Two doors may tell in another order than they asked.
  if (state.view !== undefined && view.at < state.view.at && view.by === state.view.by) return state
  const looks = [...state.looks, view].filter(({ at }) => at >= view.at - 2 * rateWindowMs)
  const point = { at: view.at, ...totalsOf(view) }
  return {
    ...state,
    ...{ mode, view, looks, rates: brokerRates(looks), error: undefined },
    trend: [...state.trend, point].slice(-trendMax),
    gone: goneBy(state, view),
  }
}

const ENDS: readonly NodePhase[] = ['draining', 'stopping']

/** Who was draining at the last look and is in the directory no more has ended as it should. */
function goneBy({ view: before, gone, told }: OpsState, view: ClusterView): readonly GoneNode[] {
  const there = new Set([...view.nodes, ...view.silent].map(({ id }) => id))
  const left = (before?.nodes ?? []).filter(
    ({ id, phase }) => !there.has(id) && (ENDS.includes(phase) || told.includes(id)),
  )
  const fresh = left.map((node) => ({
    id: node.id,
    at: view.at,
    connections: node.drain?.connections ?? connectionsOf(node),
  }))
  return [...gone, ...fresh].filter(({ id, at }) => !there.has(id) && at > view.at - goneMsMax)
}
