/** What the process itself tells: CPU, memory, file descriptors, and how late the event loop is. */
import { readdir } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { heapBytes, residentBytes } from './memory.ts'
import type { Metrics } from './metrics.ts'

/** Sampling of the event loop, in ms. Lag shorter than this is not seen. */
const resolutionMs = 10

export interface ProcessMetrics {
  /** Calling it twice is calling it once. */
  stop(): void
}

export function watchProcess(metrics: Metrics): ProcessMetrics {
  const lag = monitorEventLoopDelay({ resolution: resolutionMs })
  lag.enable()
  const one = (value: number) => [{ labels: {}, value }]
  const late = (nanoseconds: number) =>
    one(Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3) : 0)

  metrics.watch('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage()
    return one((user + system) / 1e6)
  })
  metrics.watch('process_resident_memory_bytes', () => one(residentBytes()))
  metrics.watch('process_start_time_seconds', () => one(performance.timeOrigin / 1_000))
  metrics.watch('process_open_fds', async () => one((await readdir('/proc/self/fd')).length))
  metrics.watch('nodejs_heap_size_used_bytes', () => one(heapBytes().used))
  metrics.watch('nodejs_heap_size_total_bytes', () => one(heapBytes().total))
  metrics.watch('nodejs_external_memory_bytes', () => one(heapBytes().external))
  metrics.watch('nodejs_eventloop_lag_p50_seconds', () => late(lag.percentile(50)))
  metrics.watch('nodejs_eventloop_lag_p99_seconds', () => late(lag.percentile(99)))
  metrics.watch('nodejs_eventloop_lag_max_seconds', () => late(lag.max))
  metrics.watch('nodejs_eventloop_lag_seconds', () => {
    const { mean } = lag
    // The last one that is looked at: the next scrape begins anew.
    lag.reset()
    return late(mean)
  })
  return { stop: () => lag.disable() }
}
