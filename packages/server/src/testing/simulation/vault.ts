/** The one store of a simulated run, and each node's way to it: some time away, sometimes barred, sometimes without an answer. */
import type { Clock } from '../../clock.ts'
import { overStore } from '../../gateway/testing/over-store.ts'
import { createSqliteStore } from '../../store/sqlite.ts'
import { type AppendResult, type Store, StoreError } from '../../store/store.ts'
import type { History } from './history.ts'

/** What becomes of a node's calls. `barred`: refused, and nothing is done. `mute`: done, and the answer is lost. `dead`: nobody is there to hear it. */
export interface Way {
  barred: boolean
  mute: boolean
  dead: boolean
}

/** The store itself, which notes what it commits. */
export function createVault(history: History): Store {
  const store = createSqliteStore({ file: ':memory:' })
  const append: Store['append'] = async (entries) => {
    const results = await store.append(entries)
    for (const event of appendedIn(results)) history.note({ what: 'committed', event })
    return results
  }
  const createChannel: Store['createChannel'] = async (channel) => {
    const made = await store.createChannel(channel)
    for (const event of made.events) history.note({ what: 'committed', event })
    return made
  }
  return overStore(store, { append, createChannel })
}

function appendedIn(results: readonly AppendResult[]) {
  return results.flatMap((result) => (result.outcome === 'appended' ? [result.event] : []))
}

/** A node's way to the store. Calls arrive in their order, answers come back in any. */
export function createWay(
  store: Store,
  way: Way,
  { clock, delayMs }: { readonly clock: Clock; delayMs(): number },
): Store {
  const pass = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve))
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...args: unknown[]) => {
        const lost = () => new StoreError('unavailable', 'The way to the store is broken.')
        await pass(1)
        if (way.barred) throw lost()
        const answer = await settled(method.apply(target, args))
        await pass(delayMs())
        if (way.dead) await new Promise(() => {})
        if (way.mute) throw lost()
        return answer()
      }
    },
  })
}

/** What a promise came to, to be had later. */
async function settled(promise: Promise<unknown>): Promise<() => unknown> {
  try {
    const value = await promise
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
