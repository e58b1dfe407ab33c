/** A whole server as a process of its own, which can be killed and started again on the same data. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SpawnOptions {
  /** Kept when the server stops; a temporary one, removed at the end, unless given. */
  readonly dataDir?: string
  /** Settings, over `HOST=127.0.0.1 PORT=0 LAG_LIMIT_MS=0 CONNECTS_PER_SECOND=0 LOG_FORMAT=json`. */
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** A command that becomes the server, with arguments that say how: `['ip', 'netns', 'exec', 'node-1']`. None unless given. */
  readonly by?: readonly string[]
  /** Where it is started, and looks for `.env`; away from anybody's unless given. */
  readonly cwd?: string
}

export interface SpawnedServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  readonly dataDir: string
  /** Everything that it wrote so far, both streams together. */
  output(): string
  /** Sends a signal, without waiting. */
  signal(signal: NodeJS.Signals): void
  /** Resolves to the exit code when the process is gone; null where a signal ended it. */
  exited(): Promise<number | null>
  /** Sends a signal, and resolves to the exit code when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>
  /** A new process with the same settings, data and port; the present one must be gone or is killed. */
  restart(): Promise<SpawnedServer>
  /** SIGTERM, and waits; kills a process that does not end within 30 s. Calling it twice is calling it once. */
  stop(): Promise<void>
}

/** A server that ended before it was ready. */
export class SpawnFailure extends Error {
  readonly code: number | null
  readonly output: string

  constructor(code: number | null, output: string) {
    super(`the server ended with ${code} before it was ready:\n${output}`)
    this.name = 'SpawnFailure'
    this.code = code
    this.output = output
  }
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const READY = /Madang is ready: http:\/\/[^\s":]+:(\d+)/
const stopMsMax = 30_000

/** Resolves when the server says that it is ready; rejects with `SpawnFailure` where it ends before. */
export async function spawnServer(options: SpawnOptions = {}): Promise<SpawnedServer> {
  const folder = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'madang-spawned-')))
  const isOurs = options.dataDir === undefined
  const release = isOurs ? () => rm(folder, { recursive: true, force: true }) : async () => {}
  try {
    return await spawnOn(folder, options, release, 0)
  } catch (error) {
    await release()
    throw error
  }
}

async function spawnOn(
  dataDir: string,
  options: SpawnOptions,
  release: () => Promise<void>,
  usualPort: number,
): Promise<SpawnedServer> {
  const [command = process.execPath, ...rest] = [
    ...(options.by ?? []),
    ...[process.execPath, MAIN, ...(options.args ?? [])],
  ]
  const child = spawn(command, rest, {
    cwd: options.cwd ?? tmpdir(),
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      LOG_FORMAT: 'json',
      LAG_LIMIT_MS: '0',
      CONNECTS_PER_SECOND: '0',
      ...options.env,
      DATA_DIR: dataDir,
      PORT: usualPort === 0 ? (options.env?.PORT ?? '0') : String(usualPort),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collect(child)
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
  const port = await ready(child, output)
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
    await kill('SIGTERM')
    clearTimeout(timer)
    await release()
  }
  let stopped: Promise<void> | undefined
  const stopOnce = () => {
    stopped ??= stop()
    return stopped
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    dataDir,
    output: () => output.text,
    signal: (signal) => void child.kill(signal),
    exited: () => exited,
    kill,
    async restart() {
      await kill('SIGKILL')
      return spawnOn(dataDir, options, release, port)
    },
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  }
}

interface Output {
  text: string
  /** Called on every piece. */
  look: () => void
}

function collect(child: ChildProcess): Output {
  const output: Output = { text: '', look: () => {} }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      output.text += piece
      output.look()
    })
  }
  return output
}

/** Resolves to the port. */
function ready(child: ChildProcess, output: Output): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    output.look = () => {
      const port = READY.exec(output.text)?.[1]
      if (port !== undefined) resolve(Number(port))
    }
    // The last words arrive after the exit, and before the close.
    child.once('close', (code) => reject(new SpawnFailure(code, output.text)))
  })
}
