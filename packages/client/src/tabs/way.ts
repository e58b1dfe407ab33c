/** A tab's way to the host: by a worker, by a leading tab, or within the tab itself. */
import type { ToHost, ToTab } from './messages.ts'

export interface Way {
  post(message: ToHost): void
  /** Nobody answers: makes sure that there is a host, if need be another. */
  seek(): void
  /** Lets go, and gives up hosting; resolves when what is unsent is in storage. Calling it twice is calling it once. */
  close(): Promise<void>
}

export interface WayParts {
  heard(message: ToTab): void
  /** This way leads nowhere in this browser. Called at most once, and only before anything was heard. */
  failed(): void
}

export type OpenWay = (parts: WayParts) => Way

/**
 * The first way that leads somewhere; those that fail are taken out of `ways` for good. What was said on a way that failed is said
 * again by whoever asks, since nobody has answered.
 */
export function firstWay(ways: OpenWay[], parts: WayParts): Way {
  let way: Way | undefined
  let isClosed = false
  const next = (): void => {
    const open = ways[0]
    way = open?.({
      heard: parts.heard,
      failed: () => {
        if (isClosed || ways[0] !== open || ways.length < 2) return
        ways.shift()
        const before = way
        next()
        void before?.close()
        parts.failed()
      },
    })
  }
  next()
  return {
    post: (message) => way?.post(message),
    seek: () => way?.seek(),
    async close() {
      isClosed = true
      await way?.close()
    },
  }
}
