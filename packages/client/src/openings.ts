/**
 * Decides which channels the server is asked to open and to close on this connection. Pure.
 *
 *   closed ──▶ asked ──▶ open ──▶ closing ──▶ closed       refused: the server will not have it opened
 *     ▲          │        │                                gone: it is ours no more
 *     └── lost ──┴────────┘
 *
 * What people look at (`openers`) and what the server does differ while answers are on their way; one `sync` at a time brings
 * them together. A channel that is open but has a hole is `stale`: it is opened again, at its cursor.
 */
import type { ErrorBody, Id } from '@madang/protocol'
import { CLIENT_LIMITS as LIMITS } from '@madang/protocol/client-limits'
import { backoffMs } from './backoff.ts'
import { BOUNDS } from './bounds.ts'
import type { Step } from './machine.ts'

export interface Opening {
  readonly openers: number
  readonly server: 'closed' | 'asked' | 'open' | 'closing' | 'refused' | 'gone'
  readonly stale: boolean
}

export interface Openings {
  readonly channels: ReadonlyMap<Id, Opening>
  readonly online: boolean
  readonly asking: boolean
  /** Tries in a row that were not answered. */
  readonly refusals: number
  readonly notBefore: number
  readonly timerAt: number | undefined
}

/** What became of one channel in a `ready` or an answer. */
export interface Opened {
  readonly channelId: Id
  readonly error?: ErrorBody | undefined
}

export type OpeningsInput =
  | { readonly kind: 'open'; readonly channelId: Id }
  | { readonly kind: 'close'; readonly channelId: Id }
  /** A new connection: what is open on it. */
  | { readonly kind: 'ready'; readonly open: readonly Id[]; readonly replays: readonly Opened[] }
  | { readonly kind: 'answered'; readonly replays: readonly Opened[] }
  /** The whole request was refused, or not answered (no error). */
  | { readonly kind: 'failed'; readonly error?: ErrorBody | undefined }
  /** These have holes. */
  | { readonly kind: 'stale'; readonly channelIds: readonly Id[] }
  /** The server has opened it by itself, as part of joining, or could not (`error`). */
  | ({ readonly kind: 'joined' } & Opened)
  | { readonly kind: 'gone'; readonly channelId: Id }
  /** It is ours, or ours again. */
  | { readonly kind: 'mine'; readonly channelId: Id }
  | { readonly kind: 'lost' }
  | { readonly kind: 'timer' }

export interface OpeningsEffect {
  readonly kind: 'sync'
  readonly open: readonly Id[]
  readonly close: readonly Id[]
}

const BACKOFF = { baseMs: BOUNDS.requestMsBase, maxMs: BOUNDS.requestMsMax }
const NEW: Opening = { openers: 0, server: 'closed', stale: false }

export const newOpenings: Openings = {
  channels: new Map(),
  online: false,
  asking: false,
  refusals: 0,
  notBefore: 0,
  timerAt: undefined,
}

export function stepOpenings(
  before: Openings,
  input: OpeningsInput,
  now: number,
  random: number,
): Step<Openings, OpeningsEffect> {
  if (input.kind === 'timer') return ask(before, now)
  return [scheduled(take(before, input, now, random), now), []]
}

/** The channels that somebody looks at, as many as a handshake may name. */
export function wantedChannels(openings: Openings): readonly Id[] {
  return [...openings.channels]
    .filter(([, one]) => one.openers > 0 && one.server !== 'gone')
    .map(([id]) => id)
    .slice(0, LIMITS.syncChannelsMax)
}

function take(state: Openings, input: OpeningsInput, now: number, random: number): Openings {
  switch (input.kind) {
    case 'open':
      return changed(state, input.channelId, (one) => ({ ...one, openers: one.openers + 1 }))
    case 'close':
      return changed(state, input.channelId, (one) => ({
        ...one,
        openers: Math.max(0, one.openers - 1),
      }))
    case 'ready':
      return ready(state, input.open, input.replays, now)
    case 'answered':
      return answered(state, input.replays, now)
    case 'failed':
      return failed(state, input.error, now, random)
    case 'stale':
      // What is asked for at this moment comes with the answer; whoever still has a hole then says so again.
      return input.channelIds.reduce(
        (at, id) =>
          changed(at, id, (one) => (one.server === 'open' ? { ...one, stale: true } : one)),
        state,
      )
    case 'joined':
      return joined(state, input, now)
    case 'gone':
      return changed(state, input.channelId, (one) => ({ ...one, server: 'gone', stale: false }))
    case 'mine':
      return changed(state, input.channelId, (one) =>
        one.server === 'gone' || one.server === 'refused' ? { ...one, server: 'closed' } : one,
      )
    case 'lost':
      return lost(state)
    case 'timer':
      return state
  }
}

function changed(state: Openings, channelId: Id, change: (one: Opening) => Opening): Openings {
  const channels = new Map(state.channels)
  const next = change(channels.get(channelId) ?? NEW)
  if (next.openers === 0 && next.server !== 'open' && !isUnderway(next)) channels.delete(channelId)
  else channels.set(channelId, next)
  return { ...state, channels }
}

function isUnderway({ server }: Opening): boolean {
  return server === 'asked' || server === 'closing'
}

function ready(
  state: Openings,
  open: readonly Id[],
  replays: readonly Opened[],
  now: number,
): Openings {
  const errors = new Map(replays.map(({ channelId, error }) => [channelId, error]))
  const fresh: Openings = { ...state, online: true, asking: false, refusals: 0, notBefore: 0 }
  const next = [...new Set([...state.channels.keys(), ...open])].reduce(
    (at, id) => settled(at, id, errors.get(id), open.includes(id) ? 'open' : 'closed'),
    fresh,
  )
  return waiting(next, replays, now)
}

function answered(state: Openings, replays: readonly Opened[], now: number): Openings {
  const results = new Map(replays.map((replay) => [replay.channelId, replay]))
  const next = settle({ ...state, asking: false, refusals: 0 }, (one, id) => {
    const result = results.get(id)
    return one.server === 'asked' && result ? resultOf(result.error) : 'closed'
  })
  return waiting(next, replays, now)
}

function joined(state: Openings, opened: Opened, now: number): Openings {
  // To close it was asked for later, is done later, and is answered in a moment.
  if (state.channels.get(opened.channelId)?.server === 'closing') return state
  return waiting(settled(state, opened.channelId, opened.error, 'open'), [opened], now)
}

function settled(
  state: Openings,
  channelId: Id,
  error: ErrorBody | undefined,
  otherwise: Opening['server'],
): Openings {
  const server = error ? resultOf(error) : otherwise
  return changed(state, channelId, (one) => ({ ...one, server, stale: false }))
}

/** Until whatever was refused for now may be asked for again. */
function waiting(state: Openings, replays: readonly Opened[], now: number): Openings {
  const waits = replays.map(({ error }) => waitOf(error))
  const notBefore = Math.max(state.notBefore, ...waits.map((ms) => ms && now + ms))
  return { ...state, notBefore }
}

/** What an opening that the server has answered came to. */
function resultOf(error: ErrorBody | undefined): Opening['server'] {
  if (!error) return 'open'
  return error.retry === 'never' ? 'refused' : 'closed'
}

function waitOf(error: ErrorBody | undefined): number {
  return error && error.retry !== 'never' ? (error.retryAfterMs ?? BOUNDS.requestMsBase) : 0
}

function failed(
  state: Openings,
  error: ErrorBody | undefined,
  now: number,
  random: number,
): Openings {
  const waitMs = backoffMs(state.refusals, BACKOFF, random, error?.retryAfterMs)
  const settled = settle(state, (one) => {
    // Without an answer it may be closed by now: whoever wants it again asks again, as does whoever wants it closed.
    if (one.server === 'closing') return one.openers > 0 ? 'closed' : 'open'
    return error?.retry === 'never' ? 'refused' : 'closed'
  })
  return { ...settled, asking: false, refusals: state.refusals + 1, notBefore: now + waitMs }
}

/** Says what became of everything that was asked for. */
function settle(state: Openings, outcome: (one: Opening, id: Id) => Opening['server']): Openings {
  return [...state.channels].reduce(
    (at, [id, one]) =>
      isUnderway(one) ? changed(at, id, (it) => ({ ...it, server: outcome(it, id) })) : at,
    state,
  )
}

function lost(state: Openings): Openings {
  const offline: Openings = { ...state, online: false, asking: false }
  return [...state.channels.keys()].reduce(
    (at, id) => changed(at, id, (one) => ({ ...one, stale: false, server: 'closed' })),
    offline,
  )
}

function wants(state: Openings): { open: readonly Id[]; close: readonly Id[] } {
  const open: Id[] = []
  const close: Id[] = []
  for (const [id, { openers, server, stale }] of state.channels) {
    if (openers === 0 && server === 'open') close.push(id)
    else if (openers > 0 && (server === 'closed' || (server === 'open' && stale))) open.push(id)
  }
  return {
    open: open.slice(0, LIMITS.syncChannelsMax),
    close: close.slice(0, LIMITS.syncChannelsMax),
  }
}

/** Asked with the next timer, not at once, so that leaving one channel for another is one request. */
function scheduled(state: Openings, now: number): Openings {
  const { open, close } = wants(state)
  const idle = !state.online || state.asking || open.length + close.length === 0
  return { ...state, timerAt: idle ? undefined : Math.max(now, state.notBefore) }
}

function ask(state: Openings, now: number): Step<Openings, OpeningsEffect> {
  const { open, close } = wants(state)
  if (!state.online || state.asking || open.length + close.length === 0) {
    return [{ ...state, timerAt: undefined }, []]
  }
  if (now < state.notBefore) return [scheduled(state, now), []]
  const opening = open.reduce(
    (at, id) => changed(at, id, (one) => ({ ...one, server: 'asked', stale: false })),
    state,
  )
  const asked = close.reduce(
    (at, id) => changed(at, id, (one) => ({ ...one, server: 'closing' })),
    opening,
  )
  return [{ ...asked, asking: true, timerAt: undefined }, [{ kind: 'sync', open, close }]]
}
