/** The system's clock, but for waits of no time: these end in the next turn of the event loop, so that a test's turns and the node's are equally long. */
import { type Clock, systemClock } from '../../clock.ts'

export const turnClock: Clock = {
  ...systemClock,
  after(delayMs, run) {
    if (delayMs > 0) return systemClock.after(delayMs, run)
    const handle = setImmediate(run)
    return { cancel: () => clearImmediate(handle) }
  },
}
