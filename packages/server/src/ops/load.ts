/** Tells when the node has more to do than it can: newcomers are then asked to wait, and those who are there are served. */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Clock, Timer } from '../clock.ts'

export const LOAD = {
  /** The part of the time that the event loop works, past which it has no time left. A machine that is busy with something else makes timers late, too, but leaves an idle node idle. */
  utilizationMax: 0.95,
  /** How often the node looks at itself, in ms. */
  windowMs: 1_000,
  /** What newcomers are told to wait, in ms: at random, so that they do not come back together. */
  retryMsMin: 1_000,
  retryMsMax: 4_000,
} as const

/** One look: how late timers were, 99th percentile, and how much of the time there was work. */
export interface Look {
  readonly lagMs: number
  readonly utilization: number
}

/** How long a newcomer is told to wait, in ms; 0: not at all. `chance` is from 0 up to 1. */
export function waitFor({ lagMs, utilization }: Look, lagMsMax: number, chance: number): number {
  const isTooMuch = lagMsMax > 0 && lagMs > lagMsMax && utilization > LOAD.utilizationMax
  if (!isTooMuch) return 0
  return Math.round(LOAD.retryMsMin + chance * (LOAD.retryMsMax - LOAD.retryMsMin))
}

export interface LoadWatch {
  /** Cheap: asked at every handshake. */
  waitMs(): number
  start(): void
  /** Calling it twice is calling it once. */
  stop(): void
}

/** Looks at the event loop since the last look. */
export interface Gauge {
  start(): void
  look(): Look
  stop(): void
}

export interface LoadOptions {
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** How late timers may be; 0: newcomers never wait. */
  readonly lagMsMax: number
  readonly gauge?: Gauge
}

const idle: Look = { lagMs: 0, utilization: 0 }

export function createLoadWatch(options: LoadOptions): LoadWatch {
  const { clock, random, lagMsMax, gauge = eventLoopGauge() } = options
  let last = idle
  let timer: Timer | undefined
  return {
    waitMs: () => waitFor(last, lagMsMax, random()),
    start() {
      if (lagMsMax === 0 || timer !== undefined) return
      gauge.start()
      timer = clock.every(LOAD.windowMs, () => {
        last = gauge.look()
      })
    },
    stop() {
      timer?.cancel()
      gauge.stop()
      last = idle
    },
  }
}

/** The event loop of this thread. */
export function eventLoopGauge(): Gauge {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  let before: EventLoopUtilization | undefined
  return {
    start() {
      delay.enable()
      before = performance.eventLoopUtilization()
    },
    look() {
      const now = performance.eventLoopUtilization()
      const { utilization } = performance.eventLoopUtilization(now, before)
      const lagMs = delay.percentile(99) / 1e6
      before = now
      delay.reset()
      return { lagMs, utilization }
    },
    stop: () => void delay.disable(),
  }
}
