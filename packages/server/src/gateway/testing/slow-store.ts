/** A store that is some turns of the event loop away, as one behind a network is: what is read is old when it arrives. */
import type { Store } from '../../store/store.ts'

type Turns = () => number

async function pass(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** `turns` says how many turns of the event loop a call takes to arrive, and its answer to come back. Appends arrive at once, so that their order stays. */
export function slowStore(store: Store, turns: Turns): Store {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      if (name === 'start' || name === 'stop') return method.bind(target)
      return async (...args: unknown[]) => {
        if (name !== 'append') await pass(turns())
        const result: unknown = await method.apply(target, args)
        await pass(turns())
        return result
      }
    },
  })
}
