/** Storage in IndexedDB, which workers have, too. */
import type { ClientStorage } from '../types.ts'

const SHELF = 'values'

/** Rejects where the browser does not let us (private windows, full storage); the client then goes on without. */
export function webStorage(name = 'madang'): ClientStorage {
  let opened: Promise<IDBDatabase> | undefined
  const database = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(name)
    // What failed once may work the next time.
    opened.catch(() => {
      opened = undefined
    })
    return opened
  }
  const perform = async <T>(
    mode: IDBTransactionMode,
    act: (shelf: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> => {
    const transaction = (await database()).transaction(SHELF, mode)
    const request = act(transaction.objectStore(SHELF))
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  }
  return {
    async get(key) {
      const value: unknown = await perform('readonly', (shelf) => shelf.get(key))
      return typeof value === 'string' ? value : undefined
    },
    set: async (key, value) => void (await perform('readwrite', (shelf) => shelf.put(value, key))),
    remove: async (key) => void (await perform('readwrite', (shelf) => shelf.delete(key))),
  }
}

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => void request.result.createObjectStore(SHELF)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
