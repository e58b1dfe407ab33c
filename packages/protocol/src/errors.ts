/** The error table: every refusal of the product is a row here, and each row says what to do next. Imports nothing. */

/** `never`: the same request fails again. `later`: wait `retryAfterMs`, or back off. `now`: repeat at once, on a new connection where the old one is closed. */
export type Retry = 'never' | 'later' | 'now'

export interface ErrorRow {
  readonly text: string
  readonly status: number
  readonly retry: Retry
}

export const ERRORS = {
  invalid: {
    text: 'The request does not match its schema; `field` names where.',
    status: 400,
    retry: 'never',
  },
  unknown_event: { text: 'This server knows no such event.', status: 400, retry: 'never' },
  too_deep: { text: 'The value is nested too deeply.', status: 400, retry: 'never' },
  too_large: { text: 'The request is larger than a payload may be.', status: 413, retry: 'never' },
  unauthenticated: {
    text: 'Sign in first: a token, a session cookie or a guest name is needed.',
    status: 401,
    retry: 'never',
  },
  wrong_credentials: { text: 'The login or the password is wrong.', status: 401, retry: 'never' },
  session_expired: {
    text: 'The session or token has expired or was revoked; sign in again.',
    status: 401,
    retry: 'never',
  },
  guests_disabled: { text: 'This server takes no guests.', status: 403, retry: 'never' },
  origin_refused: {
    text: 'This origin is not on the allow-list (CORS_ORIGIN).',
    status: 403,
    retry: 'never',
  },
  forbidden: { text: 'Your role does not allow this.', status: 403, retry: 'never' },
  not_member: {
    text: 'You are not a member of this channel or community.',
    status: 403,
    retry: 'never',
  },
  banned: { text: 'You are banned here.', status: 403, retry: 'never' },
  not_found: {
    text: 'There is no such thing, or it is not yours to see.',
    status: 404,
    retry: 'never',
  },
  conflict: {
    text: 'The name is taken, or the thing was changed meanwhile.',
    status: 409,
    retry: 'never',
  },
  message_deleted: { text: 'The message was deleted.', status: 410, retry: 'never' },
  limit_reached: { text: 'A limit is reached; `limit` names it.', status: 409, retry: 'never' },
  wire_unsupported: {
    text: 'This wire version is not served here; update the client.',
    status: 426,
    retry: 'never',
  },
  rate_limited: { text: 'Too many requests; wait `retryAfterMs`.', status: 429, retry: 'later' },
  too_many_connections: {
    text: 'Too many connections; close some, or wait.',
    status: 429,
    retry: 'later',
  },
  busy: { text: 'The server is busy; wait and try again.', status: 503, retry: 'later' },
  unavailable: {
    text: 'The store cannot be reached, or the node stood still and makes sure that you are still there; nothing was stored. Try again.',
    status: 503,
    retry: 'later',
  },
  draining: { text: 'This node is going away; connect again.', status: 503, retry: 'now' },
  behind: {
    text: 'The connection read too slowly; connect again and resume.',
    status: 503,
    retry: 'now',
  },
  internal: {
    text: 'Something went wrong here; the outcome is unknown. Try again with the same client id.',
    status: 500,
    retry: 'later',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** What a refusal looks like on the wire. */
export interface ErrorBody {
  readonly code: ErrorCode
  readonly text: string
  readonly retry: Retry
  /** Milliseconds to wait before the next try. */
  readonly retryAfterMs?: number
  /** The path of the field that is wrong. */
  readonly field?: string
  /** The name of the limit that is reached. */
  readonly limit?: string
}

/** The facts of one refusal beyond its row. */
export interface ErrorDetail {
  readonly retryAfterMs?: number
  readonly field?: string
  readonly limit?: string
}

export function errorBody(code: ErrorCode, detail: ErrorDetail = {}): ErrorBody {
  const { text, retry } = ERRORS[code]
  return { code, text, retry, ...detail }
}
