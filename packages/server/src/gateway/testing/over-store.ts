/** A store of which some methods are others. */
import type { Store } from '../../store/store.ts'

export function overStore(store: Store, methods: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(Object.hasOwn(methods, name) ? methods : target, name)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}
