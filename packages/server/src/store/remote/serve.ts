/** The other end: answers the methods of a store for nodes that show the secret. Knows no HTTP library; whoever owns the port hands requests in. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { check, ERRORS, type ErrorCode, errorBody } from '@madang/protocol'
import { type Store, StoreError } from '../store.ts'
import { readPath, STORE_API_LIMITS, STORE_API_PREFIX, STORE_API_VERSION } from './contract.ts'
import { isMethodName, METHODS } from './methods.ts'
import type { MethodName } from './row.ts'

export interface StoreApiAnswer {
  readonly status: number
  /** JSON. */
  readonly body: string
}

export interface StoreApi {
  readonly prefix: string
  readonly bodyBytesMax: number
  /** Asked before the body is read. In a time that tells nothing of the secrets. */
  admits(authorization: string | undefined): boolean
  /** `path` without its query. Never rejects. */
  answer(path: string, body: string): Promise<StoreApiAnswer>
}

export interface StoreApiOptions {
  readonly store: Store
  /** Any of them opens: while a secret is replaced, the old and the new one do. */
  readonly secrets: readonly string[]
  /** An error that nobody foresaw. Must not throw. */
  readonly onFault: (error: unknown, facts: { readonly method: string }) => void
}

export function createStoreApi({ store, secrets, onFault }: StoreApiOptions): StoreApi {
  const wanted = secrets.map((secret) => digest(`Bearer ${secret}`))
  return {
    prefix: STORE_API_PREFIX,
    bodyBytesMax: STORE_API_LIMITS.requestBytesMax,
    admits(authorization) {
      const shown = digest(authorization ?? '')
      // All are compared, so that the time is the same whichever fits.
      return wanted.filter((one) => timingSafeEqual(one, shown)).length > 0
    },
    async answer(path, body) {
      const asked = readPath(path)
      if (asked === null) return refusal('not_found')
      if (asked.version !== STORE_API_VERSION) return refusal('wire_unsupported')
      // A method of a later version, or one that this store leaves out.
      if (!isMethodName(asked.method)) return { ...refusal('not_found'), status: 501 }
      try {
        return await perform(store, asked.method, body)
      } catch (error) {
        if (error instanceof StoreError) return refusal(error.code)
        onFault(error, { method: asked.method })
        return refusal('internal')
      }
    },
  }
}

async function perform(store: Store, name: MethodName, body: string): Promise<StoreApiAnswer> {
  const method = METHODS[name]
  const request = check(method.request, parse(body))
  if (!request.success) {
    const field = request.error.issues[0]?.path.map(String).join('.').slice(0, 200) ?? ''
    return refusal('invalid', field)
  }
  const named: Readonly<Record<string, unknown>> = request.data
  // The row's schemas are held against the method's types where it is made; TypeScript cannot follow that through the table.
  const ask = store[name] as (...args: readonly unknown[]) => Promise<unknown>
  const value = await ask.apply(
    store,
    method.takes.map((key) => named[key]),
  )
  return { status: 200, body: JSON.stringify({ result: method.toJson(value) }) }
}

function refusal(code: ErrorCode, field?: string): StoreApiAnswer {
  const row = errorBody(code, field === undefined ? {} : { field })
  return { status: ERRORS[code].status, body: JSON.stringify(row) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
