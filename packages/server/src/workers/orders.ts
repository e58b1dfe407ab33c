/** A worker stops by its primary's order, not by signals: terminals and supervisors tell whole process groups, and the primary, which they told too, passes the order on. */
import type { Host, StopSignal } from '../lifecycle/signals.ts'
import type { WorkerLink } from './link.ts'

/** The part of `process` that is needed. */
export interface WorkerProcess {
  on(event: NodeJS.Signals, listener: () => void): unknown
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown
  off(event: 'uncaughtException', listener: (error: unknown) => void): unknown
  exit(code: number): void
}

/**
 * What `obeySignals` takes for the process: its SIGTERM is the order to leave. A SIGTERM for this worker alone is told to the primary, which lets it leave and
 * forks another; where the whole group was told, the order is on its way already. Ctrl-C and hang-ups are the primary's.
 */
export function hostOf(link: WorkerLink, process: WorkerProcess, shut: () => void): Host {
  process.on('SIGTERM', () => link.told())
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  let onOrder: (() => void) | undefined
  link.onShut(shut)
  link.onLeave((how) => {
    if (how === 'retire') shut()
    onOrder?.()
  })
  return {
    on(event: StopSignal | 'uncaughtException', listener: (error: unknown) => void) {
      if (event === 'uncaughtException') process.on(event, listener)
      if (event === 'SIGTERM') onOrder = () => listener(undefined)
    },
    off(event: StopSignal | 'uncaughtException', listener: (error: unknown) => void) {
      if (event === 'uncaughtException') process.off(event, listener)
      if (event === 'SIGTERM') onOrder = undefined
    },
    exit: (code) => process.exit(code),
  }
}
