/** What the client says where no server could: rows of the same table, in its own words. */
import type { ErrorBody } from '@madang/protocol'
import { ERRORS, type ErrorCode, errorBody } from '@madang/protocol/errors'

/** Nothing was asked, because there is no connection. */
export const NOT_CONNECTED: ErrorBody = {
  ...errorBody('unavailable'),
  text: 'There is no connection; nothing was sent. Try again when there is one.',
}

/** The connection broke, or the answer did not come in time. */
export const OUTCOME_UNKNOWN: ErrorBody = {
  ...errorBody('internal'),
  text: 'There was no answer; whether it was done is unknown. Look, and try again.',
}

/** Why a channel that was open is ours no more. */
export function goneError(reason: 'left' | 'kicked' | 'banned' | 'deleted'): ErrorBody {
  if (reason === 'banned') return errorBody('banned')
  return errorBody(reason === 'deleted' ? 'not_found' : 'not_member')
}

/** A row as it comes over the wire. A code that only newer servers know is `internal`, with their text and their advice. */
export function errorFrom(value: unknown): ErrorBody | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { code, text, retry } = value as Partial<Record<keyof ErrorBody, unknown>>
  if (typeof code !== 'string' || typeof text !== 'string') return undefined
  if (retry !== 'never' && retry !== 'later' && retry !== 'now') return undefined
  const known: ErrorCode = code in ERRORS ? (code as ErrorCode) : 'internal'
  return { ...(value as ErrorBody), code: known }
}
