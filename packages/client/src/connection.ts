/**
 * Decides when to connect, when to wait, when to move and when to give up. Pure: it is told what happened, and says what to do.
 *
 *            start                 ready                  goaway, at a random moment
 *   idle ──────────▶ connecting ──────────▶ online ──────────────────────▶ moving
 *                    ▲   │    ▲             │  ▲ ▲                          │ │
 *        timer,      │   │    └── silent ───┘  │ └── nextReady, nextFailed ─┘ │
 *        reconnect,  │   │ closed, later       │ closed, later               │ closed: what was next is what we wait for
 *        browser on  │   ▼                     ▼                             ▼
 *                    waiting ◀─────────────────                        connecting
 *                    │     ▲
 *        browser off ▼     │ browser on, told to wait
 *                    offline          `never` from anywhere: refused; stop from anywhere: stopped
 *
 * A state has at most one timer, `timerAt`: connecting gives up then, waiting and offline try then, online looks at the clock or
 * moves, moving gives the next transport up. SPEC.md has the whole table in words, `testing/connection.table.ts` in types.
 */
import type { ErrorBody } from '@madang/protocol'
import { backoffMs } from './backoff.ts'
import { BOUNDS } from './bounds.ts'
import type { Step } from './machine.ts'
import type { ConnectionStatus, ConnectionView } from './types.ts'

/** `moving`: online, and a second transport is being opened that takes the place of the first. */
export type ConnectionState = ConnectionStatus | 'moving'

export interface Connection {
  readonly status: ConnectionState
  /** Tries in a row that did not lead to a connection that held. */
  readonly attempts: number
  /** Milliseconds since 1970, as are all moments here. */
  readonly timerAt: number | undefined
  /** While online: when to move, because the server goes away. */
  readonly moveAt: number | undefined
  /** Tries in a row to move that failed. */
  readonly moves: number
  /** How long after a break the first try comes at most, in ms: as the server says, who knows how many would come with us. */
  readonly spreadMs: number
  /** The server asked us not to come back before; 0: it did not. */
  readonly notBefore: number
  readonly onlineSince: number
  readonly browserOffline: boolean
  /** Set once a websocket neither opened nor failed in time: some proxies swallow them. */
  readonly pollingFirst: boolean
  readonly node: string | undefined
  readonly error: ErrorBody | undefined
}

interface Welcome {
  readonly node: string
  readonly spreadMs?: number | undefined
}

export type ConnectionInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  /** The transport is open and the server has said who we are. */
  | ({ readonly kind: 'ready' } & Welcome)
  /** The server answered the handshake with a refusal. */
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  /** The transport could not be opened, or broke. */
  | { readonly kind: 'closed' }
  /** The server says that it closes this connection, and why. */
  | { readonly kind: 'told'; readonly error: ErrorBody }
  | { readonly kind: 'goaway'; readonly withinMs: number }
  /** The transport that was opened beside the present one is ready. */
  | ({ readonly kind: 'nextReady' } & Welcome)
  /** It could not be opened, or broke, or the server would not have it (`error`). */
  | { readonly kind: 'nextFailed'; readonly error?: ErrorBody | undefined }
  /** The server did not answer a probe. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'browserOnline' }
  | { readonly kind: 'browserOffline' }
  | { readonly kind: 'timer' }
  /** Somebody does not want to wait any longer. */
  | { readonly kind: 'reconnect' }

export type ConnectionEffect =
  | { readonly kind: 'connect'; readonly pollingFirst: boolean }
  /** Lets every transport go; nothing that one still says counts. */
  | { readonly kind: 'disconnect' }
  /** Opens a transport beside the present one. */
  | { readonly kind: 'prepare'; readonly pollingFirst: boolean }
  /** What was next is the present one; the one before only answers what it was asked, and goes. */
  | { readonly kind: 'adopt' }
  /** Lets the next transport go, and keeps the present one. */
  | { readonly kind: 'abandon' }
  /** Asks the server for a sign of life: `silent` where none comes. */
  | { readonly kind: 'probe' }

type Next = Step<Connection, ConnectionEffect>
type Occurrence = { readonly now: number; readonly random: number }

const DISCONNECT: ConnectionEffect = { kind: 'disconnect' }
const ABANDON: ConnectionEffect = { kind: 'abandon' }
const ADOPT: ConnectionEffect = { kind: 'adopt' }
const PROBE: ConnectionEffect = { kind: 'probe' }
const BACKOFF = { baseMs: BOUNDS.reconnectMsBase, maxMs: BOUNDS.reconnectMsMax }

export const newConnection: Connection = {
  status: 'idle',
  attempts: 0,
  timerAt: undefined,
  moveAt: undefined,
  moves: 0,
  spreadMs: BOUNDS.reconnectMsBase,
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
    case 'moving':
      return whileMoving(state, input, at)
    case 'waiting':
    case 'offline':
      return whileAway(state, input, at)
  }
}

/** Whether there is a transport that may be asked for things. */
export function isLive({ status }: Connection): boolean {
  return status === 'online' || status === 'moving'
}

export function connectionView(state: Connection): ConnectionView {
  const retries = state.status === 'waiting' || state.status === 'offline'
  return {
    // Whoever is served while moving is online: there is no gap to tell of.
    status: state.status === 'moving' ? 'online' : state.status,
    ...(retries && state.timerAt !== undefined && { retryAt: state.timerAt }),
    ...(state.error && { error: state.error }),
    ...(state.node !== undefined && { node: state.node }),
  }
}

/** Whether people see no difference: looking at the clock is none. */
export function isSameView(one: Connection, two: Connection): boolean {
  const [before, after] = [connectionView(one), connectionView(two)]
  return (['status', 'retryAt', 'error', 'node'] as const).every(
    (key) => before[key] === after[key],
  )
}

function sawBrowser(state: Connection, input: ConnectionInput): Connection {
  if (input.kind !== 'browserOnline' && input.kind !== 'browserOffline') return state
  const browserOffline = input.kind === 'browserOffline'
  return state.browserOffline === browserOffline ? state : { ...state, browserOffline }
}

function whileConnecting(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'ready':
      return [online(state, input, at), []]
    case 'refused':
    case 'told':
      return turnedAway(state, input.error, at)
    case 'closed':
      return failed(state, at)
    case 'timer':
      // Whoever slept in the middle of a handshake knows nothing of the transport, and begins anew.
      if (hasSlept(state, at)) return after(DISCONNECT, connecting(state, at))
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
      if (state.moveAt !== undefined) return [state, []]
      // The other half of the window is for the handshake: the server closes what is still there at its end.
      const moveAt = at.now + Math.floor((at.random * input.withinMs) / 2)
      return [watching({ ...state, moveAt }, at), []]
    }
    case 'silent':
      return after(DISCONNECT, connecting(rested(state, at), at))
    case 'browserOnline':
      // Another network perhaps, on which the old transport is dead and does not know it.
      return [state, [PROBE]]
    case 'timer':
      return looked(state, at)
    case 'browserOffline':
      return after(DISCONNECT, offline(rested(state, at), at))
    default:
      return [state, []]
  }
}

/** The present transport serves on; whatever becomes of the next one. */
function whileMoving(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'nextReady':
      return [online(rested(state, at), input, at), [ADOPT]]
    case 'nextFailed':
      return [stayed(state, input.error, at), []]
    case 'timer':
      return [stayed(state, undefined, at), [ABANDON]]
    case 'closed':
    case 'silent': {
      const next = { ...rested(state, at), status: 'connecting', moveAt: undefined } as const
      return [{ ...next, node: undefined }, [ADOPT]]
    }
    case 'refused':
    case 'told':
      if (input.error.retry === 'never') return turnedAway(state, input.error, at)
      return whileMoving(state, { kind: 'closed' }, at)
    case 'browserOffline':
      return after(DISCONNECT, offline(rested(state, at), at))
    default:
      return [state, []]
  }
}

/** Waiting, or offline: looking for ourselves from time to time. */
function whileAway(state: Connection, input: ConnectionInput, at: Occurrence): Next {
  switch (input.kind) {
    case 'timer':
    case 'reconnect':
      return connecting(state, at)
    case 'browserOnline':
      return at.now >= state.notBefore
        ? connecting(state, at)
        : [{ ...state, status: 'waiting', timerAt: state.notBefore }, []]
    case 'browserOffline':
      return offline(state, at)
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
      moveAt: undefined,
      node: undefined,
      error: undefined,
    },
    [{ kind: 'connect', pollingFirst: state.pollingFirst }],
  ]
}

function online(
  state: Connection,
  { node, spreadMs = BOUNDS.reconnectMsBase }: Welcome,
  at: Occurrence,
): Connection {
  const fresh = { status: 'online', moveAt: undefined, moves: 0, notBefore: 0 } as const
  return watching({ ...state, ...fresh, onlineSince: at.now, node, spreadMs, error: undefined }, at)
}

/** Looks at the clock again soon, or when it is time to move. */
function watching(state: Connection, { now }: Occurrence): Connection {
  const lookAt = now + BOUNDS.wakeCheckMs
  return { ...state, timerAt: Math.min(lookAt, state.moveAt ?? lookAt) }
}

/** A timer that comes much too late has slept, and the transport with it: the server may have given us up since. */
function hasSlept({ timerAt }: Connection, { now }: Occurrence): boolean {
  return timerAt !== undefined && now - timerAt >= BOUNDS.asleepMsMin
}

function looked(state: Connection, at: Occurrence): Next {
  const { timerAt, moveAt, pollingFirst } = state
  if (timerAt === undefined || at.now < timerAt) return [state, []]
  const probes = hasSlept(state, at) ? [PROBE] : []
  if (moveAt === undefined || at.now < moveAt) return [watching(state, at), probes]
  const timeoutAt = at.now + BOUNDS.connectTimeoutMs
  const moving = { ...state, status: 'moving', timerAt: timeoutAt, moveAt: undefined } as const
  return [moving, [{ kind: 'prepare', pollingFirst }, ...probes]]
}

/** The next transport did not come about: the present one stays, and the move is tried again, unless it is hopeless. */
function stayed(state: Connection, error: ErrorBody | undefined, at: Occurrence): Connection {
  const back = { ...state, status: 'online', moves: state.moves + 1 } as const
  // The server closes the present transport in the end, and the handshake after it hears the same: then it counts.
  if (error?.retry === 'never') return watching(back, at)
  const waitMs = backoffMs(state.moves, BACKOFF, at.random, error?.retryAfterMs)
  return watching({ ...back, moveAt: at.now + waitMs }, at)
}

/** A connection that held is a success: the next failure is the first again. A server that lets us in and drops us at once is not. */
function rested(state: Connection, { now }: Occurrence): Connection {
  return now - state.onlineSince >= BOUNDS.onlineStableMsMin ? { ...state, attempts: 0 } : state
}

function failed(state: Connection, at: Occurrence): Next {
  if (state.browserOffline) return offline(state, at)
  const { attempts, spreadMs } = state
  const waitMs =
    attempts > 0 ? backoffMs(attempts - 1, BACKOFF, at.random) : Math.floor(at.random * spreadMs)
  return [waiting(state, at.now + waitMs), []]
}

function waiting(state: Connection, timerAt: number): Connection {
  return {
    ...state,
    status: 'waiting',
    attempts: state.attempts + 1,
    timerAt,
    moveAt: undefined,
    node: undefined,
  }
}

function offline(state: Connection, { now }: Occurrence): Next {
  const timerAt = Math.max(state.notBefore, now + BOUNDS.offlineProbeMs)
  return [{ ...state, status: 'offline', timerAt, moveAt: undefined, node: undefined }, []]
}

function turnedAway(state: Connection, error: ErrorBody, at: Occurrence): Next {
  const told = { ...state, error, moveAt: undefined, node: undefined }
  if (error.retry === 'never') {
    return [{ ...told, status: 'refused', timerAt: undefined }, [DISCONNECT]]
  }
  // "Now" is taken at its word once: a node that sends everybody away must not be asked in a tight loop.
  if (error.retry === 'now' && state.attempts === 0) {
    return after(DISCONNECT, connecting({ ...told, attempts: 1 }, at))
  }
  if (error.retryAfterMs === undefined) return after(DISCONNECT, failed(told, at))
  const notBefore = at.now + backoffMs(0, BACKOFF, at.random, error.retryAfterMs)
  return [{ ...waiting(told, notBefore), notBefore }, [DISCONNECT]]
}

function stopped(state: Connection): Next {
  const { browserOffline, pollingFirst } = state
  const next = { ...newConnection, status: 'stopped', browserOffline, pollingFirst } as const
  if (state.status === 'stopped') return [state, []]
  const open = state.status === 'connecting' || isLive(state)
  return [next, open ? [DISCONNECT] : []]
}

function after(effect: ConnectionEffect, [state, effects]: Next): Next {
  return [state, [effect, ...effects]]
}
