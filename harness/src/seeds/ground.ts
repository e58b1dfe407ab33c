/** What the claims of one seed stand on: processes on loopback, started when first asked for, and stopped last first whatever happens. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { withAddresses } from '../../../scripts/cluster/nginx.ts'
import { nginx } from '../../../tests/services/nginx.ts'
import type { Running } from '../../../tests/services/part.ts'
import { killSurely } from './children.ts'

/** Of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const lookEveryMs = 25
const patienceMs = 45_000

/** A node that may be ended and started again; what it is now is `server`. */
export class Node {
  #server: SpawnedServer
  readonly #tell: (server: SpawnedServer) => void

  constructor(server: SpawnedServer, tell: (server: SpawnedServer) => void) {
    this.#server = server
    this.#tell = tell
    tell(server)
  }

  get url(): string {
    return this.#server.url
  }

  get server(): SpawnedServer {
    return this.#server
  }

  /** After its end, on the same port and data. */
  async restart(): Promise<void> {
    this.#server = await this.#server.restart()
    this.#tell(this.#server)
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }
}

export class Ground {
  /** Less of everything, for a test. */
  readonly isQuick: boolean
  readonly folder = mkdtempSync(join(tmpdir(), 'madang-seeds-'))
  readonly #stops: (() => Promise<unknown>)[] = []
  readonly #made = new Map<unknown, Promise<unknown>>()
  readonly #pids = new Set<number>()
  #isOver = false
  readonly #atExit = (): void => {
    for (const pid of this.#pids) killSurely(pid)
    this.#clear()
  }

  constructor(isQuick: boolean) {
    this.isQuick = isQuick
    process.once('exit', this.#atExit)
  }

  /** The figure of a whole run, or of a quick one. */
  size(whole: number, quick: number): number {
    return this.isQuick ? quick : whole
  }

  /** Makes it at the first call; later ones get the same, its failure too. */
  once<T>(make: (ground: Ground) => Promise<T>): Promise<T> {
    const made = this.#made.get(make) ?? make(this)
    this.#made.set(make, made)
    // What was made under this key is of this type.
    return made as Promise<T>
  }

  /** Stopped at the end of the seed. What comes after that, from a claim that was given up, is stopped at once. */
  keep<T extends { stop(): Promise<unknown> }>(part: T): T {
    if (this.#isOver) {
      part.stop().catch(() => undefined)
      throw new Error('the seed is over')
    }
    this.#stops.push(() => part.stop())
    return part
  }

  /** Done at the end of the seed. */
  later(act: () => unknown): void {
    this.#stops.push(async () => act())
  }

  /** A server of its own process. Those of one `data` share a folder. */
  async node(
    env: Readonly<Record<string, string>> = {},
    { data = `data-${this.#stops.length}`, args = [] as readonly string[] } = {},
  ): Promise<Node> {
    const server = await spawnServer({
      dataDir: join(this.folder, data),
      env: { RATE_SCALE: '10000', DRAIN_SECONDS: '0', ...env },
      args,
    })
    return this.keep(
      new Node(server, (one) => {
        this.#pids.add(one.pid)
        // A number may be somebody else's later.
        void one.exited().then(() => this.#pids.delete(one.pid))
      }),
    )
  }

  /** nginx before these: with a file of deploy/nginx, or with a configuration that has `upstream` and `listen` of its own. */
  async nginx(
    conf: { readonly file: string } | { readonly text: string },
    urls: readonly string[],
  ) {
    const text =
      'text' in conf ? conf.text : readFileSync(join(ROOT, 'deploy/nginx', conf.file), 'utf8')
    const hosts = urls.map((url) => new URL(url).host)
    const http = (port: number) => withAddresses(text, hosts, `127.0.0.1:${port}`)
    return this.keep<Running>(await nginx.start({ http }))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    for (const stop of this.#stops.splice(0).toReversed()) await stop().catch(() => undefined)
    process.off('exit', this.#atExit)
    this.#clear()
  }

  #clear(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Resolves as soon as it holds; rejects with what was waited for, long after a slow machine would have had it. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + patienceMs
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`this never came: ${what}`)
    await wait(lookEveryMs)
  }
}
