/** A value that changes and tells about it: the app's own views, shaped like the client's. */
import type { View } from '@madang/client'

export interface Value<T> extends View<T> {
  set(next: T): void
}

export function createValue<T>(initial: T): Value<T> {
  let current = initial
  const subscribers = new Set<() => void>()
  return {
    snapshot: () => current,
    subscribe(changed) {
      subscribers.add(changed)
      return () => subscribers.delete(changed)
    },
    set(next) {
      if (Object.is(next, current)) return
      current = next
      for (const changed of [...subscribers]) changed()
    },
  }
}
