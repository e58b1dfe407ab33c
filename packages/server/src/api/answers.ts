/** Anything that goes wrong, as a row of the error table with its status and headers. */
import { ERRORS, type ErrorBody, type ErrorCode, errorBody } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'

export interface RefusedAnswer {
  readonly status: number
  readonly body: ErrorBody
  /** Whole seconds for the Retry-After header, where waiting helps. */
  readonly retryAfterSeconds?: number
  /** Nobody foresaw it: to be logged with its stack. */
  readonly isFault: boolean
}

/** Fastify's own refusals that are the caller's doing, as ours. */
const FRAMEWORK: Readonly<Record<string, { code: ErrorCode; field?: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'too_large' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'invalid', field: 'content-type' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'invalid', field: 'content-length' },
  FST_ERR_BAD_URL: { code: 'invalid', field: 'url' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'invalid', field: 'url' },
}

/** How long to wait where a row says `later` and nobody knows better, in ms. */
const retryAfterMsUsual = 1_000

export function refusedAnswer(error: unknown): RefusedAnswer {
  const body = bodyOf(error)
  if (body === undefined) return { ...answer(errorBody('internal')), isFault: true }
  return { ...answer(body), isFault: false }
}

function bodyOf(error: unknown): ErrorBody | undefined {
  if (error instanceof Refusal) return error.body
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error ? error.code : undefined
  if (typeof code !== 'string') return byStatus(error)
  // The store's failures carry a code of the table, whichever store it is.
  if (isErrorCode(code)) return errorBody(code)
  const refusal = Object.hasOwn(FRAMEWORK, code) ? FRAMEWORK[code] : undefined
  if (refusal === undefined) return byStatus(error)
  return errorBody(refusal.code, refusal.field === undefined ? {} : { field: refusal.field })
}

/** Fastify and its plugins give an error of the caller's a status of its own: a file outside of the folder, a malformed header. */
function byStatus(error: Error): ErrorBody | undefined {
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined
  return errorBody(status === 403 || status === 404 ? 'not_found' : 'invalid')
}

function answer(given: ErrorBody): Omit<RefusedAnswer, 'isFault'> {
  const { status, retry } = ERRORS[given.code]
  if (retry !== 'later') return { status, body: given }
  const retryAfterMs = given.retryAfterMs ?? retryAfterMsUsual
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  return { status, body: { ...given, retryAfterMs }, retryAfterSeconds }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}
