/** Stands between a client and a server, and does to their connections what networks do. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export class TcpRelay {
  readonly #server: Server
  readonly #targetPort: number
  readonly #pairs = new Set<{ readonly near: Socket; readonly far: Socket }>()
  #isDeaf = false

  constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#server = createServer((near) => this.#join(near))
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the relay does not run')
    return address.port
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
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
    const far = connect(this.#targetPort, '127.0.0.1')
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
