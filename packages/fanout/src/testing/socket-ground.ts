/** A real Socket.IO server on a free port with real clients, for one test. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type ServerOptions, type Socket } from 'socket.io'
import { type Socket as Client, io } from 'socket.io-client'

/** `upgrade`: begins with polling and goes on by websocket, as clients do without being told otherwise. */
export type ClientKind = 'websocket' | 'polling' | 'upgrade'

export interface Pair {
  readonly client: Client
  readonly socket: Socket
  /** Everything the client received: event and arguments. */
  readonly heard: unknown[][]
}

export class SocketGround {
  readonly io: Server
  readonly port: number
  readonly #clients: Client[] = []

  private constructor(server: Server, port: number) {
    this.io = server
    this.port = port
  }

  static async open(options: Partial<ServerOptions> = {}): Promise<SocketGround> {
    const http = createServer()
    const server = new Server(http, { serveClient: false, ...options })
    // Engine.IO gives a poller 30 s to come and hear that it is closed; these clients do not come.
    server.engine.on('connection', ({ transport }) => Reflect.set(transport, 'closeTimeout', 100))
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    return new SocketGround(server, port)
  }

  /** Connects a client; resolves in the turn in which the server has its socket, so that an upgrade is still to come. */
  connect(kind: ClientKind, namespace = '/'): Promise<Pair> {
    const transports = kind === 'upgrade' ? ['polling', 'websocket'] : [kind]
    const client = io(`http://127.0.0.1:${this.port}${namespace}`, {
      transports,
      forceNew: true,
      reconnection: false,
      autoConnect: false,
    })
    this.#clients.push(client)
    const heard: unknown[][] = []
    client.onAny((...args: unknown[]) => void heard.push(args))
    const connected = new Promise<Pair>((resolve) => {
      this.io.of(namespace).once('connection', (socket) => resolve({ client, socket, heard }))
    })
    client.connect()
    return connected
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.disconnect()
    await this.io.close()
  }
}

/** How long a test waits for what must come. Only a test that fails waits this long. */
const patienceMs = 10_000

/** Resolves when the client heard the event, which the server sends last. */
export function hears({ client, heard }: Pair, event: string): Promise<void> {
  if (heard.some(([name]) => name === event)) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`${event} did not come`)), patienceMs)
    client.once(event, () => {
      clearTimeout(deadline)
      resolve()
    })
  })
}
