/** One chat server of the comparison, in a process of its own: `node server-process.ts <order as JSON>`, forked. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import type { OurKind } from './candidates.ts'
import { countClientBytes } from './client-bytes.ts'
import type { Link, Said, ServerAnswer, ServerOrder } from './wiring.ts'

const order: ServerOrder = JSON.parse(process.argv[2] ?? '')
const bytes = countClientBytes()
const link = await attach(order)
const http = createServer()
const server = new Server(http, { adapter: link.adapter, transports: ['websocket'] })

server.on('connection', (socket) => {
  socket.on('join', async (rooms: readonly string[], done: () => void) => {
    for (const room of socket.rooms) if (room !== socket.id) await socket.leave(room)
    await socket.join([...rooms])
    done()
  })
  socket.on('say', (room: string, said: Said) => server.to(room).emit('said', said))
  socket.on('probe', (room: string, from: number) => server.to(room).emit('probed', from))
})

process.on('message', () => answer({ bytes: bytes() }))
process.once('disconnect', () => void stop())

http.listen(0, '127.0.0.1')
await once(http, 'listening')
const address = http.address()
if (address === null || typeof address === 'string') throw new Error('no port was given')
answer({ port: address.port })

/** The drivers are loaded only after counting has begun, and only those that are needed. */
async function attach({ kind, urls, heartbeatMs }: ServerOrder): Promise<Link> {
  if (isOurs(kind)) return (await import('./attach-ours.ts')).attachOurs(kind, urls, heartbeatMs)
  return (await import('./attach-stock.ts')).STOCK_LINKS[kind](urls)
}

function isOurs(kind: ServerOrder['kind']): kind is OurKind {
  return kind.startsWith('ours-')
}

function answer(message: ServerAnswer): void {
  process.send?.(message)
}

async function stop(): Promise<void> {
  await server.close()
  await link.stop()
  process.exit(0)
}
