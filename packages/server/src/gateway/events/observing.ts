/** What operators look at. */
import type { Handlers } from './call.ts'

export const observing: Pick<Handlers, 'observe'> = {
  async observe(desk, { session, request: { cluster, follow }, answer }) {
    await desk.observers.observe(session, cluster, follow)
    answer({})
  },
}
