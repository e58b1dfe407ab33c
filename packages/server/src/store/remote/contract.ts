/** The contract between a node and the process that keeps its truth: where it is asked, its number, and its bounds. docs/reference/store-api.md is its page. */

/** Raise it where a request or an answer changes its meaning, and add a history line. Both sides ignore entries that they do not know, so a new one needs no number. */
export const STORE_API_VERSION = 1

/** A fingerprint of the table of methods, checked by `contract.test.ts`: whoever changes the contract notices it there, before other people's backends do. */
export const STORE_API_HASH = '3d23a92ddd85a34a'

/*
 * History
 * 1  The first contract: one POST per method of the store.
 */

/** Under it every method has its place: `/internal/v1/store/append`. */
export const STORE_API_PREFIX = '/internal/'

export const STORE_API_LIMITS = {
  /** A body: 500 appends of the longest text, each code unit escaped, are 13 MB. */
  requestBytesMax: 16_777_216,
  /** An answer. 20,000 events of 3 KB fit, and a page of the longest texts. */
  answerBytesMax: 67_108_864,
} as const

export function pathOf(method: string): string {
  return `${STORE_API_PREFIX}v${STORE_API_VERSION}/store/${method}`
}

/** What a path asks for; null: nothing of this contract. */
export function readPath(
  path: string,
): { readonly version: number; readonly method: string } | null {
  const found = /^\/internal\/v(\d{1,3})\/store\/(\w{1,64})$/.exec(path)
  return found === null ? null : { version: Number(found[1]), method: found[2] ?? '' }
}
