/** What a user of the adapter can set and be told. */
import { hostname } from 'node:os'
import { type Clock, systemClock } from '../clock.ts'

export interface AdapterOptions {
  /** Nodes with the same prefix are one cluster; 64 characters at most. Default `madang`. */
  readonly prefix?: string
  /** What this node is called in events and errors. Default host name and process id. */
  readonly nodeName?: string
  /** `false`: no room of its own is kept in memory for each socket (see README, "Options"). Default `true`, as in stock Socket.IO. */
  readonly defaultRoom?: boolean
  /** How often a node says that it is alive, in ms. Default 2,500. */
  readonly heartbeatMs?: number
  /** How long a node may be silent before nobody waits for it any more, in ms; at least twice `heartbeatMs`. Default 8,000. */
  readonly deadAfterMs?: number
  /** How long answers of other nodes are waited for, in ms, where no `timeout()` says so. Default 5,000, as in stock Socket.IO. */
  readonly requestTimeoutMs?: number
  /** `true`: `fetchSockets` and `allSockets` reject where a node did not answer, as stock adapters do. Default `false`: they resolve with what is there. */
  readonly rejectIncomplete?: boolean
  /** Unsent bytes of a client, past half of which volatile events are left out for it, and past which its connection is closed. Default 16 MiB; may be `Infinity`. */
  readonly bytesQueuedMax?: number
  /** How long an event may be held under load, to leave with others in one write, in ms. Default 50; 0: never. In a quiet room nothing is held. */
  readonly deliveryWindowMsMax?: number
  /** An emit to more rooms than this is published once, to all nodes with the namespace, instead of once per room. Default 32. */
  readonly roomTopicsMax?: number
  /** Told what an operator may want to know. What it throws is ignored. */
  readonly onEvent?: (event: AdapterEvent) => void
  /** For tests. */
  readonly clock?: Clock
}

export type AdapterEvent =
  | { readonly kind: 'health'; readonly connected: boolean; readonly detail: string }
  /** Frames may have been lost: on one topic, or without it on any. */
  | { readonly kind: 'gap'; readonly topic?: string }
  | { readonly kind: 'node-joined' | 'node-left' | 'node-dead'; readonly node: string }
  | { readonly kind: 'malformed-frame' | 'foreign-frame'; readonly topic: string }
  /** The broker did not take a frame: too large, or too many wait. */
  | { readonly kind: 'dropped-frame'; readonly topic: string }
  /** Nodes did not answer in time; the request had to do without them. */
  | {
      readonly kind: 'incomplete'
      readonly request: RequestName
      readonly nsp: string
      readonly missing: readonly string[]
    }
  /** A client read too slowly, and its connection was closed. */
  | { readonly kind: 'cut-off'; readonly nsp: string; readonly socketId: string }
  | { readonly kind: 'error'; readonly error: unknown }

export type RequestName =
  | 'fetchSockets'
  | 'allSockets'
  | 'emitWithAck'
  | 'serverSideEmit'
  | 'socketsJoin'
  | 'socketsLeave'
  | 'disconnectSockets'

export type AdapterSettings = Required<AdapterOptions>

/** Throws a `RangeError` that names the option. */
export function settingsOf(options: AdapterOptions): AdapterSettings {
  const settings = {
    prefix: options.prefix ?? 'madang',
    nodeName: options.nodeName ?? `${hostname()}:${process.pid}`,
    defaultRoom: options.defaultRoom ?? true,
    heartbeatMs: options.heartbeatMs ?? 2_500,
    deadAfterMs: options.deadAfterMs ?? 8_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    rejectIncomplete: options.rejectIncomplete ?? false,
    bytesQueuedMax: options.bytesQueuedMax ?? 16 * 1024 * 1024,
    deliveryWindowMsMax: options.deliveryWindowMsMax ?? 50,
    roomTopicsMax: options.roomTopicsMax ?? 32,
    onEvent: options.onEvent ?? (() => {}),
    clock: options.clock ?? systemClock,
  }
  checkSettings(settings)
  return settings
}

function checkSettings(settings: AdapterSettings): void {
  const { heartbeatMs, deadAfterMs, requestTimeoutMs, bytesQueuedMax, roomTopicsMax } = settings
  check(settings.prefix.length <= 64, 'prefix has 64 characters at most')
  check(isTimer(heartbeatMs), 'heartbeatMs is a number of ms above 0')
  check(isTimer(deadAfterMs), 'deadAfterMs is a number of ms above 0')
  check(deadAfterMs >= 2 * heartbeatMs, 'deadAfterMs is at least twice heartbeatMs')
  check(isTimer(requestTimeoutMs), 'requestTimeoutMs is a number of ms above 0')
  check(bytesQueuedMax > 0, 'bytesQueuedMax is above 0')
  check(roomTopicsMax >= 1, 'roomTopicsMax is at least 1')
  check(settings.deliveryWindowMsMax >= 0, 'deliveryWindowMsMax is 0 or more')
}

/** What Node's timers take. */
const isTimer = (ms: number) => ms > 0 && ms < 2 ** 31

function check(holds: boolean, what: string): void {
  if (!holds) throw new RangeError(`createAdapter: ${what}`)
}
