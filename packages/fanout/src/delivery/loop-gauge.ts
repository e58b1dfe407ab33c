/** Tells how busy this process's event loop is, without a timer of its own. */
import { type EventLoopUtilization, performance } from 'node:perf_hooks'
import type { Clock } from '../clock.ts'

/** The mean is taken over at least this long, in ms. */
const sampleMs = 200

/** The share of recent time in which the loop had something to do, 0 to 1. Cheap enough to be asked for every event. */
export function loopGauge(clock: Clock): () => number {
  let sampledAt = clock.monotonic()
  let last: EventLoopUtilization = performance.eventLoopUtilization()
  let busy = 0
  return () => {
    const now = clock.monotonic()
    if (now - sampledAt < sampleMs) return busy
    const current = performance.eventLoopUtilization()
    busy = performance.eventLoopUtilization(current, last).utilization
    last = current
    sampledAt = now
    return busy
  }
}
