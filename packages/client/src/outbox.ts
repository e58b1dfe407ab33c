/**
 * Decides when each unsent message is emitted, again or at last given up. Pure.
 *
 *   send ──▶ queued ──▶ inFlight ──▶ gone (sent)          queued: waits for its save, the connection, its turn, its time
 *              ▲           │  │                            inFlight: emitted; the answer is not known yet
 *              ├── lost, timeout, later, now               failed: the server will never take it; a person decides
 *   retry ─────┘           └──▶ failed
 *
 * One message per channel is in flight at a time. Pipelining would be quicker, but a refusal of the first (`rate_limited`,
 * `unavailable`) would let the second overtake it, and order of sending is worth more than a round trip to people who type.
 *
 * A message is written to storage before it is first emitted, under a client id that never changes, so that neither a reload
 * nor a lost answer can make two of it: the server answers a repetition with the first result (SPEC.md, S2).
 */
import type { ErrorBody, Id, Lane } from '@madang/protocol'
import { CLIENT_LIMITS as LIMITS } from '@madang/protocol/client-limits'
import { backoffMs } from './backoff.ts'
import { BOUNDS } from './bounds.ts'
import type { Step } from './machine.ts'
import { refusal } from './refusals.ts'

/** What is kept in storage of a message. */
export interface Draft {
  readonly clientId: string
  readonly channelId: Id
  readonly text: string
  readonly lane?: Lane
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Set: it has failed for good. */
  readonly error?: ErrorBody
}

export interface Entry {
  readonly draft: Draft
  readonly state: 'queued' | 'inFlight' | 'failed'
  /** The first save that contains it. */
  readonly revision: number
  /** Emits so far; tells a late answer from the present one. */
  readonly attempts: number
  /** Tries in a row without an outcome. */
  readonly refusals: number
  /** The server asked not to be asked before; holds across connections, because its rates do. */
  readonly notBefore: number
  /** Our own back-off; void on a new connection. */
  readonly backoffUntil: number
}

export interface Outbox {
  /** In the order of sending. */
  readonly entries: readonly Entry[]
  readonly online: boolean
  /** Whether what storage holds has been read; nothing is written over it before. */
  readonly restored: boolean
  readonly revision: number
  readonly savedRevision: number
  readonly timerAt: number | undefined
}

export interface Receipt {
  readonly id: Id
  readonly seq: number
  readonly createdAt: number
}

export type SendAnswer =
  | ({ readonly outcome: 'sent' } & Receipt)
  | { readonly outcome: 'refused'; readonly error: ErrorBody }
  /** No answer in time, or the connection broke: it may be stored, or not. */
  | { readonly outcome: 'unknown' }

export type OutboxInput =
  | { readonly kind: 'restored'; readonly drafts: readonly Draft[] }
  /** Another person: what is here stays in storage under the one before. */
  | { readonly kind: 'switched' }
  | { readonly kind: 'send'; readonly draft: Draft }
  | { readonly kind: 'saved'; readonly revision: number }
  | { readonly kind: 'online' }
  | { readonly kind: 'lost' }
  | {
      readonly kind: 'answered'
      readonly clientId: string
      readonly attempt: number
      readonly answer: SendAnswer
    }
  /** These messages of ours were read from the log: they are sent, whatever the answers say. */
  | { readonly kind: 'seen'; readonly clientIds: ReadonlySet<string> }
  | { readonly kind: 'retry'; readonly clientId: string }
  | { readonly kind: 'discard'; readonly clientId: string }
  | { readonly kind: 'timer' }

export type OutboxEffect =
  /** Write `drafts`, then say `saved`; also where writing fails, since sending is worth more than keeping. */
  | { readonly kind: 'save'; readonly revision: number; readonly drafts: readonly Draft[] }
  | { readonly kind: 'emit'; readonly draft: Draft; readonly attempt: number }
  | { readonly kind: 'sent'; readonly draft: Draft; readonly receipt: Receipt }

type Next = Step<Outbox, OutboxEffect>

const BACKOFF = { baseMs: BOUNDS.requestMsBase, maxMs: BOUNDS.requestMsMax }

export const newOutbox: Outbox = {
  entries: [],
  online: false,
  restored: false,
  revision: 0,
  savedRevision: 0,
  timerAt: undefined,
}

export function stepOutbox(before: Outbox, input: OutboxInput, now: number, random: number): Next {
  const [taken, effects] = take(before, input, now, random)
  const [state, save] = saving(before, taken)
  const [pumped, emits] = pump(state, now)
  return [pumped, [...effects, ...save, ...emits]]
}

/** What of a channel is unsent, in the order of sending. */
export function entriesOf(outbox: Outbox, channelId: Id): readonly Entry[] {
  return outbox.entries.filter((entry) => entry.draft.channelId === channelId)
}

/** The channels whose entries differ. */
export function changedChannels(before: Outbox, after: Outbox): ReadonlySet<Id> {
  const known = new Set(before.entries)
  const kept = new Set(after.entries)
  const changed = [
    ...before.entries.filter((entry) => !kept.has(entry)),
    ...after.entries.filter((entry) => !known.has(entry)),
  ]
  return new Set(changed.map((entry) => entry.draft.channelId))
}

function take(state: Outbox, input: OutboxInput, now: number, random: number): Next {
  switch (input.kind) {
    case 'restored':
      return [restored(state, input.drafts), []]
    case 'switched':
      return [{ ...newOutbox, revision: state.revision, savedRevision: state.revision }, []]
    case 'send':
      return [appended(state, input.draft), []]
    case 'saved':
      return [{ ...state, savedRevision: Math.max(state.savedRevision, input.revision) }, []]
    case 'online':
      return [{ ...state, online: true }, []]
    case 'lost':
      return [{ ...state, online: false, entries: state.entries.map(unanswered) }, []]
    case 'answered':
      return answered(state, input, now, random)
    case 'seen': {
      const entries = state.entries.filter((entry) => !input.clientIds.has(entry.draft.clientId))
      return [entries.length === state.entries.length ? state : { ...state, entries }, []]
    }
    case 'retry':
      return [retried(state, input.clientId), []]
    case 'discard':
      return [discarded(state, input.clientId), []]
    case 'timer':
      return [state, []]
  }
}

function entry(draft: Draft, revision: number): Entry {
  return {
    draft,
    state: draft.error ? 'failed' : 'queued',
    revision,
    attempts: 0,
    refusals: 0,
    notBefore: 0,
    backoffUntil: 0,
  }
}

function restored(state: Outbox, drafts: readonly Draft[]): Outbox {
  const present = new Set(state.entries.map(({ draft }) => draft.clientId))
  const stored = drafts.filter(({ clientId }) => !present.has(clientId)).map((d) => entry(d, 0))
  return { ...state, restored: true, entries: [...stored, ...state.entries] }
}

function appended(state: Outbox, draft: Draft): Outbox {
  const error = draftError(state, draft)
  const added = entry(error ? { ...draft, error } : draft, state.revision + 1)
  return { ...state, entries: withinBound([...state.entries, added]) }
}

/**
 * What the server would refuse, said at once. It also keeps a message that is too large for a packet from being emitted: the server
 * would close the connection over it, and the next one, for ever.
 */
function draftError(state: Outbox, { text }: Draft): ErrorBody | undefined {
  if (text.trim() === '') return refusal('invalid', { field: 'text' })
  if (text.length > LIMITS.textCharsMax) {
    return refusal('invalid', { field: 'text', limit: 'textCharsMax' })
  }
  const waiting = state.entries.filter((one) => one.state !== 'failed').length
  return waiting >= BOUNDS.outboxEntriesMax
    ? refusal('limit_reached', { limit: 'outboxEntriesMax' })
    : undefined
}

/** Of the failed ones, which nobody has taken away, the oldest go first. */
function withinBound(entries: readonly Entry[]): readonly Entry[] {
  let surplus = entries.filter((one) => one.state === 'failed').length - BOUNDS.outboxEntriesMax
  return entries.filter((one) => one.state !== 'failed' || surplus-- <= 0)
}

/** Whatever was in flight on a connection that is gone is emitted again on the next: its outcome is unknown. */
function unanswered(one: Entry): Entry {
  return one.state === 'failed' ? one : { ...one, state: 'queued', backoffUntil: 0 }
}

function answered(
  state: Outbox,
  { clientId, attempt, answer }: OutboxInput & { kind: 'answered' },
  now: number,
  random: number,
): Next {
  const found = state.entries.find((one) => one.draft.clientId === clientId)
  if (found === undefined) return [state, []]
  if (answer.outcome === 'sent') {
    const { id, seq, createdAt } = answer
    const entries = state.entries.filter((one) => one !== found)
    const receipt = { id, seq, createdAt }
    return [{ ...state, entries }, [{ kind: 'sent', draft: found.draft, receipt }]]
  }
  // An answer to an earlier emit says nothing about the present one.
  if (found.state !== 'inFlight' || found.attempts !== attempt) return [state, []]
  return [replaced(state, found, undecided(found, answer, now, random)), []]
}

function undecided(
  one: Entry,
  answer: Exclude<SendAnswer, { outcome: 'sent' }>,
  now: number,
  random: number,
): Entry {
  const again: Entry = { ...one, state: 'queued', refusals: one.refusals + 1 }
  const backoffUntil = now + backoffMs(one.refusals, BACKOFF, random)
  if (answer.outcome === 'unknown') return { ...again, backoffUntil }
  const { error } = answer
  if (error.retry === 'never') {
    return { ...one, state: 'failed', draft: { ...one.draft, error } }
  }
  // "Now" is taken at its word once, so that a node that goes away is not asked in a tight loop.
  if (error.retry === 'now' && one.refusals === 0) return again
  return error.retryAfterMs === undefined
    ? { ...again, backoffUntil }
    : { ...again, notBefore: now + backoffMs(0, BACKOFF, random, error.retryAfterMs) }
}

/** It goes to the end: the order of sending is the order in which people meant to send. */
function retried(state: Outbox, clientId: string): Outbox {
  const found = failedEntry(state, clientId)
  if (!found) return state
  const { error: _, ...draft } = found.draft
  const others = state.entries.filter((one) => one !== found)
  const again = { ...entry(draft, state.revision + 1), attempts: found.attempts }
  return { ...state, entries: [...others, again] }
}

function discarded(state: Outbox, clientId: string): Outbox {
  const found = failedEntry(state, clientId)
  if (!found) return state
  return { ...state, entries: state.entries.filter((one) => one !== found) }
}

function failedEntry(state: Outbox, clientId: string): Entry | undefined {
  return state.entries.find((one) => one.draft.clientId === clientId && one.state === 'failed')
}

function replaced(state: Outbox, old: Entry, next: Entry): Outbox {
  return { ...state, entries: state.entries.map((one) => (one === old ? next : one)) }
}

/** What storage should hold has changed: a new revision, and its save. */
function saving(before: Outbox, state: Outbox): Next {
  if (!state.restored) return [state, []]
  const drafts = state.entries.map((one) => one.draft)
  const old = before.restored ? before.entries.map((one) => one.draft) : undefined
  const unsaved = state.entries.some((one) => one.revision > state.revision)
  const same =
    !unsaved &&
    (old === undefined
      ? state.entries.every((one) => one.revision === 0)
      : old.length === drafts.length && old.every((draft, index) => draft === drafts[index]))
  if (same) return [state, []]
  const revision = state.revision + 1
  return [{ ...state, revision }, [{ kind: 'save', revision, drafts }]]
}

/** Emits what may be emitted now, and says when to look again. */
function pump(state: Outbox, now: number): Next {
  if (!state.online || !state.restored) return [withTimer(state, undefined), []]
  const effects: OutboxEffect[] = []
  const passed = new Set<Id>()
  let room =
    BOUNDS.sendsInFlightMax - state.entries.filter((one) => one.state === 'inFlight').length
  let timerAt: number | undefined
  const entries = state.entries.map((one) => {
    if (one.state === 'failed' || passed.has(one.draft.channelId)) return one
    passed.add(one.draft.channelId)
    if (one.state === 'inFlight' || one.revision > state.savedRevision) return one
    const readyAt = Math.max(one.notBefore, one.backoffUntil)
    if (readyAt > now) {
      timerAt = Math.min(timerAt ?? readyAt, readyAt)
      return one
    }
    if (room <= 0) return one
    room -= 1
    const attempt = one.attempts + 1
    effects.push({ kind: 'emit', draft: one.draft, attempt })
    return { ...one, state: 'inFlight' as const, attempts: attempt }
  })
  const next = effects.length === 0 ? state : { ...state, entries }
  return [withTimer(next, timerAt), effects]
}

function withTimer(state: Outbox, timerAt: number | undefined): Outbox {
  return state.timerAt === timerAt ? state : { ...state, timerAt }
}
