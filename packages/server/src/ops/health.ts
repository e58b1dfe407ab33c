/** Tells whoever watches the node whether it lives, and whether it is ready for work. Says nothing that a stranger could use. */
import type { Clock } from '../clock.ts'

export interface HealthParts {
  readonly clock: Clock
  /** Where the node is between start and stop; it is ready while it is `running`. */
  readonly phase: () => string
  /** Resolves where the store answers. */
  readonly pingStore: () => Promise<void>
  readonly isBrokerConnected: () => boolean
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
}

export interface Health {
  liveness(): { readonly status: 'alive' }
  /** Asks the store at most once a second, however often it is called. */
  readiness(): Promise<Readiness>
}

/** How long an answer of the store counts, and how long one is waited for, in ms. */
export const pingMs = { cached: 1_000, max: 2_000 } as const

export function createHealth({ clock, phase, pingStore, isBrokerConnected }: HealthParts): Health {
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
      const parts = { store, broker } as const
      if (now !== 'running' || store === 'down') return { status: 'not_ready', phase: now, parts }
      return { status: broker === 'up' ? 'ready' : 'degraded', phase: now, parts }
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
