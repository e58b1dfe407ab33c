/** The stock Socket.IO client, written down as the shared cases want it. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { io, Manager, type Socket } from 'socket.io-client'
import { systemClock } from '../../clock.ts'
import { createSocketIoWire, type SocketIoOptions } from '../socketio.ts'
import { RefusedClient, type State, type WireClient, type WireUnderTest } from '../wire.case.ts'

export type Transports = readonly ('websocket' | 'polling')[]

/** A wire on a server of its own, and how stock clients reach it. */
export async function newSocketIoWire(
  transports: Transports,
  options: Partial<SocketIoOptions> = {},
): Promise<WireUnderTest & { readonly port: number; readonly url: string }> {
  const server = createServer((_, response) => response.writeHead(404).end())
  const sockets: Duplex[] = []
  server.on('connection', (socket) => sockets.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const wire = createSocketIoWire<State>({
    ...{ server, clock: systemClock, node: 'n1', closeGraceMs: 200 },
    ...options,
  })
  const clients: Socket[] = []
  const open = (auth: object, by = transports) => {
    const socket = io(url, {
      auth,
      transports: [...by],
      forceNew: true,
      reconnection: false,
    })
    clients.push(socket)
    return socket
  }
  return {
    wire,
    port,
    url,
    connect: (auth) => connected(open(auth)),
    connectTo: (auth, namespaces) => {
      const manager = new Manager(url, { transports: [...transports], reconnection: false })
      const sockets = namespaces.map((namespace) => manager.socket(namespace, { auth }))
      clients.push(...sockets)
      for (const socket of sockets) socket.connect()
      return Promise.all(sockets.map(connected))
    },
    connectAndLeave: async (auth, admitting) => {
      // One transport: a client that is upgrading puts its leave off until it has.
      const [first = 'websocket'] = transports
      const socket = open(auth, [first])
      await admitting
      const noticed = departure(server, first, sockets)
      socket.disconnect()
      await noticed
    },
    stop: async () => {
      for (const client of clients) client.disconnect()
      await wire.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Resolves when the client is connected; rejects with `RefusedClient`. */
export function connected(socket: Socket): Promise<WireClient> {
  return new Promise((resolve, reject) => {
    const client = watched(socket)
    socket.on('connect', () => resolve(client))
    socket.on('connect_error', (error) => {
      reject(new RefusedClient('data' in error ? (error.data as never) : undefined))
    })
  })
}

function watched(socket: Socket): WireClient {
  const seen: [string, unknown][] = []
  let look = () => {}
  const saw = (name: string, value: unknown) => {
    seen.push([name, value])
    look()
  }
  socket.onAny((event: string, payload: unknown) => saw(event, payload))
  return {
    seen,
    recovery: () => ({
      pid: Reflect.get(socket, '_pid'),
      offset: Reflect.get(socket, '_lastOffset'),
    }),
    emit: (event, ...args) => void socket.emit(event as string, ...args),
    ask: (n, event, payload) => {
      const answered = (answer: unknown) => saw(`answer ${n}`, answer)
      if (payload === undefined) socket.emit(event, answered)
      else socket.emit(event, payload, answered)
    },
    until: async (count) => {
      while (seen.length < count) {
        await new Promise<void>((resolve) => {
          look = resolve
        })
      }
    },
    closed: new Promise((resolve) => {
      socket.on('disconnect', (reason) => resolve(reason !== 'io server disconnect'))
    }),
    close: () => void socket.disconnect(),
  }
}

/** Resolves when the server has noticed that a client leaves: its websocket is closed, or its last long-polling request was answered. */
function departure(server: Server, transport: string, sockets: readonly Duplex[]): Promise<void> {
  return new Promise((resolve) => {
    if (transport === 'websocket') for (const socket of sockets) socket.once('close', resolve)
    else {
      server.on('request', ({ method }, response) => {
        if (method === 'POST') response.on('finish', resolve)
      })
    }
  })
}
