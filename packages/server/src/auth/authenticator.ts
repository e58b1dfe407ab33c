/** The contract of authentication: from what a client shows to who it is. One for both doors. */
import type { Identity, SignedIn } from '../core/core.ts'

/** What a client shows; the first that is present counts: token, cookie, guest name. An empty string is not present. */
export interface Credentials {
  /** A JWT, or the secret of a session. */
  readonly token?: string | undefined
  /** The value of the session cookie: the secret of a session. */
  readonly cookie?: string | undefined
  /** The name to come in under as a guest, where guests are enabled. */
  readonly guestName?: string | undefined
}

export interface Authenticated extends Identity {
  /** A guest that was made just now: the client keeps its token. */
  readonly signedIn?: SignedIn
}

export interface Authenticator {
  /**
   * Rejects with `Refusal`: `unauthenticated` (nothing shown, or a forgery), `session_expired` (an unknown or void session; a JWT that was good once), `guests_disabled`,
   * `invalid` (the guest's name), `busy` (a key set cannot be fetched now); or with the store's `StoreError`. Any bad token costs at most one check of a signature per secret or one look-up, and
   * the answer never says what was wrong with it.
   */
  identify(credentials: Credentials): Promise<Authenticated>
}
