/** What is needed of Web Locks: one leader at a time, and a sign of life that ends with the tab, however it ends. */

export interface HeldLock {
  /** Resolves when it is had. */
  readonly held: Promise<void>
  release(): void
}

export interface TabLocks {
  /** Takes a lock that is free, and holds it until it is released or the page is gone. */
  hold(name: string): HeldLock
  /** Calls back once when nobody holds the lock any more. Returns the way to stop waiting. */
  whenFree(name: string, free: () => void): () => void
  /**
   * Waits for the lock, or takes it from whoever has it; `lead` runs as long as it should be held. Resolves when it is given back, taken
   * away by another (then `lead` is still running) or given up by `signal` before it was had.
   */
  lead(
    name: string,
    options: { readonly steal: boolean; readonly signal: AbortSignal },
    lead: () => Promise<void>,
  ): Promise<void>
  /** Whether both locks are held by one page: this one, where one of them is its own. */
  sameHolder(name: string, other: string): Promise<boolean>
}

/** Undefined where the browser has none: old ones, and pages that came over plain http. */
export function systemLocks(): TabLocks | undefined {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks
  return locks && webLocks(locks)
}

function webLocks(locks: LockManager): TabLocks {
  return {
    hold(name) {
      const { promise: held, resolve: have } = Promise.withResolvers<void>()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      const hold = (): Promise<void> => {
        have()
        return released
      }
      void locks.request(name, hold).catch(() => have())
      return { held, release }
    },
    whenFree(name, free) {
      const stop = new AbortController()
      void locks.request(name, { signal: stop.signal }, () => {}).then(free, () => {})
      return () => stop.abort()
    },
    async lead(name, { steal, signal }, lead) {
      // A lock that is taken by force cannot be waited for, nor given up.
      const options = steal ? { steal } : { signal }
      await locks.request(name, options, () => lead()).catch(() => {})
    },
    async sameHolder(name, other) {
      const { held = [] } = await locks.query()
      const holderOf = (wanted: string) => held.find((one) => one.name === wanted)?.clientId
      const holder = holderOf(name)
      return holder !== undefined && holder === holderOf(other)
    },
  }
}
