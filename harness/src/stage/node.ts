/** One place of the fleet where a node runs: it can be ended in every way, and started again there or beside. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { freeze } from '../../../tests/services/freeze.ts'
import type { Host } from '../hosts/host.ts'

export interface NodeParts {
  /** 'node-1' */
  readonly name: string
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
  /** Undefined: this machine. */
  readonly host: Host | undefined
}

const CHECK_MS = 50

export class StageNode {
  readonly name: string
  readonly #parts: NodeParts
  #server: SpawnedServer | undefined
  #starting: Promise<SpawnedServer> | undefined
  #isStopped = false

  constructor(parts: NodeParts) {
    this.name = parts.name
    this.#parts = parts
  }

  get pid(): number {
    return this.#running.pid
  }

  get url(): string {
    return `http://${this.address}`
  }

  get port(): number {
    return Number(new URL(this.#running.url).port)
  }

  /** '127.0.0.1:4000' */
  get address(): string {
    return `${this.#parts.host?.address ?? '127.0.0.1'}:${this.port}`
  }

  /** Where it runs, where that is not this machine. */
  get host(): Host {
    if (this.#parts.host === undefined) throw new Error(`${this.name} has no host of its own`)
    return this.#parts.host
  }

  get isRunning(): boolean {
    return this.#server !== undefined
  }

  /** Whether it runs, does not stand still, and can be reached. */
  get isAwake(): boolean {
    return this.isRunning && !this.#isFrozen && this.#parts.host?.isReachable !== false
  }

  /** What it wrote since it was started the last time. */
  output(): string {
    return this.#server?.output() ?? ''
  }

  /** On a free port the first time, and on the same port again after `end`. Resolves when it is ready to serve. */
  async start(): Promise<void> {
    // A story that was broken off goes on until its next step.
    if (this.#isStopped) throw new Error(`${this.name} was stopped`)
    const { dataDir, env, host } = this.#parts
    const port = this.#port === 0 ? {} : { PORT: String(this.#port) }
    const place = host && { HOST: host.address, INTERNAL_HOST: host.address }
    this.#starting = spawnServer({
      dataDir,
      env: { ...env, ...port, ...place },
      by: host?.command ?? [],
    })
    this.#server = await this.#starting
    this.#starting = undefined
    this.#port = this.port
    await this.until('ready', 'degraded')
  }

  #port = 0
  #isFrozen = false

  /** Ends it by a signal; resolves to the exit code when it is gone, null where the signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<number | null> {
    const server = this.#running
    const code = await server.kill(signal)
    this.#server = undefined
    this.#isFrozen = false
    return code
  }

  /** Waits until it has ended by itself, however long that takes; resolves to its exit code, null where a signal ended it. */
  async gone(): Promise<number | null> {
    const code = await this.#running.exited()
    this.#server = undefined
    return code
  }

  /** Sends a signal, without waiting. */
  signal(signal: NodeJS.Signals): void {
    this.#running.signal(signal)
  }

  /** Stands still, its connections open, until `thaw`. Resolves when none of its threads runs any more. */
  async freeze(): Promise<void> {
    this.#isFrozen = true
    await freeze(this.pid)
  }

  thaw(): void {
    this.signal('SIGCONT')
    this.#isFrozen = false
  }

  /** What `/health/readiness` says: 'ready', 'degraded', ...; 'away' where nothing answers. */
  async readiness(): Promise<string> {
    try {
      const response = await fetch(`${this.url}/health/readiness`)
      const { status } = (await response.json()) as { readonly status: string }
      return status
    } catch {
      return 'away'
    }
  }

  /** Waits until readiness is one of these, however long that takes. */
  async until(...statuses: readonly string[]): Promise<void> {
    while (!statuses.includes(await this.readiness())) await sleep(CHECK_MS)
  }

  /** The sum of a metric over its labels that fit: `metric('madang_sockets')`, `metric('madang_feed_total', 'what="frame_received"')`. */
  async metric(name: string, label = ''): Promise<number> {
    const page = await (await fetch(`${this.url}/metrics`)).text()
    const lines = page.split('\n').filter((line) => line.startsWith(name) && line.includes(label))
    const values = lines.filter((line) => /^[^\s{]+/.exec(line)?.[0] === name)
    return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }

  /** Whatever state it is in. Calling it twice is calling it once. */
  async stop(): Promise<void> {
    this.#isStopped = true
    // One that is on its way is ended when it has come.
    const server = this.#server ?? (await this.#starting?.catch(() => undefined))
    this.#server = undefined
    if (server === undefined) return
    // A frozen process would not hear anything else.
    server.signal('SIGCONT')
    await server.kill('SIGKILL')
  }

  get #running(): SpawnedServer {
    if (this.#server === undefined) throw new Error(`${this.name} does not run`)
    return this.#server
  }
}
