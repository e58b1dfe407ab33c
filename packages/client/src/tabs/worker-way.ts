/** The way to a host in a SharedWorker. */
import type { Clock, Timer } from '../clock.ts'
import { TAB_BOUNDS } from './bounds.ts'
import type { ToTab } from './messages.ts'
import type { OpenWay } from './way.ts'

const START_STEPS = 4

/** What is needed of a port of either end. */
export interface Port {
  postMessage(message: unknown): void
  start(): void
  close(): void
  addEventListener(name: 'message', heard: (event: { readonly data: unknown }) => void): void
  addEventListener(name: 'close', closed: () => void): void
}

/** What is needed of a SharedWorker. */
export interface Worker {
  readonly port: Port
  addEventListener(name: 'error', failed: () => void): void
}

/** `start` reaches the worker of this name that runs, or starts it. */
export function workerWay(start: () => Worker, clock: Clock): OpenWay {
  return ({ heard, failed }) => {
    let hasAnswered = false
    let isClosed = false
    let port: Port | undefined
    const giveUp = (): void => {
      if (!hasAnswered && !isClosed) failed()
    }
    // In steps, so that a page that was asleep hears what has come meanwhile before it gives up.
    const wait = (steps: number): Timer =>
      clock.after(TAB_BOUNDS.workerStartMsMax / START_STEPS, () => {
        if (steps > 1) timer = wait(steps - 1)
        else giveUp()
      })
    let timer = wait(START_STEPS)
    const connect = (): void => {
      // Browsers that have no workers here say so by throwing, those whose rules forbid this one by an event.
      const worker = attempt(start)
      if (!worker) {
        queueMicrotask(giveUp)
        return
      }
      const present = worker.port
      port = present
      worker.addEventListener('error', giveUp)
      present.addEventListener('message', ({ data }) => {
        if (isClosed || port !== present) return
        hasAnswered = true
        timer.cancel()
        heard(data as ToTab)
      })
      present.start()
    }
    connect()
    return {
      post: (message) => port?.postMessage(message),
      // The worker has crashed, or is stuck: its name leads to it as long as it lives, and to a new one after.
      seek() {
        port?.close()
        connect()
      },
      async close() {
        isClosed = true
        timer.cancel()
        port?.close()
        port = undefined
      },
    }
  }
}

function attempt(start: () => Worker): Worker | undefined {
  try {
    return start()
  } catch {
    return undefined
  }
}
