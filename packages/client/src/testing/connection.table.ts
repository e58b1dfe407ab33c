/** What the connection does in every state with every input. A cell that is left out does not compile; `connection.test.ts` runs each. */
import type { ErrorBody } from '@madang/protocol'
import { errorBody } from '@madang/protocol/errors'
import type { ConnectionEffect, ConnectionInput } from '../connection.ts'
import type { ConnectionStatus } from '../types.ts'

/** One row of input per kind, and per kind of refusal where that decides. */
export const INPUTS = {
  start: { kind: 'start' },
  stop: { kind: 'stop' },
  ready: { kind: 'ready', node: 'n1' },
  refusedNever: { kind: 'refused', error: errorBody('banned') },
  refusedLater: { kind: 'refused', error: errorBody('busy', { retryAfterMs: 2_000 }) },
  refusedNow: { kind: 'refused', error: errorBody('draining') },
  closed: { kind: 'closed' },
  toldNever: { kind: 'told', error: errorBody('session_expired') },
  toldLater: { kind: 'told', error: errorBody('unavailable') },
  toldNow: { kind: 'told', error: errorBody('behind') },
  goaway: { kind: 'goaway', withinMs: 8_000 },
  browserOnline: { kind: 'browserOnline' },
  browserOffline: { kind: 'browserOffline' },
  timer: { kind: 'timer' },
  reconnect: { kind: 'reconnect' },
} as const satisfies Record<string, ConnectionInput & { error?: ErrorBody }>

export type InputName = keyof typeof INPUTS

export interface Expected {
  readonly to: ConnectionStatus
  readonly effects: readonly ConnectionEffect['kind'][]
  /** Whether a timer is set afterwards. */
  readonly timer: boolean
}

const idle: Expected = { to: 'idle', effects: [], timer: false }
const connecting: Expected = { to: 'connecting', effects: [], timer: true }
const online: Expected = { to: 'online', effects: [], timer: false }
const waiting: Expected = { to: 'waiting', effects: [], timer: true }
const offline: Expected = { to: 'offline', effects: [], timer: true }
const refused: Expected = { to: 'refused', effects: [], timer: false }
const stopped: Expected = { to: 'stopped', effects: [], timer: false }

const goes = (expected: Expected, ...effects: ConnectionEffect['kind'][]): Expected => ({
  ...expected,
  effects,
})
const connects = goes(connecting, 'connect')
const moves = goes(connecting, 'disconnect', 'connect')

export const TABLE: Record<ConnectionStatus, Record<InputName, Expected>> = {
  idle: {
    start: connects,
    stop: stopped,
    ready: idle,
    refusedNever: idle,
    refusedLater: idle,
    refusedNow: idle,
    closed: idle,
    toldNever: idle,
    toldLater: idle,
    toldNow: idle,
    goaway: idle,
    browserOnline: idle,
    browserOffline: idle,
    timer: idle,
    reconnect: idle,
  },
  connecting: {
    start: connecting,
    stop: goes(stopped, 'disconnect'),
    ready: online,
    refusedNever: goes(refused, 'disconnect'),
    refusedLater: goes(waiting, 'disconnect'),
    refusedNow: moves,
    closed: waiting,
    toldNever: goes(refused, 'disconnect'),
    toldLater: goes(waiting, 'disconnect'),
    toldNow: moves,
    goaway: connecting,
    browserOnline: connecting,
    browserOffline: goes(offline, 'disconnect'),
    timer: goes(waiting, 'disconnect'),
    reconnect: connecting,
  },
  online: {
    start: online,
    stop: goes(stopped, 'disconnect'),
    ready: online,
    refusedNever: goes(refused, 'disconnect'),
    refusedLater: goes(waiting, 'disconnect'),
    refusedNow: moves,
    closed: waiting,
    toldNever: goes(refused, 'disconnect'),
    toldLater: goes(waiting, 'disconnect'),
    toldNow: moves,
    goaway: { ...online, timer: true },
    browserOnline: online,
    browserOffline: goes(offline, 'disconnect'),
    timer: online,
    reconnect: online,
  },
  waiting: {
    start: waiting,
    stop: stopped,
    ready: waiting,
    refusedNever: waiting,
    refusedLater: waiting,
    refusedNow: waiting,
    closed: waiting,
    toldNever: waiting,
    toldLater: waiting,
    toldNow: waiting,
    goaway: waiting,
    browserOnline: connects,
    browserOffline: offline,
    timer: connects,
    reconnect: connects,
  },
  offline: {
    start: offline,
    stop: stopped,
    ready: offline,
    refusedNever: offline,
    refusedLater: offline,
    refusedNow: offline,
    closed: offline,
    toldNever: offline,
    toldLater: offline,
    toldNow: offline,
    goaway: offline,
    browserOnline: connects,
    browserOffline: offline,
    timer: connects,
    reconnect: connects,
  },
  refused: {
    start: connects,
    stop: stopped,
    ready: refused,
    refusedNever: refused,
    refusedLater: refused,
    refusedNow: refused,
    closed: refused,
    toldNever: refused,
    toldLater: refused,
    toldNow: refused,
    goaway: refused,
    browserOnline: refused,
    browserOffline: refused,
    timer: refused,
    reconnect: connects,
  },
  stopped: {
    start: connects,
    stop: stopped,
    ready: stopped,
    refusedNever: stopped,
    refusedLater: stopped,
    refusedNow: stopped,
    closed: stopped,
    toldNever: stopped,
    toldLater: stopped,
    toldNow: stopped,
    goaway: stopped,
    browserOnline: stopped,
    browserOffline: stopped,
    timer: stopped,
    reconnect: stopped,
  },
}
