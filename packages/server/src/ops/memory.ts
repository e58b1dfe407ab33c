/** How much memory this process holds, in bytes. Asking must not fail: the system answers through a file, and a process may have none left to open. */
import { getHeapStatistics } from 'node:v8'

/** The last answer where there is none now; 0 before the first. */
export function lastKnown(read: () => number): () => number {
  let last = 0
  return () => {
    try {
      last = read()
    } catch {
      // Out of file descriptors. What is asked for a moment later is as good.
    }
    return last
  }
}

export const residentBytes = lastKnown(() => process.memoryUsage.rss())

/** From V8 alone, which opens nothing. */
export function heapBytes(): {
  readonly used: number
  readonly total: number
  readonly external: number
} {
  const {
    used_heap_size: used,
    total_heap_size: total,
    external_memory: external,
  } = getHeapStatistics()
  return { used, total, external }
}
