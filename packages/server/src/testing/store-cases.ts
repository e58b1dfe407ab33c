/** The store's suite for backends that are not ours, over a store that asks them by HTTP. */
import { systemClock } from '../clock.ts'
import { createRemoteStore } from '../store/remote.ts'
import { type StoreCasesOptions, storeCases } from '../store/store.case.ts'

export interface BackendCasesOptions extends Pick<StoreCasesOptions, 'name' | 'skip'> {
  /** A backend with nothing in it, listening. */
  newBackend(): Promise<{ readonly url: string; stop(): Promise<void> }>
  readonly secret: string
}

/** Registers the suite, each case with a backend of its own. */
export function backendCases({ newBackend, secret, ...options }: BackendCasesOptions): void {
  storeCases({
    ...options,
    async newStore() {
      const { url, stop } = await newBackend()
      const store = createRemoteStore({
        ...{ url, secret, clock: systemClock, random: Math.random },
        report: { called() {}, warn() {}, info() {} },
      })
      return { store, remove: stop }
    },
  })
}
