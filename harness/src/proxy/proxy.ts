/** A TCP proxy on loopback that does to connections what networks do, on command. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Random } from '../random.ts'
import { Pipe } from './pipe.ts'
import { FAIR, type Weather } from './weather.ts'

const HOST = '127.0.0.1'

export interface ProxyParts {
  readonly name: string
  /** Where connections go on to; asked for each. */
  readonly target: () => { readonly host?: string; readonly port: number }
  readonly random: Random
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

export class FaultProxy {
  readonly name: string
  readonly #parts: ProxyParts
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #weather = FAIR
  #port = 0
  #bytes = 0
  #accepted = 0
  #change = newChange()

  private constructor(parts: ProxyParts) {
    this.name = parts.name
    this.#parts = parts
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    )
  }

  static async open(parts: ProxyParts): Promise<FaultProxy> {
    const proxy = new FaultProxy(parts)
    await proxy.#listen()
    return proxy
  }

  get port(): number {
    return this.#port
  }

  get weather(): Weather {
    return this.#weather
  }

  /** Connections that pass through now. */
  get connections(): number {
    return this.#pairs.size
  }

  /** Bytes that were passed on, both ways, and connections that were accepted: whether a fault had anything to act on. */
  get traffic(): { readonly bytes: number; readonly accepted: number } {
    return { bytes: this.#bytes, accepted: this.#accepted }
  }

  /** What is not named stays as it is. `refused` ends all connections; `open` again lets new ones be made. */
  async set(weather: Partial<Weather>): Promise<void> {
    const before = this.#weather.path
    this.#weather = { ...this.#weather, ...weather }
    const { path } = this.#weather
    if (path === 'refused' && before !== 'refused') {
      this.cut()
      await this.#deafen()
    }
    if (path !== 'refused' && before === 'refused') await this.#listen()
    this.#change.tell()
    this.#change = newChange()
  }

  /** Everything passes again, as it came. */
  fair(): Promise<void> {
    return this.set(FAIR)
  }

  /** Ends all connections as a machine does that closes them (FIN); how many there were. New ones are made as before. */
  cut(): number {
    return this.#end((socket) => socket.destroy())
  }

  /** Ends all connections with RST; how many there were. */
  reset(): number {
    return this.#end((socket) => socket.resetAndDestroy())
  }

  async stop(): Promise<void> {
    this.#weather = FAIR
    this.#change.tell()
    this.cut()
    await this.#deafen()
  }

  #end(how: (socket: Socket) => void): number {
    const pairs = [...this.#pairs]
    for (const { client, server } of pairs) {
      how(client)
      how(server)
    }
    return pairs.length
  }

  #accept(client: Socket): void {
    const { host = HOST, port } = this.#parts.target()
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true })
    const pair = { client, server }
    this.#pairs.add(pair)
    this.#accepted += 1
    const over = () => void this.#part(pair)
    for (const socket of [client, server]) {
      // What went wrong is told to the other side by closing it.
      socket.on('error', () => {})
      socket.on('close', over)
    }
    this.#pipe(client, server, `${this.#accepted} up`)
    this.#pipe(server, client, `${this.#accepted} down`)
  }

  /** One side is gone. While nothing passes, the other side does not learn of it. */
  async #part(pair: Pair): Promise<void> {
    this.#pairs.delete(pair)
    while (this.#weather.path === 'silent') await this.#change.told
    pair.client.destroy()
    pair.server.destroy()
  }

  #pipe(from: Socket, to: Socket, name: string): void {
    new Pipe({
      from,
      to,
      random: this.#parts.random.fork(name),
      weather: () => this.#weather,
      changed: () => this.#change.told,
      passed: (bytes) => {
        this.#bytes += bytes
      },
    })
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, HOST)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address !== null && typeof address === 'object') this.#port = address.port
  }

  async #deafen(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}

interface Change {
  readonly told: Promise<void>
  tell(): void
}

function newChange(): Change {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { told: promise, tell: resolve }
}
