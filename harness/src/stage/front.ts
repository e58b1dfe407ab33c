/** nginx in front of the nodes, with the file that deployments are told to use. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withAddresses } from '../../../scripts/cluster/nginx.ts'
import { childrenOf } from '../../../tests/services/freeze.ts'
import { nginx } from '../../../tests/services/nginx.ts'
import type { Running } from '../../../tests/services/part.ts'

const SITE = join(import.meta.dirname, '../../../deploy/nginx/round-robin.conf')

/** A master that is frozen or gone reloads nothing. */
const RELOAD_MS_MAX = 5_000
const LOOK_MS = 5

export class Front {
  readonly #file: string
  #nginx: Running | undefined
  #addresses: readonly string[] = []

  private constructor(folder: string) {
    this.#file = join(folder, 'site.conf')
  }

  /** `folder`: where its configuration is kept. Addresses are those of the nodes: '127.0.0.1:4000'. */
  static async open(folder: string, addresses: readonly string[]): Promise<Front> {
    const front = new Front(folder)
    front.#nginx = await nginx.start({
      reloadable: true,
      http: (port) => {
        front.#write(port, addresses)
        return `include ${front.#file};`
      },
    })
    return front
  }

  get url(): string {
    return this.process.url
  }

  get port(): number {
    return this.process.port
  }

  /** nginx itself: to be killed, frozen, restarted. */
  get process(): Running {
    if (this.#nginx === undefined) throw new Error('there is no nginx')
    return this.#nginx
  }

  /** Sends new connections there from now on, and leaves the old ones where they are. */
  async route(addresses: readonly string[]): Promise<void> {
    if (String(addresses) === String(this.#addresses)) return
    this.#write(this.port, addresses)
    await this.reload()
  }

  /**
   * Reads its configuration again, as `nginx -s reload` does; resolves when no worker of before takes connections any more. Until then some of those
   * who come are still sent where the old configuration says.
   */
  async reload(): Promise<void> {
    const { pid } = this.process
    const before = childrenOf(pid)
    process.kill(pid, 'SIGHUP')
    const untilMs = performance.now() + RELOAD_MS_MAX
    while (before.some(takesConnections) && performance.now() < untilMs) await sleep(LOOK_MS)
  }

  async stop(): Promise<void> {
    await this.#nginx?.stop()
  }

  #write(port: number, addresses: readonly string[]): void {
    this.#addresses = [...addresses]
    const site = readFileSync(SITE, 'utf8')
    writeFileSync(this.#file, withAddresses(site, addresses, `127.0.0.1:${port}`))
  }
}

/** A worker that shuts down says so in its title, just before it lets go of the listening sockets; one that is gone has no title. */
function takesConnections(pid: number): boolean {
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return title.includes('worker process') && !title.includes('shutting down')
  } catch {
    return false
  }
}
