/** The process: reads its configuration, starts the server, obeys signals, and ends with an exit code. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { systemClock } from './clock.ts'
import { type Config, readConfig } from './config.ts'
import { createNewId, systemRandom } from './ids.ts'
import { obeySignals } from './lifecycle/signals.ts'
import { startProblem } from './lifecycle/start-problem.ts'
import { StartFailure } from './lifecycle.ts'
import { createLog, fileSink } from './log.ts'

const misconfigured = 78
/** From a fault to the exit at the latest, in ms. */
const faultMsMax = 10_000

const version = versionOf('../package.json')
const config = configuration()
if (config !== undefined) await run(config)

function versionOf(manifest: string): string {
  const { version } = JSON.parse(readFileSync(new URL(manifest, import.meta.url), 'utf8'))
  return String(version)
}

/** Undefined: something else than a server was asked for, and it was printed. */
function configuration(): Config | undefined {
  const unreadable = readEnvironmentFile()
  if (unreadable !== undefined) {
    refuse([unreadable], misconfigured)
    return undefined
  }
  const reading = readConfig({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    version,
  })
  if (reading.outcome === 'config') return reading.config
  if (reading.outcome === 'print') process.stdout.write(reading.text)
  else refuse(reading.problems, misconfigured)
  return undefined
}

/** What the environment says already stays as it is. Returns why the file cannot be read, where it is there. */
function readEnvironmentFile(): string | undefined {
  try {
    process.loadEnvFile()
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error
    return code === 'ENOENT' ? undefined : `The file .env cannot be read (${code}).`
  }
}

function refuse(lines: readonly string[], code: number): void {
  for (const line of lines) process.stderr.write(`madang: ${line}\n`)
  process.exitCode = code
}

async function run(config: Config): Promise<void> {
  const isTerminal = process.stdout.isTTY === true
  const format = config.log.format === 'auto' ? (isTerminal ? 'pretty' : 'json') : config.log.format
  const log = createLog({
    level: config.log.level,
    format,
    sink: fileSink(1),
    colour: isTerminal && process.env.NO_COLOR === undefined,
  })
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
  })
  const release = obeySignals({
    host: process,
    app,
    clock: systemClock,
    log,
    shutdownMsMax,
    faultMsMax,
  })
  try {
    await app.start()
    log.info({}, `Madang is ready: ${app.url}`)
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
