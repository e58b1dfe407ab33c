/** Decides when the server is told how far somebody has read: soon, but not with every message that scrolls by. Pure. */
import type { ErrorBody, Id } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'
import type { Step } from './machine.ts'

export interface Reads {
  /** What the server has not yet confirmed: channel → cursor. */
  readonly wanted: ReadonlyMap<Id, number>
  readonly online: boolean
  readonly timerAt: number | undefined
}

export type ReadsInput =
  | { readonly kind: 'mark'; readonly channelId: Id; readonly cursor: number }
  /** The server's cursor is here. */
  | { readonly kind: 'known'; readonly channelId: Id; readonly cursor: number }
  | { readonly kind: 'failed'; readonly channelId: Id; readonly error: ErrorBody | undefined }
  | { readonly kind: 'online' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'timer' }

export interface ReadsEffect {
  readonly kind: 'read'
  readonly channelId: Id
  readonly cursor: number
}

export const newReads: Reads = { wanted: new Map(), online: false, timerAt: undefined }

export function stepReads(state: Reads, input: ReadsInput, now: number): Step<Reads, ReadsEffect> {
  switch (input.kind) {
    case 'mark': {
      const { channelId, cursor } = input
      if (cursor <= (state.wanted.get(channelId) ?? 0)) return [state, []]
      return [
        scheduled({ ...state, wanted: new Map(state.wanted).set(channelId, cursor) }, now),
        [],
      ]
    }
    case 'known': {
      const wanted = state.wanted.get(input.channelId)
      return [
        wanted !== undefined && wanted <= input.cursor ? without(state, input.channelId) : state,
        [],
      ]
    }
    case 'failed': {
      if (input.error?.retry === 'never') return [without(state, input.channelId), []]
      const waitMs = Math.max(BOUNDS.requestMsBase, input.error?.retryAfterMs ?? 0)
      return [{ ...state, timerAt: Math.max(state.timerAt ?? 0, now + waitMs) }, []]
    }
    case 'online':
      return [scheduled({ ...state, online: true }, now), []]
    case 'lost':
      return [{ ...state, online: false, timerAt: undefined }, []]
    case 'timer':
      return tell(state)
  }
}

function scheduled(state: Reads, now: number): Reads {
  if (!state.online || state.wanted.size === 0) return state
  return { ...state, timerAt: state.timerAt ?? now + BOUNDS.readIntervalMs }
}

function without(state: Reads, channelId: Id): Reads {
  const wanted = new Map(state.wanted)
  wanted.delete(channelId)
  return { ...state, wanted }
}

/** They stay wanted until the answer, so that a lost connection costs a repetition and no cursor. */
function tell(state: Reads): Step<Reads, ReadsEffect> {
  const rested: Reads = { ...state, timerAt: undefined }
  if (!state.online) return [rested, []]
  const effects = [...state.wanted].map(([channelId, cursor]) => ({
    kind: 'read' as const,
    channelId,
    cursor,
  }))
  return [rested, effects]
}
