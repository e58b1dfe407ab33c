/** What a process does from its first signal to its last breath: drain, stop, exit; and what a fault or an impatient operator changes. */
import { constants } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

export type StopSignal = 'SIGTERM' | 'SIGINT'

/** The part of `process` that is needed. */
export interface Host {
  on(event: StopSignal, listener: () => void): unknown
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown
  off(event: StopSignal | 'uncaughtException', listener: (error: unknown) => void): unknown
  exit(code: number): void
}

export interface Stoppable {
  drain(): Promise<void>
  /** Resolves to the names of what did not stop cleanly. */
  stop(): Promise<readonly string[]>
}

export interface SignalOptions {
  readonly host: Host
  readonly app: Stoppable
  readonly clock: Clock
  readonly log: Log
  /** From the first signal to the exit at the latest. */
  readonly shutdownMsMax: number
  /** From a fault to the exit at the latest. */
  readonly faultMsMax: number
}

/**
 * The same signal again, so soon after the first, is one order that arrived twice, in ms: supervisors that signal a whole process group (systemd, GNU timeout) reach the
 * server directly and through its parent. A person takes longer to ask again.
 */
const echoMsMax = 500

/** As shells have it: 128 and the signal's number. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal]
}

/**
 * The first SIGTERM or SIGINT drains, stops and exits with 0, or 1 where something did not stop cleanly or in time. A second one, unless it is
 * the echo of the first, exits at once with 143 or 130. A fault nobody caught (a rejection nobody handled is one too) stops without draining, since nobody knows what still works, and exits with 1.
 * Returns a function that takes the listeners away.
 */
export function obeySignals({ host, app, clock, log, ...bounds }: SignalOptions): () => void {
  let isStopping = false
  let code = 0
  let first: { readonly signal: StopSignal; readonly atMs: number } | undefined

  function finishWithin(limitMs: number, finish: () => Promise<readonly string[]>): void {
    const timer = clock.after(limitMs, () => {
      log.fatal({ limitMs }, 'Stopping took too long; exiting now.')
      host.exit(1)
    })
    const exit = (exitCode: number) => {
      timer.cancel()
      host.exit(exitCode)
    }
    finish().then(
      (unclean) => exit(unclean.length > 0 ? 1 : code),
      (error) => {
        log.fatal({ err: error }, 'Stopping failed.')
        exit(1)
      },
    )
  }

  function onSignal(signal: StopSignal): void {
    if (first?.signal === signal && clock.monotonic() - first.atMs < echoMsMax) return
    if (isStopping) {
      log.warn({ signal }, `${signal} again: exiting at once.`)
      host.exit(exitCodeOf(signal))
      return
    }
    isStopping = true
    first = { signal, atMs: clock.monotonic() }
    log.info({ signal }, `${signal}: draining.`)
    finishWithin(bounds.shutdownMsMax, async () => {
      await app.drain()
      const unclean = await app.stop()
      log.info({ unclean }, 'Stopped.')
      return unclean
    })
  }

  function onFault(error: unknown): void {
    log.fatal({ err: error }, 'A fault that nobody caught: stopping.')
    code = 1
    if (isStopping) return
    isStopping = true
    finishWithin(bounds.faultMsMax, () => app.stop())
  }

  const onTerm = () => onSignal('SIGTERM')
  const onInt = () => onSignal('SIGINT')
  host.on('SIGTERM', onTerm)
  host.on('SIGINT', onInt)
  host.on('uncaughtException', onFault)
  return () => {
    host.off('SIGTERM', onTerm)
    host.off('SIGINT', onInt)
    host.off('uncaughtException', onFault)
  }
}
