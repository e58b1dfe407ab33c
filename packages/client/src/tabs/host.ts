/**
 * Decides what the host does for its tabs: whom it knows, which channels are open for whom, when the client runs. Pure.
 *
 * A channel is open as long as some tab wants it. The client runs as long as some tab wants that.
 */
import type { Id } from '@madang/protocol'
import type { Step } from '../machine.ts'
import { TAB_BOUNDS } from './bounds.ts'
import type { Call, ToHost, Wants } from './messages.ts'

export interface KnownTab {
  readonly wants: Wants
  readonly lock: string | undefined
  readonly heardAt: number
}

export interface Host {
  readonly name: string
  readonly tabs: ReadonlyMap<string, KnownTab>
  readonly timerAt: number | undefined
}

export type HostInput =
  | { readonly kind: 'heard'; readonly message: ToHost }
  /** A tab is not there any more: its lock is free, or its port is closed. */
  | { readonly kind: 'gone'; readonly tab: string }
  /** Somebody has signed out: no tab wants the client to run any more. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'timer' }

export type HostEffect =
  | { readonly kind: 'start' | 'stop' }
  | { readonly kind: 'open' | 'close'; readonly channelId: Id }
  /** Everything that the tab wants, whole. */
  | { readonly kind: 'welcome'; readonly tab: string }
  /** One channel, whole. */
  | { readonly kind: 'show'; readonly tab: string; readonly channelId: Id }
  | { readonly kind: 'pong' | 'who'; readonly tab: string }
  | {
      readonly kind: 'perform'
      readonly tab: string
      readonly id: number
      readonly call: Call
      readonly again: boolean
    }
  /** Say when the tab has gone; or say it no more. */
  | { readonly kind: 'watch'; readonly tab: string; readonly lock: string | undefined }
  | { readonly kind: 'unwatch'; readonly tab: string }

type Next = Step<Host, HostEffect>

const NOTHING: Wants = { started: false, open: [] }

export function newHost(name: string): Host {
  return { name, tabs: new Map(), timerAt: undefined }
}

/** Who sees a channel. */
export function tabsWith(host: Host, channelId: Id): readonly string[] {
  return [...host.tabs].filter(([, one]) => one.wants.open.includes(channelId)).map(([tab]) => tab)
}

export function isWanted(host: Host, channelId: Id): boolean {
  return [...host.tabs.values()].some((one) => one.wants.open.includes(channelId))
}

export function stepHost(host: Host, input: HostInput, now: number): Next {
  switch (input.kind) {
    case 'heard':
      return heard(host, input.message, now)
    case 'gone':
      return left(host, input.tab)
    case 'forgotten':
      return [forgotten(host), []]
    case 'timer':
      return expired(host, now)
  }
}

function heard(host: Host, message: ToHost, now: number): Next {
  const { tab } = message
  if (message.kind === 'leave') return left(host, tab)
  if (message.kind === 'hello') return greeted(host, message, now)
  // Meant for another host, or for this one in another life.
  if (message.host !== host.name) return [host, []]
  const known = host.tabs.get(tab)
  if (!known) return [host, [{ kind: 'who', tab }]]
  const alive = withTab(host, tab, { ...known, heardAt: now })
  switch (message.kind) {
    case 'ping':
      return [alive, [{ kind: 'pong', tab }]]
    case 'call': {
      const { id, call, again } = message
      return [alive, [{ kind: 'perform', tab, id, call, again }]]
    }
    case 'wants': {
      const [next, effects] = wanting(alive, tab, message.wants)
      const added = message.wants.open.filter((id) => !known.wants.open.includes(id))
      const shows = added.map((channelId) => ({ kind: 'show' as const, tab, channelId }))
      return [next, [...effects, ...shows]]
    }
  }
}

function greeted(host: Host, message: ToHost & { kind: 'hello' }, now: number): Next {
  const { tab, lock, wants } = message
  const known = host.tabs.get(tab)
  const before = { wants: known?.wants ?? NOTHING, lock, heardAt: now }
  const [next, effects] = wanting(withTab(host, tab, before), tab, wants)
  const watch: readonly HostEffect[] = known ? [] : [{ kind: 'watch', tab, lock }]
  return [next, [...watch, ...effects, { kind: 'welcome', tab }]]
}

function withTab(host: Host, tab: string, known: KnownTab): Host {
  return scheduled({ ...host, tabs: new Map(host.tabs).set(tab, known) })
}

function left(host: Host, tab: string): Next {
  if (!host.tabs.has(tab)) return [host, []]
  const [idle, effects] = wanting(host, tab, NOTHING)
  const tabs = new Map(idle.tabs)
  tabs.delete(tab)
  return [scheduled({ ...idle, tabs }), [...effects, { kind: 'unwatch', tab }]]
}

/** What opening, closing, starting and stopping follows from what one tab wants now. */
function wanting(before: Host, tab: string, wants: Wants): Next {
  const known = before.tabs.get(tab)
  if (!known) return [before, []]
  const host = withTab(before, tab, { ...known, wants })
  const was = openOf(before)
  const is = openOf(host)
  const effects: HostEffect[] = [
    ...[...is].filter((id) => !was.has(id)).map((id) => ({ kind: 'open' as const, channelId: id })),
    ...[...was]
      .filter((id) => !is.has(id))
      .map((id) => ({ kind: 'close' as const, channelId: id })),
  ]
  // A tab that starts anew starts a client that was refused anew, as it would its own.
  if (wants.started && !known.wants.started) effects.push({ kind: 'start' })
  else if (runs(before) && !runs(host)) effects.push({ kind: 'stop' })
  return [host, effects]
}

const openOf = (host: Host): ReadonlySet<Id> =>
  new Set([...host.tabs.values()].flatMap((one) => one.wants.open))

const runs = (host: Host): boolean => [...host.tabs.values()].some((one) => one.wants.started)

function forgotten(host: Host): Host {
  const tabs = [...host.tabs].map(
    ([tab, one]) => [tab, { ...one, wants: { ...one.wants, started: false } }] as const,
  )
  return { ...host, tabs: new Map(tabs) }
}

/** Tabs that have not said a word for too long have gone, whatever became of their lock. */
function expired(host: Host, now: number): Next {
  const silent = [...host.tabs].filter(([, one]) => one.heardAt + TAB_BOUNDS.tabSilenceMsMax <= now)
  const effects: HostEffect[] = []
  let state = host
  for (const [tab] of silent) {
    const [next, more] = left(state, tab)
    state = next
    effects.push(...more)
  }
  return [scheduled(state), effects]
}

function scheduled(host: Host): Host {
  const heardAt = [...host.tabs.values()].map((one) => one.heardAt)
  const timerAt =
    heardAt.length === 0 ? undefined : Math.min(...heardAt) + TAB_BOUNDS.tabSilenceMsMax
  return { ...host, timerAt }
}
