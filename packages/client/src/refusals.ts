/** What the client says where no server could, and how it takes what a server says. The dictionary's own table has texts and statuses that a browser has no use for. */
import type { ErrorBody, ErrorCode } from '@madang/protocol'

/** Every code that there is: one that is left out does not compile. */
const CODES: Readonly<Record<ErrorCode, 1>> = {
  invalid: 1,
  unknown_event: 1,
  too_deep: 1,
  too_large: 1,
  unauthenticated: 1,
  wrong_credentials: 1,
  session_expired: 1,
  guests_disabled: 1,
  origin_refused: 1,
  forbidden: 1,
  not_member: 1,
  banned: 1,
  not_found: 1,
  conflict: 1,
  message_deleted: 1,
  limit_reached: 1,
  wire_unsupported: 1,
  rate_limited: 1,
  too_many_connections: 1,
  busy: 1,
  unavailable: 1,
  draining: 1,
  behind: 1,
  internal: 1,
}

/** Nothing was asked, because there is no connection. */
export const NOT_CONNECTED: ErrorBody = {
  code: 'unavailable',
  text: 'There is no connection; nothing was sent. Try again when there is one.',
  retry: 'later',
}

/** The connection broke, or the answer did not come in time. */
export const OUTCOME_UNKNOWN: ErrorBody = {
  code: 'internal',
  text: 'There was no answer; whether it was done is unknown. Look, and try again.',
  retry: 'later',
}

/** Those of the table's rows that the client needs, word for word. */
const TEXTS = {
  invalid: 'The request does not match its schema; `field` names where.',
  limit_reached: 'A limit is reached; `limit` names it.',
  not_member: 'You are not a member of this channel or community.',
  banned: 'You are banned here.',
  not_found: 'There is no such thing, or it is not yours to see.',
} as const satisfies Partial<Record<ErrorCode, string>>

/** What is refused here, as the server would refuse it. */
export function refusal(
  code: keyof typeof TEXTS,
  detail: Pick<ErrorBody, 'field' | 'limit'> = {},
): ErrorBody {
  return { code, text: TEXTS[code], retry: 'never', ...detail }
}

/** Why a channel that was open is ours no more. */
export function goneError(reason: 'left' | 'kicked' | 'banned' | 'deleted'): ErrorBody {
  if (reason === 'banned') return refusal('banned')
  return refusal(reason === 'deleted' ? 'not_found' : 'not_member')
}

/** A row as it comes over the wire. A code that only newer servers know is `internal`, with their text and their advice. */
export function errorFrom(value: unknown): ErrorBody | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { code, text, retry } = value as Partial<Record<keyof ErrorBody, unknown>>
  if (typeof code !== 'string' || typeof text !== 'string') return undefined
  if (retry !== 'never' && retry !== 'later' && retry !== 'now') return undefined
  return { ...(value as ErrorBody), code: code in CODES ? (code as ErrorCode) : 'internal' }
}
