/** Turns whatever was thrown into a row of the error table. */
import { ERRORS, type ErrorBody, type ErrorCode, errorBody } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'

/** Undefined for what is no refusal: an error of ours, which a client is told nothing about but `internal`. */
export function refusalOf(thrown: unknown, storeRetryMs: number): ErrorBody | undefined {
  if (thrown instanceof Refusal) return thrown.body
  // The store's failures carry a code of the table, whichever store it is.
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (typeof code !== 'string' || !isErrorCode(code)) return undefined
  const waits = code === 'busy' || code === 'unavailable'
  return errorBody(code, waits ? { retryAfterMs: storeRetryMs } : {})
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}
