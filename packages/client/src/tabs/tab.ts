/**
 * Decides what a tab says to the host, and when it takes the host for gone. Pure.
 *
 *   away ──▶ seeking ──▶ joined          away: the page is not there (before start, after stop, put away by the browser)
 *    ▲          ▲  │        │            seeking: it has said hello, and nobody has answered yet
 *    │          └──┼─ gone ─┘            joined: the host has shown everything, and tells what changes
 *    └─────────────┘
 */
import type { Id } from '@madang/protocol'
import type { Step } from '../machine.ts'
import { TAB_BOUNDS } from './bounds.ts'
import {
  AFTER_HOST,
  type Call,
  type CallAnswer,
  type ToHost,
  type ToTab,
  type Wants,
} from './messages.ts'

export type TabStatus = 'away' | 'seeking' | 'joined'

/** A call that is not answered yet. */
export interface Pending {
  readonly id: number
  readonly call: Call
  /** The last host that it was made to. */
  readonly host: string | undefined
}

export interface Tab {
  readonly name: string
  /** The Web Lock that shows that this tab lives. */
  readonly lock: string | undefined
  readonly status: TabStatus
  readonly host: string | undefined
  readonly started: boolean
  /** Openers of each channel. */
  readonly open: ReadonlyMap<Id, number>
  /** In the order in which they were made. */
  readonly calls: readonly Pending[]
  readonly nextId: number
  /** Questions in a row that were not answered: hellos while seeking, pings while joined. */
  readonly unanswered: number
  /** Searches in a row that found nobody. */
  readonly searches: number
  readonly timerAt: number | undefined
}

export type TabInput =
  /** The page is there, with a way to the host. */
  | { readonly kind: 'come' }
  | { readonly kind: 'go' }
  | { readonly kind: 'start' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'open'; readonly channelId: Id }
  | { readonly kind: 'close'; readonly channelId: Id }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'heard'; readonly message: ToTab }
  /** What came from the host does not fit what is here. */
  | { readonly kind: 'misfit' }
  /** Somebody looks at the page again, or it is awake again. */
  | { readonly kind: 'awake' }
  | { readonly kind: 'timer' }

export type TabEffect =
  | { readonly kind: 'post'; readonly message: ToHost }
  /** Nobody answers: find another host, or make one. */
  | { readonly kind: 'seek' }
  | { readonly kind: 'show'; readonly message: ToTab & { kind: 'welcome' | 'session' | 'channel' } }
  | { readonly kind: 'settle'; readonly id: number; readonly answer: CallAnswer | 'unknown' }
  /** Somebody has signed out in another tab. */
  | { readonly kind: 'forgotten' }

type Next = Step<Tab, TabEffect>

export function newTab(name: string, lock: string | undefined): Tab {
  return {
    name,
    lock,
    status: 'away',
    host: undefined,
    started: false,
    open: new Map(),
    calls: [],
    nextId: 1,
    unanswered: 0,
    searches: 0,
    timerAt: undefined,
  }
}

export function wantsOf({ started, open }: Tab): Wants {
  return { started, open: [...open.keys()] }
}

export function stepTab(tab: Tab, input: TabInput, now: number): Next {
  switch (input.kind) {
    case 'come':
      return tab.status === 'away' ? hello({ ...tab, searches: 0 }, now) : [tab, []]
    case 'go':
      return gone(tab)
    case 'start':
      return wanting(tab, { ...tab, started: true })
    case 'stop':
      return wanting(tab, { ...tab, started: false })
    case 'open':
      return wanting(tab, withOpeners(tab, input.channelId, 1))
    case 'close':
      return wanting(tab, withOpeners(tab, input.channelId, -1))
    case 'call':
      return called(tab, input.call)
    case 'heard':
      return heard(tab, input.message, now)
    case 'misfit':
      return tab.status === 'joined' ? hello(tab, now) : [tab, []]
    case 'awake':
      return asked({ ...tab, unanswered: 0 }, now)
    case 'timer':
      return timer(tab, now)
  }
}

function gone(tab: Tab): Next {
  if (tab.status === 'away') return [tab, []]
  const away: Tab = { ...tab, status: 'away', timerAt: undefined }
  return [away, [post({ kind: 'leave', tab: tab.name })]]
}

const post = (message: ToHost): TabEffect => ({ kind: 'post', message })

function hello(tab: Tab, now: number): Next {
  const { name, lock, searches } = tab
  const waitMs = Math.min(TAB_BOUNDS.seekMsMax, TAB_BOUNDS.seekMsBase * 2 ** Math.min(searches, 10))
  const seeking: Tab = { ...tab, status: 'seeking', unanswered: 0, timerAt: now + waitMs }
  return [seeking, [post({ kind: 'hello', tab: name, ...(lock && { lock }), wants: wantsOf(tab) })]]
}

function wanting(before: Tab, tab: Tab): Next {
  const same = before.started === tab.started && sameKeys(before.open, tab.open)
  if (same || tab.status !== 'joined' || tab.host === undefined) return [tab, []]
  const { name, host } = tab
  return [tab, [post({ kind: 'wants', tab: name, host, wants: wantsOf(tab) })]]
}

function sameKeys(one: ReadonlyMap<Id, number>, other: ReadonlyMap<Id, number>): boolean {
  return one.size === other.size && [...one.keys()].every((key) => other.has(key))
}

function withOpeners(tab: Tab, channelId: Id, more: 1 | -1): Tab {
  const open = new Map(tab.open)
  const openers = (open.get(channelId) ?? 0) + more
  if (openers > 0) open.set(channelId, openers)
  else open.delete(channelId)
  return { ...tab, open }
}

function called(tab: Tab, call: Call): Next {
  const id = tab.nextId
  const pending: Pending = { id, call, host: undefined }
  return posted({ ...tab, nextId: id + 1, calls: [...tab.calls, pending] })
}

/** Makes the calls that the present host has not got yet. */
function posted(tab: Tab): Next {
  const { host, name } = tab
  if (tab.status !== 'joined' || host === undefined) return [tab, []]
  const effects: TabEffect[] = []
  const calls: Pending[] = []
  for (const pending of tab.calls) {
    const { id, call } = pending
    const again = pending.host !== undefined
    if (pending.host === host) calls.push(pending)
    else if (again && AFTER_HOST[call.do] !== 'again') {
      effects.push({ kind: 'settle', id, answer: 'unknown' })
    } else {
      calls.push({ ...pending, host })
      effects.push(post({ kind: 'call', tab: name, host, id, call, again }))
    }
  }
  return [{ ...tab, calls }, effects]
}

function heard(tab: Tab, message: ToTab, now: number): Next {
  if (tab.status === 'away') return answeredLate(tab, message)
  if (message.kind === 'welcome') return welcomed(tab, message, now)
  if (message.kind === 'hosting') return message.host === tab.host ? [tab, []] : found(tab, now)
  if (message.host !== tab.host) return [tab, []]
  const alive: Tab = { ...tab, unanswered: 0 }
  switch (message.kind) {
    case 'pong':
      return [alive, []]
    case 'who':
      return hello(alive, now)
    case 'bye':
      return left(alive, now)
    case 'forgotten':
      return [{ ...alive, started: false }, [{ kind: 'forgotten' }]]
    case 'answer':
      return settled(alive, message)
    case 'session':
    case 'channel':
      return [alive, tab.status === 'joined' ? [{ kind: 'show', message }] : []]
  }
}

/** Whoever has left still wants to know what became of what it asked. */
function answeredLate(tab: Tab, message: ToTab): Next {
  return message.kind === 'answer' && message.host === tab.host ? settled(tab, message) : [tab, []]
}

function settled(tab: Tab, { id, answer }: ToTab & { kind: 'answer' }): Next {
  if (!tab.calls.some((pending) => pending.id === id)) return [tab, []]
  const calls = tab.calls.filter((pending) => pending.id !== id)
  return [{ ...tab, calls }, [{ kind: 'settle', id, answer }]]
}

/** A new host: it says hello by itself only to those whom it knows of, so we do. */
function found(tab: Tab, now: number): Next {
  return hello({ ...tab, host: undefined, searches: 0 }, now)
}

/** A host that goes by itself makes room for the next, which may be there already. */
function left(tab: Tab, now: number): Next {
  return hello({ ...tab, host: undefined }, now)
}

function silent(tab: Tab, now: number): Next {
  const [seeking, effects] = left({ ...tab, searches: tab.searches + 1 }, now)
  return [seeking, [{ kind: 'seek' }, ...effects]]
}

function welcomed(tab: Tab, message: ToTab & { kind: 'welcome' }, now: number): Next {
  const { host } = message
  const joined: Tab = {
    ...tab,
    status: 'joined',
    host,
    unanswered: 0,
    searches: 0,
    timerAt: now + TAB_BOUNDS.pingMs,
  }
  const [next, effects] = posted(joined)
  // What it wants may have changed since the hello.
  const wants = post({ kind: 'wants', tab: tab.name, host, wants: wantsOf(tab) })
  return [next, [{ kind: 'show', message }, wants, ...effects]]
}

function timer(tab: Tab, now: number): Next {
  if (tab.status === 'away') return [{ ...tab, timerAt: undefined }, []]
  const most = tab.status === 'joined' ? TAB_BOUNDS.silentPingsMax : TAB_BOUNDS.hellosMax - 1
  if (tab.unanswered < most) return asked({ ...tab, unanswered: tab.unanswered + 1 }, now)
  return silent(tab, now)
}

/** Asks again what it waits for. A tab that was asleep asks before it judges: the answer may lie behind the timer that woke it. */
function asked(tab: Tab, now: number): Next {
  const { host, name, unanswered } = tab
  if (tab.status === 'away') return [tab, []]
  if (tab.status === 'seeking' || host === undefined) {
    const [seeking, effects] = hello(tab, now)
    return [{ ...seeking, unanswered }, effects]
  }
  const at = { ...tab, timerAt: now + TAB_BOUNDS.pingMs }
  return [at, [post({ kind: 'ping', tab: name, host })]]
}
