/** The process: reads its configuration, starts the server, obeys signals, and ends with an exit code. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { systemClock } from './clock.ts'
import { type EnvFile, readEnvFile } from './config/env-file.ts'
import { type Config, type ConfigReading, readConfig } from './config.ts'
import { runHost } from './host.ts'
import { createNewId, systemRandom } from './ids.ts'
import { obeySignals } from './lifecycle/signals.ts'
import { startProblem } from './lifecycle/start-problem.ts'
import { StartFailure } from './lifecycle.ts'
import { createLog, fileSink, type Log } from './log.ts'
import { WorkerLink } from './workers/link.ts'
import { hostOf } from './workers/orders.ts'
import { takePlace, type WorkerPlace } from './workers/place.ts'

const misconfigured = 78
/** From a fault to the exit at the latest, in ms. */
const faultMsMax = 10_000

const version = versionOf('../package.json')
const place = takePlace(process.env)
const config = configuration()
if (config !== undefined) {
  const log = logOf(config)
  // Even one worker on a machine of one core: what SIGHUP means must not depend on the machine.
  if (place === undefined && config.workers !== 1) await runWorkers(config, log)
  else await run(config, place === undefined ? log : log.child({ worker: place.worker }))
}

function versionOf(manifest: string): string {
  const { version } = JSON.parse(readFileSync(new URL(manifest, import.meta.url), 'utf8'))
  return String(version)
}

/** Undefined: something else than a server was asked for, and it was printed. */
function configuration(): Config | undefined {
  const reading = read()
  if (reading.outcome === 'config') return reading.config
  if (reading.outcome === 'print') process.stdout.write(reading.text)
  else refuse(reading.problems, misconfigured)
  return undefined
}

/** What the environment says already comes before what `.env` says. */
function read(): ConfigReading {
  const file: EnvFile = readEnvFile()
  if ('problem' in file) return { outcome: 'refused', problems: [file.problem] }
  return readConfig({
    argv: process.argv.slice(2),
    env: { ...file.values, ...process.env },
    cwd: process.cwd(),
    version,
  })
}

function refuse(lines: readonly string[], code: number): void {
  for (const line of lines) process.stderr.write(`madang: ${line}\n`)
  process.exitCode = code
}

function logOf(config: Config): Log {
  const isTerminal = process.stdout.isTTY === true
  const format = config.log.format === 'auto' ? (isTerminal ? 'pretty' : 'json') : config.log.format
  return createLog({
    level: config.log.level,
    format,
    sink: fileSink(1),
    colour: isTerminal && process.env.NO_COLOR === undefined,
  })
}

async function runWorkers(config: Config, log: Log): Promise<void> {
  await runHost({
    ...{ config, log, read },
    script: fileURLToPath(import.meta.url),
    args: process.argv.slice(2),
    tell: (line) => process.stderr.write(`madang: ${line}\n`),
  })
}

/** The configuration of one worker of several: they meet at their primary where nothing else was named to meet at. */
function workersConfig(config: Config, { worker, brokerPath }: WorkerPlace): Config {
  return {
    ...config,
    ...(config.nodeId !== undefined && { nodeId: `${config.nodeId}-${worker}` }),
    ...(config.broker.kind === 'none' && { broker: { kind: 'ipc', path: brokerPath } }),
  }
}

async function run(given: Config, log: Log): Promise<void> {
  const config = place === undefined ? given : workersConfig(given, place)
  const link = place && new WorkerLink(place.worker, process, systemClock)
  // Not before it is needed: whoever asks for help, or has a setting wrong, is answered at once.
  const { createApp, shutdownMsMax } = await import('./app.ts')
  const app = createApp(config, {
    clock: systemClock,
    newId: createNewId(systemClock),
    randomBytes: systemRandom,
    random: Math.random,
    log,
    version,
    webFolder: fileURLToPath(new URL('../../web/dist', import.meta.url)),
    // For a worker the order goes to its primary, as a signal for it alone does.
    leave: () => void (link === undefined ? process.emit('SIGTERM', 'SIGTERM') : link.told()),
    ...(link && { host: link }),
  })
  const release = obeySignals({
    host: link === undefined ? process : hostOf(link, process, () => app.unlisten()),
    app,
    clock: systemClock,
    log,
    shutdownMsMax,
    faultMsMax,
  })
  // A process alone has nothing to reload: its terminal is gone, and it ends as by any other order.
  if (link === undefined) process.on('SIGHUP', () => process.emit('SIGTERM', 'SIGTERM'))
  try {
    await app.start()
    if (link === undefined) log.info({}, `Madang is ready: ${app.url}`)
    else link.ready(app.url)
  } catch (error) {
    // Told to stop while it started: whoever obeys the signal ends the process.
    if (error instanceof StartFailure && error.isStopped) return
    release()
    const problem = startProblem(error, config)
    if (problem === null) log.fatal({ err: error }, 'The server could not start.')
    else refuse([problem], 1)
    process.exit(1)
  }
}
