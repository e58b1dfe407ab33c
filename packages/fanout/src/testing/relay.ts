/** Stands between a client and a server, and does to their connections what networks do. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A loopback port, or the path of a Unix socket. */
export type RelayEnd = number | string

export class Relay {
  readonly #server: Server
  readonly #target: RelayEnd
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>()
  #isDeaf = false

  constructor(target: RelayEnd) {
    this.#target = target
    this.#server = createServer((near) => this.#join(near))
  }

  /** Listens at `at`, or at a free port, and leads to `target`. */
  static async to(target: RelayEnd, at: RelayEnd = 0): Promise<Relay> {
    const relay = new Relay(target)
    if (typeof at === 'string') relay.#server.listen(at)
    else relay.#server.listen(at, '127.0.0.1')
    await once(relay.#server, 'listening')
    return relay
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('it has no port')
    return address.port
  }

  /** Ends all connections, as a proxy does that restarts. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy()
      far.destroy()
    }
  }

  /** From now on nothing that servers say is read. */
  stopReading(): void {
    this.#isDeaf = true
    for (const { far } of this.#pairs) far.pause()
  }

  readOn(): void {
    this.#isDeaf = false
    for (const { far } of this.#pairs) far.resume()
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  #join(near: Socket): void {
    const target = this.#target
    const far = typeof target === 'string' ? connect(target) : connect(target, '127.0.0.1')
    const pair = { near, far }
    this.#pairs.add(pair)
    near.on('data', (piece) => far.write(piece))
    far.on('data', (piece) => near.write(piece))
    if (this.#isDeaf) far.pause()
    for (const socket of [near, far]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
        this.#pairs.delete(pair)
      })
    }
  }
}
