/** What the page says about the connection, from what the client says. Pure. */
import type { ConnectionStatus, ConnectionView, ErrorBody } from '@madang/client'

export interface Track {
  readonly status: ConnectionStatus
  /** It was online before: what comes next is a loss, and what follows it a return. */
  readonly wasOnline: boolean
  /** When it came back, in ms since 1970; undefined where it never was away. */
  readonly backAt: number | undefined
}

export const UNTRACKED: Track = { status: 'idle', wasOnline: false, backAt: undefined }

export function track(before: Track, status: ConnectionStatus, now: number): Track {
  if (status === before.status) return before
  if (status !== 'online') return { ...before, status }
  return { status, wasOnline: true, backAt: before.wasOnline ? now : undefined }
}

export type Banner =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting' | 'offline' | 'reconnected' | 'stopped' }
  /** `unreached`: it was never there. */
  | { readonly kind: 'waiting' | 'unreached'; readonly seconds: number }
  | { readonly kind: 'refused'; readonly error: ErrorBody | undefined }

/** How long one is told that all is well again. */
export const BACK_SHOWN_MS = 3_000

export function bannerOf(view: ConnectionView, tracked: Track, now: number): Banner {
  const { backAt, wasOnline } = tracked
  switch (view.status) {
    case 'online':
      return backAt !== undefined && now - backAt < BACK_SHOWN_MS
        ? { kind: 'reconnected' }
        : { kind: 'none' }
    case 'waiting': {
      const ms = (view.retryAt ?? now) - now
      const kind = wasOnline ? 'waiting' : 'unreached'
      return { kind, seconds: Math.max(0, Math.ceil(ms / 1_000)) }
    }
    case 'refused':
      return { kind: 'refused', error: view.error }
    case 'idle':
    case 'connecting':
      return { kind: 'connecting' }
    case 'offline':
    case 'stopped':
      return { kind: view.status }
  }
}
