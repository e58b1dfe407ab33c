/** What an answer of the API process means: a value, a refusal in the store's words, or nothing that can be used. Pure. */
import { check, ERRORS, type ErrorCode } from '@madang/protocol'
import { z } from 'zod'
import { StoreError } from '../store.ts'
import type { Answer } from './exchange.ts'
import type { Method } from './row.ts'

export type Reading =
  | { readonly outcome: 'value'; readonly value: unknown }
  | { readonly outcome: 'refused'; readonly error: StoreError }
  /** `isForeign`: whatever answered is not an API that lets us in; else it is, and made this one answer wrong. */
  | { readonly outcome: 'odd'; readonly detail: string; readonly isForeign: boolean }

const Row = z.object({ code: z.string(), text: z.string().optional() })

const odd = (detail: string, isForeign: boolean): Reading => ({ outcome: 'odd', detail, isForeign })

/** `items`: how many answers a list must have, where the method answers item by item. */
export function readAnswer(method: Method, { status, text }: Answer, items?: number): Reading {
  if (status === 401) return odd('it does not take API_SECRET', true)
  if (status === 426) return odd('it does not serve this version of the contract', true)
  if (status === 501) {
    const error = new StoreError('forbidden', 'The API process leaves this method out.')
    return { outcome: 'refused', error }
  }
  const json = parse(text)
  if (status !== 200) return refusalOf(status, json)
  const parsed = check(z.object({ result: method.result }), json)
  if (!parsed.success) return odd(`its answer is malformed at ${placeOf(parsed.error)}`, false)
  const { result } = parsed.data
  if (items !== undefined && Array.isArray(result) && result.length !== items) {
    return odd(`it answered ${result.length} items of ${items}`, false)
  }
  return { outcome: 'value', value: method.fromJson(result) }
}

function refusalOf(status: number, json: unknown): Reading {
  const row = check(Row, json)
  const code = row.success ? row.data.code : ''
  if (!row.success || !isErrorCode(code)) return odd(`it answered with ${status}`, true)
  return { outcome: 'refused', error: new StoreError(code, row.data.text ?? ERRORS[code].text) }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}

/** Undefined for what is no JSON: no schema takes it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where, never what: answers hold what people write. */
function placeOf(error: z.ZodError): string {
  const path = error.issues[0]?.path.map(String).join('.') ?? ''
  return path === '' ? 'its root' : path.slice(0, 200)
}
