/**
 * Decides when to connect, when to wait and when to give up. Pure: it is told what happened, and says what to do.
 *
 *            start                 ready
 *   idle ──────────▶ connecting ──────────▶ online
 *                    ▲   │    ▲               │
 *        timer,      │   │    └── goaway ─────┤  at a random moment
 *        reconnect,  │   │ closed, later      │  closed, later
 *        browser on  │   ▼                    ▼
 *                    waiting ◀───────────────────
 *                    │     ▲
 *        browser off ▼     │ browser on, told to wait
 *                    offline          `never` from anywhere: refused; stop from anywhere: stopped
 *
 * A state has at most one timer, `timerAt`: connecting gives up then, online moves then, waiting and offline try then.
 * SPEC.md has the whole table in words, `testing/connection.table.ts` in types.
 */
import type { ErrorBody } from '@madang/protocol'
import { backoffMs, toldMs } from './backoff.ts'
import { BOUNDS } from './bounds.ts'
import type { Step } from './machine.ts'
import type { ConnectionStatus, ConnectionView } from './types.ts'

export interface Connection {
  readonly status: ConnectionStatus
  /** Tries in a row that did not lead to a connection that held. */
  readonly attempts: number
  /** Milliseconds since 1970, as are all moments here. */
  readonly timerAt: number | undefined
  /** The server asked us not to come back before; 0: it did not. */
  readonly notBefore: number
  readonly onlineSince: number
  readonly browserOffline: boolean
  /** Set once a websocket neither opened nor failed in time: some proxies swallow them. */
  readonly pollingFirst: boolean
  readonly node: string | undefined
  readonly error: ErrorBody | undefined
}

export type ConnectionInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  /** The transport is open and the server has said who we are. */
  | { readonly kind: 'ready'; readonly node: string }
  /** The server answered the handshake with a refusal. */
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  /** The transport could not be opened, or broke. */
  | { readonly kind: 'closed' }
  /** The server says that it closes this connection, and why. */
  | { readonly kind: 'told'; readonly error: ErrorBody }
  | { readonly kind: 'goaway'; readonly withinMs: number }
  | { readonly kind: 'browserOnline' }
  | { readonly kind: 'browserOffline' }
  | { readonly kind: 'timer' }
  /** Somebody does not want to wait any longer. */
  | { readonly kind: 'reconnect' }

export type ConnectionEffect =
  | { readonly kind: 'connect'; readonly pollingFirst: boolean }
  /** Lets the transport go; nothing that it still says counts. */
  | { readonly kind: 'disconnect' }

type Next = Step<Connection, ConnectionEffect>
type Occurrence = { readonly now: number; readonly random: number }

const DISCONNECT: ConnectionEffect = { kind: 'disconnect' }
const BACKOFF = { baseMs: BOUNDS.reconnectMsBase, maxMs: BOUNDS.reconnectMsMax }

export const newConnection: Connection = {
  status: 'idle',
  attempts: 0,
  timerAt: undefined,
  notBefore: 0,
  onlineSince: 0,
  browserOffline: false,
  pollingFirst: false,
  node: undefined,
  error: undefined,
}

export function stepConnection(
  before: Connection,
  input: ConnectionInput,
  now: number,
  random: number,
): Next {
  const state = sawBrowser(before, input)
  const at = { now, random }
  if (input.kind === 'stop') return stopped(state)
  switch (state.status) {
    case 'idle':
    case 'stopped':
      return input.kind === 'start' ? connecting(state, at) : [state, []]
    case 'refused':
      return input.kind === 'start' || input.kind === 'reconnect'
        ? connecting({ ...state, attempts: 0 }, at)
        : [state, []]
    case 'connecting':
      return whileConnecting(state, input, at)
    case 'online':
      return whileOnline(state, input, at)
    case 'waiting':
      return whileWaiting(state, input, at)
    case 'offline':
      return whileOffline(state, input, at)
  }
}

export function connectionView(state: Connection): ConnectionView {
  const retries = state.status === 'waiting' || state.status === 'offline'
  return {
    status: state.status,
    ...(retries && state.timerAt !== undefined && { retryAt: state.timerAt }),
    ...(state.error && { error: state.error }),
    ...(state.node !== undefined && { node: state.node }),
  }
}

function sawBrowser(state: Connection, input: ConnectionInput): Connection {
  if (input.kind !== 'browserOnline' && input.kind !== 'browserOffline') return state
  const browserOffline = input.kind === 'browserOffline'
  return state.browserOffline === browserOffline ? state : { ...state, browserOffline }
}

function whileConnecting(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'ready':
      return [
        {
          ...state,
          status: 'online',
          timerAt: undefined,
          notBefore: 0,
          onlineSince: at.now,
          node: input.node,
        },
        [],
      ]
    case 'refused':
    case 'told':
      return turnedAway(state, input.error, at)
    case 'closed':
      return failed(state, at)
    case 'timer':
      return after(DISCONNECT, failed({ ...state, pollingFirst: true }, at))
    case 'browserOffline':
      return after(DISCONNECT, offline(state, at))
    default:
      return [state, []]
  }
}

function whileOnline(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'refused':
    case 'told':
      return turnedAway(rested(state, at), input.error, at)
    case 'closed':
      return failed(rested(state, at), at)
    case 'goaway': {
      // Only the first one counts: a second must not put the move off.
      if (state.timerAt !== undefined) return [state, []]
      return [{ ...state, timerAt: at.now + Math.floor(at.random * input.withinMs) }, []]
    }
    case 'timer':
      if (state.timerAt === undefined) return [state, []]
      return after(DISCONNECT, connecting(rested(state, at), at))
    case 'browserOffline':
      return after(DISCONNECT, offline(rested(state, at), at))
    default:
      return [state, []]
  }
}

function whileWaiting(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'timer':
    case 'reconnect':
      return connecting(state, at)
    case 'browserOnline':
      return at.now >= state.notBefore ? connecting(state, at) : [state, []]
    case 'browserOffline':
      return offline(state, at)
    default:
      return [state, []]
  }
}

function whileOffline(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'timer':
    case 'reconnect':
      return connecting(state, at)
    case 'browserOnline':
      return at.now >= state.notBefore
        ? connecting(state, at)
        : [{ ...state, status: 'waiting', timerAt: state.notBefore }, []]
    default:
      return [state, []]
  }
}

function connecting(state: Connection, { now }: Occurrence): Next {
  return [
    {
      ...state,
      status: 'connecting',
      timerAt: now + BOUNDS.connectTimeoutMs,
      node: undefined,
      error: undefined,
    },
    [{ kind: 'connect', pollingFirst: state.pollingFirst }],
  ]
}

/** A connection that held is a success: the next failure is the first again. A server that lets us in and drops us at once is not. */
function rested(state: Connection, { now }: Occurrence): Connection {
  return now - state.onlineSince >= BOUNDS.onlineStableMsMin ? { ...state, attempts: 0 } : state
}

function failed(state: Connection, at: Occurrence): Next {
  if (state.browserOffline) return offline(state, at)
  return [waiting(state, at.now + backoffMs(state.attempts, BACKOFF, at.random)), []]
}

function waiting(state: Connection, timerAt: number): Connection {
  return {
    ...state,
    status: 'waiting',
    attempts: state.attempts + 1,
    timerAt,
    node: undefined,
  }
}

function offline(state: Connection, { now }: Occurrence): Next {
  const timerAt = Math.max(state.notBefore, now + BOUNDS.offlineProbeMs)
  return [{ ...state, status: 'offline', timerAt, node: undefined }, []]
}

function turnedAway(state: Connection, error: ErrorBody, at: Occurrence): Next {
  const told = { ...state, error, node: undefined }
  if (error.retry === 'never') {
    return [{ ...told, status: 'refused', timerAt: undefined }, [DISCONNECT]]
  }
  // "Now" is taken at its word once: a node that sends everybody away must not be asked in a tight loop.
  if (error.retry === 'now' && state.attempts === 0) {
    return after(DISCONNECT, connecting({ ...told, attempts: 1 }, at))
  }
  if (error.retryAfterMs === undefined) return after(DISCONNECT, failed(told, at))
  const notBefore = at.now + toldMs(error.retryAfterMs, BACKOFF, at.random)
  return [{ ...waiting(told, notBefore), notBefore }, [DISCONNECT]]
}

function stopped(state: Connection): Next {
  const { browserOffline, pollingFirst } = state
  const next = { ...newConnection, status: 'stopped', browserOffline, pollingFirst } as const
  if (state.status === 'stopped') return [state, []]
  const open = state.status === 'connecting' || state.status === 'online'
  return [next, open ? [DISCONNECT] : []]
}

function after(effect: ConnectionEffect, [state, effects]: Next): Next {
  return [state, [effect, ...effects]]
}
