/** nginx in front of the nodes, with the file that deployments are told to use. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withAddresses } from '../../../scripts/cluster/nginx.ts'
import { nginx } from '../../../tests/services/nginx.ts'
import type { Running } from '../../../tests/services/part.ts'

const SITE = join(import.meta.dirname, '../../../deploy/nginx/round-robin.conf')

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

  /** Sends new connections there from now on, and leaves the old ones where they are; says whether it was told anything new. */
  route(addresses: readonly string[]): boolean {
    if (String(addresses) === String(this.#addresses)) return false
    this.#write(this.port, addresses)
    this.reload()
    return true
  }

  /** Reads its configuration again, as `nginx -s reload` does. */
  reload(): void {
    process.kill(this.process.pid, 'SIGHUP')
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
