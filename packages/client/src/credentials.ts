/** What we show at the door, and what to do when it is not accepted. Pure. */
import type { ErrorBody } from '@madang/protocol'

/** The guest that this server made for us earlier. */
export interface StoredGuest {
  readonly token: string
  /** The name it was asked for under: under another name one wants to be another guest. */
  readonly name: string
}

export interface Credentials {
  readonly token?: string
  readonly name?: string
  /** Whether the token is the stored guest's. */
  readonly asGuest: boolean
}

/** The application's own token first, then the stored guest, then a new guest; else the session cookie, which browsers show by themselves. */
export function credentialsFor(
  token: string | undefined,
  guestName: string | undefined,
  stored: StoredGuest | undefined,
): Credentials {
  const name = guestName === undefined ? {} : { name: guestName }
  if (token !== undefined) return { token, ...name, asGuest: false }
  if (stored && guestName === stored.name) return { token: stored.token, ...name, asGuest: true }
  return { ...name, asGuest: false }
}

/** Whether the stored guest is no more: forget it, and come in anew under the same name. */
export function isGuestVoid(shown: Credentials | undefined, error: ErrorBody): boolean {
  if (!shown?.asGuest) return false
  return error.code === 'session_expired' || error.code === 'unauthenticated'
}

/**
 * Whether the application's own token has expired and another may be had: not where what it gave is the very one that had expired before, or
 * whoever is signed out would be told so never.
 */
export function isTokenStale(
  shown: Credentials | undefined,
  error: ErrorBody,
  expired: string | undefined,
): boolean {
  if (shown?.token === undefined || shown.asGuest) return false
  return error.code === 'session_expired' && shown.token !== expired
}
