/** A store whose `busy` refusals are asked again, as clients do: for stores that refuse whoever comes while another writes. */
import { setImmediate as turn } from 'node:timers/promises'
import { type Store, StoreError } from '../store.ts'

export function patient(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        for (;;) {
          try {
            return await member.apply(target, given)
          } catch (error) {
            if (!(error instanceof StoreError) || error.code !== 'busy') throw error
            await turn()
          }
        }
      }
    },
  })
}
