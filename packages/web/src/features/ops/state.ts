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
  /** Nodes that drain, and what they had when last seen. */
  readonly leaving: readonly GoneNode[]
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
  leaving: [],
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
      return toldToDrain(state, input.id)
    case 'lost':
      return { ...state, mode: 'asking', error: input.error }
  }
}

function seen(state: OpsState, view: ClusterView, mode: Mode): OpsState {
  // Two doors may tell in another order than they asked.
  if (state.view !== undefined && view.at < state.view.at && view.by === state.view.by) return state
  const looks = [...state.looks, view].filter(({ at }) => at >= view.at - 2 * rateWindowMs)
  const point = { at: view.at, ...totalsOf(view) }
  const leaving = leavingBy(state, view)
  const there = thereIn(view)
  return {
    ...state,
    ...{ mode, view, looks, rates: brokerRates(looks), error: undefined },
    trend: [...state.trend, point].slice(-trendMax),
    leaving: leaving.filter(({ id }) => there.has(id)),
    gone: goneBy(state.gone, leaving, view),
  }
}

const ENDS: readonly NodePhase[] = ['draining', 'stopping']

function toldToDrain(state: OpsState, id: string): OpsState {
  const next = { ...state, told: [...new Set([...state.told, id])] }
  return state.view === undefined ? next : { ...next, leaving: leavingBy(next, state.view) }
}

/** Who drains or was told to; who does not answer any more has not ended yet. */
function leavingBy({ leaving, told }: OpsState, view: ClusterView): readonly GoneNode[] {
  const seen = new Set(view.nodes.map(({ id }) => id))
  const now = view.nodes.filter(({ id, phase }) => ENDS.includes(phase) || told.includes(id))
  return [
    ...leaving.filter(({ id }) => !seen.has(id)),
    ...now.map((node) => ({
      id: node.id,
      at: view.at,
      connections: node.drain?.connections ?? connectionsOf(node),
    })),
  ]
}

/** Who was draining when last seen and is in the directory no more has ended as it should. */
function goneBy(
  gone: readonly GoneNode[],
  leaving: readonly GoneNode[],
  view: ClusterView,
): readonly GoneNode[] {
  const there = thereIn(view)
  const left = leaving.filter(({ id }) => !there.has(id)).map((node) => ({ ...node, at: view.at }))
  return [...gone, ...left].filter(({ id, at }) => !there.has(id) && at > view.at - goneMsMax)
}

const thereIn = ({ nodes, silent }: ClusterView): ReadonlySet<string> =>
  new Set([...nodes, ...silent].map(({ id }) => id))
