// One process of the cluster: started with a log file, known to be ready, killed, brought back, and ended by its own id.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Running } from '../../tests/services/part.ts'

export interface Plan {
  /** 'node-1', 'redis': what people type, and the log file's name. */
  readonly name: string
  /** What it is here, for the table: 'broker'. */
  readonly what: string
  readonly binary: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where it runs, and may write. */
  readonly folder: string
  readonly logFile: string
  readonly port: number
  readonly url: string
  /** Whether it answers as itself. Rejects or says false as long as it does not. */
  isReady(): Promise<boolean>
  /** Whom it runs as, where it refuses to be root. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** The signal that it stops cleanly by; SIGTERM unless given. */
  readonly stopSignal?: NodeJS.Signals
  /** From that signal on; then it is killed. */
  readonly stopMsMax?: number
}

export type State = 'running' | 'frozen' | 'gone'

/** Told when it ends and nobody asked for that; `how` is for a person. */
export type OnCrash = (name: string, how: string) => void

const HOST = '127.0.0.1'
const readyMsMax = 60_000
const readyCheckMs = 50
const stopMsMax = 10_000
const logCharsShown = 2_000

export class Member implements Running {
  readonly host = HOST
  readonly plan: Plan
  readonly #onCrash: OnCrash
  #child: ChildProcess | undefined
  #isFrozen = false

  constructor(plan: Plan, onCrash: OnCrash) {
    this.plan = plan
    this.#onCrash = onCrash
  }

  get name(): string {
    return this.plan.name
  }

  get port(): number {
    return this.plan.port
  }

  get url(): string {
    return this.plan.url
  }

  /** 0 where it does not run. */
  get pid(): number {
    return this.#isAlive() ? (this.#child?.pid ?? 0) : 0
  }

  get state(): State {
    if (!this.#isAlive()) return 'gone'
    return this.#isFrozen ? 'frozen' : 'running'
  }

  /** Starts it, after ending what may still run of it. Rejects with the end of its log where it does not come up. */
  async restart(): Promise<void> {
    await this.kill()
    const { binary, args, env, folder, logFile, user } = this.plan
    mkdirSync(folder, { recursive: true })
    const log = openSync(logFile, 'a')
    const child = spawn(binary, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      // A session of its own: Ctrl-C in the terminal is told to us alone, and we stop the parts in order.
      detached: true,
      ...user,
    })
    closeSync(log)
    this.#child = child
    child.once('error', () => undefined)
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.#onCrash(this.name, signal ?? `code ${code}`)
    })
    await this.#ready(child)
  }

  /** As a crash would end it, with all that it started. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#end(this.plan.stopSignal ?? 'SIGTERM')
  }

  /** It stays, and does nothing: connections to it hang. */
  freeze(): void {
    if (this.#isAlive()) this.#isFrozen = this.#child?.kill('SIGSTOP') ?? false
  }

  thaw(): void {
    if (this.#isAlive()) this.#child?.kill('SIGCONT')
    this.#isFrozen = false
  }

  /** At once and without waiting, for the last moment of this process. */
  abandon(): void {
    const child = this.#child
    this.#child = undefined
    if (child?.pid === undefined || !isAlive(child)) return
    signalGroup(child.pid, 'SIGKILL')
  }

  async #ready(child: ChildProcess): Promise<void> {
    const untilMs = performance.now() + readyMsMax
    while (performance.now() < untilMs && child.pid !== undefined && isAlive(child)) {
      if (await this.plan.isReady().catch(() => false)) return
      await wait(readyCheckMs)
    }
    const isOurs = this.#child === child
    await this.kill()
    if (isOurs) throw new Error(`${this.name} did not come up:\n${tail(this.plan.logFile)}`)
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    // From here on its end is no crash.
    this.#child = undefined
    const wasFrozen = this.#isFrozen
    this.#isFrozen = false
    if (child?.pid === undefined || !isAlive(child)) return
    const { pid } = child
    const gone = once(child, 'exit')
    if (signal === 'SIGKILL') signalGroup(pid, signal)
    else child.kill(signal)
    if (wasFrozen) child.kill('SIGCONT')
    const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), this.plan.stopMsMax ?? stopMsMax)
    await gone
    clearTimeout(late)
  }

  #isAlive(): boolean {
    return this.#child !== undefined && isAlive(this.#child)
  }
}

const isAlive = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null

/** It leads a group of its own, so this reaches its children and nobody else. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // Gone already.
  }
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(-logCharsShown)
  } catch {
    return '(it wrote nothing)'
  }
}
