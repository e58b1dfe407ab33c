/** A browser's storage in memory, for tests. */
export function memoryShelf(): Storage {
  const all = new Map<string, string>()
  return {
    get length() {
      return all.size
    },
    key: (at) => [...all.keys()][at] ?? null,
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, value) => void all.set(key, value),
    removeItem: (key) => void all.delete(key),
    clear: () => all.clear(),
  }
}
