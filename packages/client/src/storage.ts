/** Places where the client can keep what must survive. */
import type { ClientStorage } from './types.ts'

/** Forgets when the program ends. */
export function memoryStorage(): ClientStorage {
  const values = new Map<string, string>()
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    remove: async (key) => void values.delete(key),
  }
}

/** What is needed of a browser's storage. */
type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * The browser's `localStorage`, which survives reloads and restarts. Rejects where the browser does not let us (private windows, full
 * storage); the client then goes on without.
 */
export function webStorage(shelf: () => Shelf = () => localStorage): ClientStorage {
  return {
    get: async (key) => shelf().getItem(key) ?? undefined,
    set: async (key, value) => shelf().setItem(key, value),
    remove: async (key) => shelf().removeItem(key),
  }
}
