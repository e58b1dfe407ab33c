/**
 * The browser's IndexedDB as a place to keep values: one database, one object store, a value per key.
 *
 * Several pages use it at the same moment, of this version and of others. Each change is one transaction, so that none undoes another's; a page
 * lets its connection go as soon as a newer one wants to change the database, and opens it again for its next access.
 */
import type { ClientStorage } from './types.ts'

/** Of the database's layout; what is in a value has a number of its own. */
const LAYOUT = 1
const STORE = 'values'

export interface IndexedStorageParts {
  readonly name?: string
  /** Asked for at each opening, since merely reading `indexedDB` throws where a browser forbids it. */
  readonly factory?: () => IDBFactory
}

/** Rejects where the browser does not let us: a private window, a full disk, a page that holds an older layout open. */
export function indexedStorage({
  name = 'madang',
  factory = () => indexedDB,
}: IndexedStorageParts = {}): ClientStorage {
  const database = new Database(name, factory)
  return {
    get: (key) =>
      database.use('readonly', (store, give) => {
        const reading = store.get(key)
        reading.onsuccess = () => give(reading.result)
      }),
    set: (key, value) => database.use('readwrite', (store) => void store.put(value, key)),
    remove: (key) => database.use('readwrite', (store) => void store.delete(key)),
    update: (key, change) =>
      database.use('readwrite', (store) => {
        const reading = store.get(key)
        reading.onsuccess = () => {
          const value = change(reading.result)
          if (value === undefined) store.delete(key)
          else store.put(value, key)
        }
      }),
  }
}

type Act<T> = (store: IDBObjectStore, give: (value: T) => void) => void

class Database {
  readonly #name: string
  readonly #factory: () => IDBFactory
  #opening: Promise<IDBDatabase> | undefined

  constructor(name: string, factory: () => IDBFactory) {
    this.#name = name
    this.#factory = factory
  }

  /** Runs one transaction. Resolves to what was given when it is committed; rejects with the browser's reason, and nothing has changed. */
  async use<T>(mode: IDBTransactionMode, act: Act<T>): Promise<T> {
    try {
      return await transact(await this.#open(), mode, act)
    } catch (thrown) {
      // The connection was closed under us, by a newer page or by a browser that tidied up: another one may do.
      if (!(thrown instanceof Error) || thrown.name !== 'InvalidStateError') throw thrown
      this.#opening = undefined
      return transact(await this.#open(), mode, act)
    }
  }

  #open(): Promise<IDBDatabase> {
    if (this.#opening !== undefined) return this.#opening
    const forget = (): void => {
      if (this.#opening === opening) this.#opening = undefined
    }
    const opening = openDatabase(this.#name, this.#factory, forget)
    this.#opening = opening
    // What failed once is tried again with the next access: private windows end, and disks are tidied.
    opening.catch(forget)
    return opening
  }
}

function openDatabase(
  name: string,
  factory: () => IDBFactory,
  closed: () => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory().open(name, LAYOUT)
    let isGivenUp = false
    request.onupgradeneeded = () => {
      if (!request.result.objectStoreNames.contains(STORE)) request.result.createObjectStore(STORE)
    }
    request.onblocked = () => {
      isGivenUp = true
      reject(named('BlockedError', 'another page holds the database open in an older layout'))
    }
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const database = request.result
      if (isGivenUp) return database.close()
      database.onversionchange = () => {
        closed()
        database.close()
      }
      database.onclose = closed
      resolve(database)
    }
  })
}

function transact<T>(database: IDBDatabase, mode: IDBTransactionMode, act: Act<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode)
    let result: T
    transaction.oncomplete = () => resolve(result)
    transaction.onabort = () =>
      reject(transaction.error ?? named('AbortError', 'the transaction was aborted'))
    act(transaction.objectStore(STORE), (value) => {
      result = value
    })
  })
}

function named(name: string, text: string): Error {
  return Object.assign(new Error(text), { name })
}
