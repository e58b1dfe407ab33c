/** Places where the client can keep what must survive. */
import { indexedStorage } from './indexed-storage.ts'
import type { ClientStorage } from './types.ts'

/** Forgets when the program ends. */
export function memoryStorage(): ClientStorage {
  const values = new Map<string, string>()
  const put = (key: string, value: string | undefined): void => {
    if (value === undefined) values.delete(key)
    else values.set(key, value)
  }
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => put(key, value),
    remove: async (key) => put(key, undefined),
    update: async (key, change) => put(key, change(values.get(key))),
  }
}

/**
 * The browser's IndexedDB, which survives reloads and restarts, and which all pages and workers of a site share. Where the browser does not let
 * us (some private windows, a full disk) the client goes on without, and the session's `storageError` says so.
 */
export function webStorage(): ClientStorage {
  return indexedStorage()
}

/** IndexedDB in browsers, memory elsewhere. */
export function usualStorage(): ClientStorage {
  return typeof document === 'undefined' && typeof indexedDB === 'undefined'
    ? memoryStorage()
    : webStorage()
}
