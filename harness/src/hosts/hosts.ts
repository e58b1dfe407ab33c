/**
 * Hosts that are network namespaces of this machine, so that a node can vanish as a host does whose power fails: its kernel acknowledges nothing and
 * refuses nothing, which no proxy can imitate. Making them takes root. What was made is gone at the end, also where the process ends by itself.
 *
 * Nothing of it can be reached from outside: the networks have no way out, and what listens there for the hosts asks for a password.
 */
import { addressOf, freeBlock, takenBy } from './addresses.ts'
import {
  addingOf,
  closingOf,
  type Ground,
  type HostName,
  namespaceOf,
  openingOf,
} from './commands.ts'
import { Host } from './host.ts'
import { removalOf, tableOf } from './loss.ts'
import { findTool, run, runBatch } from './tool.ts'

export class Hosts {
  readonly #ground: Ground
  readonly #names: HostName[] = []
  #isRemoved = false
  readonly #atExit = (): void => this.remove()

  private constructor(ground: Ground) {
    this.#ground = ground
    process.once('exit', this.#atExit)
  }

  /** None yet. Throws where it cannot be done. */
  static open(): Hosts {
    const { pid } = process
    const routes = run('ip', ['-json', '-4', 'route', 'show', 'table', 'all'])
    const hosts = new Hosts({ pid, block: freeBlock(takenBy(routes), pid) })
    return hosts.#orNothing(() => runBatch(openingOf(hosts.#ground)))
  }

  /** Where a host finds what this machine itself serves. */
  get machine(): string {
    return addressOf(this.#ground.block, 'back', 0)
  }

  /** Throws where it cannot be done; then none of the others is there any more either. */
  add(name: string): Host {
    const host = { name, number: this.#names.length + 1 }
    const others = [...this.#names]
    this.#names.push(host)
    this.#orNothing(() => {
      run('ip', ['netns', 'add', namespaceOf(this.#ground, name)])
      for (const batch of addingOf(this.#ground, host, others)) runBatch(batch)
    })
    return new Host(this.#ground, host)
  }

  /** Processes that run there must have ended. Calling it twice is calling it once. */
  remove(): void {
    if (this.#isRemoved) return
    this.#isRemoved = true
    process.off('exit', this.#atExit)
    this.#loseNoMore()
    runBatch(closingOf(this.#ground, this.#names), true)
    const namespaces = this.#names.map(({ name }) => namespaceOf(this.#ground, name))
    runBatch({ lines: namespaces.map((name) => `netns del ${name}`) }, true)
  }

  /** The tables of the machine itself; those of the namespaces go with them. */
  #loseNoMore(): void {
    if (findTool('nft') === undefined) return
    for (const { number } of this.#names) {
      const table = tableOf(this.#ground.pid, number)
      // Making it first is how a table is removed that may not be there.
      run('nft', ['-f', '-'], `table netdev ${table}\n${removalOf(table)}`)
    }
  }

  #orNothing(make: () => void): this {
    try {
      make()
      return this
    } catch (error) {
      this.remove()
      throw error
    }
  }
}
