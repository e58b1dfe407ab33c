/** Small texts that survive a reload, in the browser's storage where it lets us. */

export interface Keep {
  get(key: string): string | undefined
  set(key: string, value: string): void
  remove(key: string): void
  /** Removes every text whose key begins so. */
  clear(prefix: string): void
}

type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const PREFIX = 'madang.'

/** Storage that is full, forbidden or absent forgets, and never throws. */
export function createKeep(shelf: () => Shelf): Keep {
  const attempt = <T>(act: (shelf: Shelf) => T): T | undefined => {
    try {
      return act(shelf())
    } catch {
      return undefined
    }
  }
  return {
    get: (key) => attempt((all) => all.getItem(PREFIX + key)) ?? undefined,
    set: (key, value) => attempt((all) => all.setItem(PREFIX + key, value)),
    remove: (key) => attempt((all) => all.removeItem(PREFIX + key)),
    clear(prefix) {
      attempt((all) => {
        const keys = Array.from({ length: all.length }, (_, at) => all.key(at))
        for (const key of keys) if (key?.startsWith(PREFIX + prefix)) all.removeItem(key)
      })
    },
  }
}
