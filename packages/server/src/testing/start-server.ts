/** A whole server inside the test's own process: on a free port, with a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type App, createApp, type Surroundings } from '../app.ts'
import { systemClock } from '../clock.ts'
import { type Config, readConfig } from '../config.ts'
import { createNewId, systemRandom } from '../ids.ts'
import { createLog, type Log } from '../log.ts'

export interface StartOptions {
  /** Settings as the environment gives them, over `HOST=127.0.0.1 PORT=0 LAG_LIMIT_MS=0 CONNECTS_PER_SECOND=0` and a temporary `DATA_DIR`: tests must not depend on the machine's speed. */
  readonly env?: Readonly<Record<string, string>>
  readonly surroundings?: Partial<Surroundings>
}

export interface StartedServer extends AsyncDisposable {
  readonly url: string
  readonly app: App
  readonly config: Config
  /** What was logged so far, a JSON line each, down to the level of `LOG_LEVEL`. */
  readonly lines: readonly string[]
  /** Stops it, and removes its temporary folder. Calling it twice is calling it once. */
  stop(): Promise<void>
}

/** `await using server = await startServer()` stops it at the end of the block. */
export async function startServer({
  env,
  surroundings,
}: StartOptions = {}): Promise<StartedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'madang-test-'))
  const config = configOf({
    HOST: '127.0.0.1',
    PORT: '0',
    LAG_LIMIT_MS: '0',
    CONNECTS_PER_SECOND: '0',
    DATA_DIR: folder,
    ...env,
  })
  const lines: string[] = []
  const app = createApp(config, {
    clock: systemClock,
    newId: createNewId(systemClock),
    randomBytes: systemRandom,
    random: Math.random,
    log: memoryLog(config.log.level, lines),
    version: '0.0.0-test',
    webFolder: fileURLToPath(new URL('../../../web/dist', import.meta.url)),
    ...surroundings,
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= app.stop().then(() => rm(folder, { recursive: true, force: true }))
    return stopped
  }
  try {
    await app.start()
  } catch (error) {
    await stop()
    throw error
  }
  return { url: app.url, app, config, lines, stop, [Symbol.asyncDispose]: stop }
}

function configOf(env: Readonly<Record<string, string>>): Config {
  const reading = readConfig({ argv: [], env, cwd: tmpdir(), version: '0.0.0-test' })
  if (reading.outcome === 'config') return reading.config
  throw new Error(reading.outcome === 'refused' ? reading.problems.join('\n') : 'not a server')
}

function memoryLog(level: Config['log']['level'], lines: string[]): Log {
  return createLog({
    level,
    format: 'json',
    sink: { write: (line) => void lines.push(line.trimEnd()) },
  })
}
