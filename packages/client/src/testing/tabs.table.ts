/** The tables of states and inputs of `tab.ts` and `host.ts`: a cell that is left out does not compile. */

import type { HostEffect, HostInput } from '../tabs/host.ts'
import { EMPTY_SESSION, wholeSession } from '../tabs/mirror.ts'
import type { TabEffect, TabInput, TabStatus } from '../tabs/tab.ts'

const host = 'h1'
const session = wholeSession({ version: 0, view: EMPTY_SESSION })
const welcome = { kind: 'welcome', host, session, channels: new Map() } as const

export const TAB_INPUTS = {
  come: { kind: 'come' },
  go: { kind: 'go' },
  open: { kind: 'open', channelId: 'c1' },
  call: { kind: 'call', call: { do: 'read', channelId: 'c1', seq: 1 } },
  welcome: { kind: 'heard', message: welcome },
  change: { kind: 'heard', message: { kind: 'session', host, patch: session } },
  pong: { kind: 'heard', message: { kind: 'pong', host } },
  who: { kind: 'heard', message: { kind: 'who', host } },
  bye: { kind: 'heard', message: { kind: 'bye', host } },
  forgotten: { kind: 'heard', message: { kind: 'forgotten', host } },
  another: { kind: 'heard', message: { kind: 'hosting', host: 'h2' } },
  stranger: { kind: 'heard', message: { kind: 'session', host: 'h2', patch: session } },
  misfit: { kind: 'misfit' },
  awake: { kind: 'awake' },
  timer: { kind: 'timer' },
  silence: { kind: 'timer' },
} as const satisfies Record<string, TabInput>

export type TabInputName = keyof typeof TAB_INPUTS

/** What is done: of a post the message's kind. */
export interface TabCell {
  readonly to: TabStatus
  readonly does: readonly (TabEffect['kind'] | 'hello' | 'leave' | 'wants' | 'ping' | 'call')[]
}

const cell = (to: TabStatus, ...does: TabCell['does']): TabCell => ({ to, does })
const away = cell('away')
const seeking = cell('seeking')
const joined = cell('joined')
const hello = cell('seeking', 'hello')

/** `silence`: the timer, after as many questions as may go unanswered. */
export const TAB_TABLE: Record<TabStatus, Record<TabInputName, TabCell>> = {
  away: {
    come: hello,
    go: away,
    open: away,
    call: away,
    welcome: away,
    change: away,
    pong: away,
    who: away,
    bye: away,
    forgotten: away,
    another: away,
    stranger: away,
    misfit: away,
    awake: away,
    timer: away,
    silence: away,
  },
  seeking: {
    come: seeking,
    go: cell('away', 'leave'),
    open: seeking,
    call: seeking,
    welcome: cell('joined', 'show', 'wants'),
    change: seeking,
    pong: seeking,
    who: seeking,
    bye: seeking,
    forgotten: seeking,
    another: hello,
    stranger: seeking,
    misfit: seeking,
    awake: hello,
    timer: hello,
    silence: cell('seeking', 'seek', 'hello'),
  },
  joined: {
    come: joined,
    go: cell('away', 'leave'),
    open: cell('joined', 'wants'),
    call: cell('joined', 'call'),
    welcome: cell('joined', 'show', 'wants'),
    change: cell('joined', 'show'),
    pong: joined,
    who: hello,
    bye: hello,
    forgotten: cell('joined', 'forgotten'),
    another: hello,
    stranger: joined,
    misfit: hello,
    awake: cell('joined', 'ping'),
    timer: cell('joined', 'ping'),
    silence: cell('seeking', 'seek', 'hello'),
  },
}

const wants = { started: true, open: ['c1'] }
const tab = 't1'

export const HOST_INPUTS = {
  hello: { kind: 'heard', message: { kind: 'hello', tab, wants } },
  wants: {
    kind: 'heard',
    message: { kind: 'wants', tab, host, wants: { started: false, open: ['c2'] } },
  },
  ping: { kind: 'heard', message: { kind: 'ping', tab, host } },
  call: {
    kind: 'heard',
    message: { kind: 'call', tab, host, id: 1, call: { do: 'reconnect' }, again: false },
  },
  stranger: { kind: 'heard', message: { kind: 'ping', tab, host: 'h2' } },
  leave: { kind: 'heard', message: { kind: 'leave', tab } },
  gone: { kind: 'gone', tab },
  forgotten: { kind: 'forgotten' },
  silence: { kind: 'timer' },
} as const satisfies Record<string, HostInput>

export type HostInputName = keyof typeof HOST_INPUTS

/** By whether the tab is known, and wants the client and one channel. `silence`: the timer, when it was not heard for too long. */
export const HOST_TABLE: Record<
  'unknown' | 'known',
  Record<HostInputName, readonly HostEffect['kind'][]>
> = {
  unknown: {
    hello: ['watch', 'open', 'start', 'welcome'],
    wants: ['who'],
    ping: ['who'],
    call: ['who'],
    stranger: [],
    leave: [],
    gone: [],
    forgotten: [],
    silence: [],
  },
  known: {
    hello: ['welcome'],
    wants: ['open', 'close', 'stop', 'show'],
    ping: ['pong'],
    call: ['perform'],
    stranger: [],
    leave: ['close', 'stop', 'unwatch'],
    gone: ['close', 'stop', 'unwatch'],
    forgotten: [],
    silence: ['close', 'stop', 'unwatch'],
  },
}
