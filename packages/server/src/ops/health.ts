/** Tells whoever watches the node whether it lives, and whether it is ready for work. Says nothing that a stranger could use. */
import type { Clock } from '../clock.ts'

export interface HealthParts {
  readonly clock: Clock
  /** Where the node is between start and stop; it is ready while it is `running`. */
  readonly phase: () => string
  /** Resolves where the store answers. */
  readonly pingStore: () => Promise<void>
  readonly isBrokerConnected: () => boolean
  /** Where the node is one of several workers behind one port: how many serve, of how many. */
  readonly workers?: () => WorkersSeen
}

export interface WorkersSeen {
  readonly wanted: number
  readonly ready: number
  /** All of them stop. */
  readonly stopping: boolean
}

export interface Readiness {
  /** `degraded`: it serves, but something is away that heals by itself. */
  readonly status: 'ready' | 'degraded' | 'not_ready'
  readonly phase: string
  readonly parts: {
    readonly store: 'up' | 'down'
    /** Down: what other nodes commit is read from the store, a little later. */
    readonly broker: 'up' | 'down'
  }
  /** Of this host, where there are several: the answer is the host's, whichever of them gives it. */
  readonly workers?: { readonly wanted: number; readonly ready: number }
}

export interface Health {
  liveness(): { readonly status: 'alive' }
  /** Asks the store at most once a second, however often it is called. */
  readiness(): Promise<Readiness>
}

/** How long an answer of the store counts, and how long one is waited for, in ms. */
export const pingMs = { cached: 1_000, max: 2_000 } as const

export function createHealth({
  clock,
  phase,
  pingStore,
  isBrokerConnected,
  workers,
}: HealthParts): Health {
  let asked: { readonly atMs: number; readonly answer: Promise<boolean> } | undefined

  function isStoreUp(): Promise<boolean> {
    const nowMs = clock.monotonic()
    if (asked === undefined || nowMs - asked.atMs >= pingMs.cached) {
      asked = { atMs: nowMs, answer: withinBound(clock, pingStore) }
    }
    return asked.answer
  }

  return {
    liveness: () => ({ status: 'alive' }),
    async readiness() {
      const store = (await isStoreUp()) ? 'up' : 'down'
      const broker = isBrokerConnected() ? 'up' : 'down'
      const now = phase()
      const seen = workers?.()
      const facts = {
        phase: now,
        parts: { store, broker },
        ...(seen && { workers: { wanted: seen.wanted, ready: seen.ready } }),
      } as const
      // A worker that leaves is asked by whoever kept a connection to it; the others serve on.
      const isServed = now === 'running' || (seen !== undefined && seen.ready > 0)
      if (!isServed || seen?.stopping || store === 'down') return { status: 'not_ready', ...facts }
      const isWhole = broker === 'up' && (seen === undefined || seen.ready >= seen.wanted)
      return { status: isWhole ? 'ready' : 'degraded', ...facts }
    },
  }
}

function withinBound(clock: Clock, ping: () => Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.after(pingMs.max, () => resolve(false))
    const settle = (isUp: boolean) => {
      timer.cancel()
      resolve(isUp)
    }
    ping().then(
      () => settle(true),
      () => settle(false),
    )
  })
}
