/** Servers of stock Socket.IO in this process, with a room of its own for each socket and without: who hears what one says to the others. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createAdapter, MemoryHub } from '@madang/fanout'
import { Server, type ServerOptions } from 'socket.io'
import { type Socket as Client, io } from 'socket.io-client'
import { type Ground, until } from './ground.ts'

export interface Heard {
  /** How often the sender heard its own broadcast, and each of the others. */
  readonly sender: number
  readonly others: readonly number[]
  /** Rooms that the server keeps with three sockets connected and none joined. */
  readonly rooms: number
  /** Whether a message to one socket's id still reaches it, and nobody else. */
  readonly direct: boolean
}

type Adapter = NonNullable<ServerOptions['adapter']>

/** As the write-up did it: the sockets leave their own rooms. */
export function stockThatLeaves(ground: Ground): Promise<Heard> {
  return listen(ground, [{}], (server) => {
    server.on('connection', (socket) => void socket.leave(socket.id))
  })
}

/** Two servers, one broker between them. */
export function oursWithout(ground: Ground): Promise<Heard> {
  const hub = new MemoryHub()
  const adapter = (): Adapter => createAdapter(hub.newBroker(), { defaultRoom: false })
  return listen(ground, [{ adapter: adapter() }, { adapter: adapter() }])
}

async function listen(
  ground: Ground,
  options: readonly Partial<ServerOptions>[],
  prepare: (server: Server) => void = () => {},
): Promise<Heard> {
  const servers: Server[] = []
  const urls: string[] = []
  for (const one of options) {
    const http = createServer()
    const server = new Server(http, { serveClient: false, ...one })
    prepare(server)
    server.on('connection', (socket) => {
      socket.on('say', () => void socket.broadcast.emit('said'))
      socket.on('tell', (id: string) => void servers[0]?.to(id).emit('told'))
    })
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    ground.later(() => server.close())
    const address = http.address()
    if (address === null || typeof address === 'string') throw new Error('no port was given')
    servers.push(server)
    urls.push(`http://127.0.0.1:${address.port}`)
  }
  return play(ground, servers, urls)
}

async function play(
  ground: Ground,
  servers: readonly Server[],
  urls: readonly string[],
): Promise<Heard> {
  const clients: Client[] = []
  for (let at = 0; at < 3; at++) {
    const client = io(urls[at % urls.length] ?? '', { transports: ['websocket'], forceNew: true })
    ground.later(() => client.disconnect())
    await new Promise<void>((resolve) => client.once('connect', resolve))
    clients.push(client)
  }
  const count = (event: string) =>
    clients.map((client) => {
      const heard = { times: 0 }
      client.on(event, () => heard.times++)
      return heard
    })
  const [said, told] = [count('said'), count('told')]
  const [sender, target] = clients
  if (sender?.id === undefined || target?.id === undefined) throw new Error('nobody is connected')
  const rooms = servers.reduce((sum, server) => sum + server.of('/').adapter.rooms.size, 0)
  sender.emit('say')
  await until('the broadcast at the others', () => said.slice(1).every(({ times }) => times > 0))
  target.emit('tell', target.id)
  // Whatever was sent to the sender before this has arrived with its answer.
  await settle(servers, clients)
  return {
    sender: said[0]?.times ?? 0,
    others: said.slice(1).map(({ times }) => times),
    rooms,
    direct: told.map(({ times }) => times).join() === '0,1,0',
  }
}

/** Resolves when every client has what its server sent it before. */
async function settle(servers: readonly Server[], clients: readonly Client[]): Promise<void> {
  const marked = clients.map((client) => new Promise((resolve) => client.once('mark', resolve)))
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setTimeout(resolve, 20))
  for (const server of servers) server.local.emit('mark')
  await Promise.all(marked)
}
