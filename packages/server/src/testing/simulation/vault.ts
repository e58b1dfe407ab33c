/** The one store of a simulated run, and each node's way to it: some time away, sometimes barred, sometimes without an answer. */
import type { Id, LogEvent } from '@madang/protocol'
import type { Clock } from '../../clock.ts'
import { overStore } from '../../gateway/testing/over-store.ts'
import { type AppendResult, type Store, StoreError } from '../../store/store.ts'
import type { Rows } from '../../store/testing/memory/rows.ts'
import { createMemoryStore } from '../../store/testing/memory-store.ts'

/** What becomes of a node's calls. `barred`: refused, and nothing is done. `mute`: done, and the answer is lost. `dead`: nobody is there to hear it. */
export interface Way {
  barred: boolean
  mute: boolean
  dead: boolean
}

export interface VaultListener {
  committed(event: LogEvent): void
  /** Somebody is in the community from now on, or out of it. */
  placed(personId: Id, inside: boolean): void
}

/** The store itself, which tells what it commits: the one in memory, since a database would make a story ten times as dear. */
export function createVault(rows: Rows, listener: VaultListener): Store {
  const store = createMemoryStore(rows)
  const append: Store['append'] = async (entries) => {
    const results = await store.append(entries)
    for (const event of appendedIn(results)) listener.committed(event)
    return results
  }
  const createChannel: Store['createChannel'] = async (channel) => {
    const made = await store.createChannel(channel)
    for (const event of made.events) listener.committed(event)
    return made
  }
  const setCommunityMember: Store['setCommunityMember'] = async (change) => {
    await store.setCommunityMember(change)
    listener.placed(change.personId, change.role !== null && !change.banned)
  }
  return overStore(store, { append, createChannel, setCommunityMember })
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
  const lost = () => new StoreError('unavailable', 'The way to the store is broken.')
  const through = (method: (...args: unknown[]) => Promise<unknown>) => {
    return async (...args: unknown[]) => {
      await pass(1)
      if (way.barred) throw lost()
      const answer = await settled(method.apply(store, args))
      await pass(delayMs())
      if (way.dead) await new Promise(() => {})
      if (way.mute) throw lost()
      return answer()
    }
  }
  const known = new Map<string | symbol, unknown>()
  return new Proxy(store, {
    get(target, name) {
      if (!known.has(name)) {
        const own: unknown = Reflect.get(target, name)
        known.set(name, typeof own === 'function' ? through(own as () => Promise<unknown>) : own)
      }
      return known.get(name)
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
