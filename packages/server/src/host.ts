/** One host with several workers: the process that forks them, reloads them, and ends after the last of them. */
import { closeSync, openSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { serveIpc } from '@madang/fanout/ipc'
import { systemClock } from './clock.ts'
import type { Config, ConfigReading } from './config.ts'
import { obeySignals } from './lifecycle/signals.ts'
import type { Log } from './log.ts'
import { clusterForker, isWorkerOfOthers } from './workers/fork.ts'
import { placeVariables } from './workers/place.ts'
import { Primary } from './workers/primary.ts'

export interface HostOptions {
  readonly config: Config
  /** Reads the settings as a new worker would, for a reload. */
  read(): ConfigReading
  /** What workers run, and its arguments. */
  readonly script: string
  readonly args: readonly string[]
  readonly log: Log
  /** Tells the operator in one line, past the log. */
  tell(line: string): void
}

/** The workers' own bound is 29 s; theirs and ours end within the 30 s that orchestrators give. */
const shutdownMsMax = 29_800
const faultMsMax = 10_000

function workersOf({ workers }: Config): number {
  return workers === 'auto' ? availableParallelism() : workers
}

/** Resolves when the last worker is gone and the process is about to end. */
export async function runHost(options: HostOptions): Promise<void> {
  const { config, log, tell } = options
  if (isWorkerOfOthers()) {
    tell(
      `WORKERS is ${config.workers}, but a process manager has made this process a worker already. Set WORKERS=1, or let the manager start one process.`,
    )
    process.exit(78)
  }
  const ipc = await serveIpc()
  const primary = new Primary({
    forker: clusterForker(options.script, options.args),
    clock: systemClock,
    random: Math.random,
    log,
    wanted: workersOf(config),
    envOf: (worker) => placeVariables({ worker, brokerPath: ipc.path }),
    onUp: (url, wanted) => log.info({ workers: wanted }, `Madang is ready: ${url}`),
  })
  const app = {
    drain: async () => {},
    async stop() {
      const { code } = await primary.stop()
      await ipc.stop()
      return code === 0 ? [] : ['workers']
    },
  }
  obeySignals({ host: process, app, clock: systemClock, log, shutdownMsMax, faultMsMax })
  obeyHangUps(options, primary)
  primary.begin()
  const { code, line } = await primary.ended
  // By order: whoever obeys the signal ends the process.
  if (line === undefined) return
  tell(line)
  await ipc.stop()
  process.exit(code)
}

/** SIGHUP is the order to reload, wherever there is such a signal; from a terminal that is gone it is the end, as for every other program. */
function obeyHangUps({ read, log, tell }: HostOptions, primary: Primary): void {
  const hadTerminal = process.stdout.isTTY === true || process.stdin.isTTY === true
  process.on('SIGHUP', () => {
    if (hadTerminal && !isTerminalThere()) {
      process.emit('SIGTERM', 'SIGTERM')
      return
    }
    const reading = read()
    if (reading.outcome === 'config') {
      log.info({}, 'SIGHUP: reloading.')
      primary.reload(workersOf(reading.config))
      return
    }
    const problems = reading.outcome === 'refused' ? reading.problems : []
    for (const problem of problems) tell(problem)
    log.error({}, 'SIGHUP: a setting is wrong, so nothing is reloaded.')
  })
}

function isTerminalThere(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
