/** Tells what an error of PostgreSQL, or of the way to it, means to a caller of the store. */
import type { ErrorCode } from '@madang/protocol'
import { StoreError } from '../store.ts'

type Meaning = readonly [code: ErrorCode, text: string]

/** SQLSTATEs (https://www.postgresql.org/docs/current/errcodes-appendix.html), whole or by their first letters; the longest that fits counts. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '08': ['unavailable', 'The connection to the database failed.'],
  '22021': ['invalid', 'The database does not store such a text.'],
  '22P05': ['invalid', 'The database does not store such a text.'],
  '23': ['conflict', 'A row with this key is there already, or one that it names is not.'],
  '25006': ['unavailable', 'The database takes no writes: it is a standby, or read-only.'],
  '25P03': ['busy', 'The database ended a transaction that was idle for too long.'],
  '28': ['unavailable', 'The database does not let us in: the user or the password is wrong.'],
  '28000': ['unavailable', 'The database does not let this user in.'],
  '3D000': ['unavailable', 'There is no such database.'],
  '40': ['busy', 'Others were writing the same things; it was tried several times.'],
  '42501': ['unavailable', 'The user of the database lacks a privilege.'],
  '53': ['unavailable', 'The database has run out of something.'],
  '53100': ['unavailable', 'The disk of the database is full.'],
  '53300': ['busy', 'The database has as many connections as it takes.'],
  '55P03': ['busy', 'Somebody else holds a lock in the database for too long.'],
  '57014': ['busy', 'The database took too long.'],
  '57P': ['unavailable', 'The database is shutting down or starting.'],
  '58': ['unavailable', 'The disk of the database failed.'],
  XX001: ['unavailable', 'The database is damaged.'],
  XX002: ['unavailable', 'The database is damaged.'],
}

/** How Node and the driver tell of a connection that is not there, or was lost. */
const LOST: readonly (readonly [RegExp, Meaning])[] = [
  [/^ENOTFOUND|^EAI_/, ['unavailable', 'The host of the database is not known here.']],
  [/^ECONNREFUSED/, ['unavailable', 'Nothing answers at the address of the database.']],
  [/^E[A-Z]+ /, ['unavailable', 'The database cannot be reached.']],
  [/timeout exceeded when trying/, ['busy', 'All connections to the database are in use.']],
  [/timeout/i, ['unavailable', 'The database does not answer in time.']],
  [/terminated|not queryable|ended|closed/i, ['unavailable', 'The connection broke.']],
  [/SSL|TLS|certificate|self.signed/i, ['unavailable', 'There is no safe connection:']],
  [/password/i, ['unavailable', 'The database wants a password.']],
]

/** Deadlock and serialization failure: nothing was stored, and the same may succeed at once. */
const TRANSIENT = /^40(001|P01)$/

/** The five letters, where the database itself said it. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as object)
    ? code
    : undefined
}

export const isTransient = (error: unknown): boolean => TRANSIENT.test(sqlStateOf(error) ?? '')

/** Whether the connection that said it must not be used again. One that takes no writes may be of a server that was replaced. */
export function isFatal(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === undefined || /^(08|57P|25006|25P03|58|XX)/.test(state)
}

export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const state = sqlStateOf(error)
  const meaning = state === undefined ? lostMeaning(error) : stateMeaning(state)
  if (meaning) return new StoreError(meaning[0], meaning[1], { cause: error })
  return new StoreError('internal', 'The store failed.', { cause: error })
}

function stateMeaning(state: string): Meaning | undefined {
  for (let length = state.length; length >= 2; length -= 1) {
    const meaning = MEANINGS[state.slice(0, length)]
    if (meaning) return meaning
  }
  return undefined
}

function lostMeaning(error: unknown): Meaning | undefined {
  const told = textOf(error)
  const meaning = LOST.find(([pattern]) => pattern.test(told))?.[1]
  // What is wrong with a certificate only the driver knows.
  return meaning?.[1].endsWith(':') ? [meaning[0], `${meaning[1]} ${told}.`] : meaning
}

/** Code and message; of a host with several addresses, what the first of them said. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0])
  if (!(error instanceof Error)) return ''
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : ''
  return `${code}${error.message}`
}
