// Runs one real server for tests: a free loopback port, a folder of its own, and its end by process id.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Found, Running } from './part.ts'

export interface ServerPlan {
  /** For the folder's name: 'redis'. */
  readonly name: string
  readonly found: Found
  /** Once, before the first start: files that the server needs. */
  prepare?(place: Place): Promise<void>
  args(place: Place): readonly string[]
  url(place: Place): string
  /** Whether it answers as itself. Rejects or says false as long as it does not. */
  isReady(place: Place): Promise<boolean>
  /** Whom it runs as, where it refuses to be root. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** The signal that it stops cleanly by; SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals
  /** It has processes of its own, which are killed with it. */
  readonly hasChildren?: boolean
}

export interface Place {
  readonly port: number
  readonly folder: string
}

const HOST = '127.0.0.1'
const READY_TIMEOUT_MS = 15_000
const READY_CHECK_MS = 25
/** After this a server that was told to stop is killed. */
const STOP_TIMEOUT_MS = 5_000
const OUTPUT_CHARS_MAX = 20_000

export async function startServer(plan: ServerPlan): Promise<Running> {
  const server = new ServerProcess(plan, {
    port: await freePort(),
    folder: mkdtempSync(join(tmpdir(), `madang-${plan.name}-`)),
  })
  try {
    await plan.prepare?.(server.place)
    await server.restart()
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

class ServerProcess implements Running {
  readonly host = HOST
  readonly place: Place
  readonly #plan: ServerPlan
  /** The last of what the server wrote. */
  #output = ''
  #child: ChildProcess | undefined
  readonly #atExit = (): void => {
    if (this.#child) this.#signal(this.#child, 'SIGKILL')
    this.#clean()
  }

  constructor(plan: ServerPlan, place: Place) {
    this.#plan = plan
    this.place = place
    process.once('exit', this.#atExit)
  }

  get port(): number {
    return this.place.port
  }

  get url(): string {
    return this.#plan.url(this.place)
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  async restart(): Promise<void> {
    await this.kill()
    const { found, user, hasChildren = false } = this.#plan
    const child = spawn(found.path, this.#plan.args(this.place), {
      cwd: this.place.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...found.env },
      // A process group of its own.
      detached: hasChildren,
      ...user,
    })
    const keep = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk).slice(-OUTPUT_CHARS_MAX)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => keep(Buffer.from(error.message)))
    this.#child = child
    await this.#ready(child)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end(this.#plan.stopSignal ?? 'SIGTERM')
    process.off('exit', this.#atExit)
    this.#clean()
  }

  async #ready(child: ChildProcess): Promise<void> {
    const untilMs = performance.now() + READY_TIMEOUT_MS
    while (performance.now() < untilMs && child.pid !== undefined && isAlive(child)) {
      if (await this.#plan.isReady(this.place).catch(() => false)) return
      await wait(READY_CHECK_MS)
    }
    throw new Error(`${this.#plan.name} did not come up on port ${this.port}:\n${this.#output}`)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child?.pid === undefined || !isAlive(child)) return
    const gone = once(child, 'exit')
    this.#signal(child, signal)
    const late = setTimeout(() => this.#signal(child, 'SIGKILL'), STOP_TIMEOUT_MS)
    await gone
    clearTimeout(late)
  }

  /** What can be refused goes to the server alone, which tells its processes. */
  #signal(child: ChildProcess, signal: NodeJS.Signals): void {
    const isForAll = signal === 'SIGKILL' && this.#plan.hasChildren && child.pid !== undefined
    if (!isForAll) {
      child.kill(signal)
      return
    }
    try {
      process.kill(-(child.pid ?? 0), signal)
    } catch {
      // All of them are gone.
    }
  }

  #clean(): void {
    rmSync(this.place.folder, { recursive: true, force: true })
  }
}

const isAlive = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null

/** Whether something listens on the port already. */
export async function isTaken(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST)
  try {
    await once(server, 'listening')
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  } finally {
    server.close()
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

/** What a server says first, or in answer to `said`. Rejects when it cannot be reached. */
export async function firstWords(port: number, said?: string): Promise<string> {
  const socket = connect(port, HOST)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1_000) })
    if (said !== undefined) socket.write(said)
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(1_000) })) as [Buffer]
    return chunk.toString()
  } finally {
    socket.destroy()
  }
}
