/**
 * One node of stock Socket.IO with one room, in a process of its own: `node server-process.ts <order as JSON>`, forked. It is what the documentation
 * of Socket.IO asks for, and closes itself in order when it is told to stop.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { STOCK_LINKS } from '../bytes/attach-stock.ts'
import { RECOVERY_MS_MAX, type Said, type ServerOrder } from './order.ts'

const { adapter, redisUrl, port }: ServerOrder = JSON.parse(process.argv[2] ?? '')
const ROOM = 'hall'

const link = await STOCK_LINKS[adapter]([redisUrl])
const http = createServer()
const server = new Server(http, {
  adapter: link.adapter,
  // The streams adapter keeps what a client missed; the other one cannot.
  ...(adapter === 'stock-streams' && {
    connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS_MAX },
  }),
})

server.on('connection', async (socket) => {
  socket.on('send', (said: Said, done: () => void) => {
    server.to(ROOM).emit('said', said)
    done()
  })
  if (!socket.recovered) await socket.join(ROOM)
  socket.emit('ready', { recovered: socket.recovered })
})

process.once('SIGTERM', () => void stop())
http.listen(port, '127.0.0.1')
await once(http, 'listening')
const address = http.address()
if (address === null || typeof address === 'string') throw new Error('no port was given')
process.send?.({ port: address.port })

async function stop(): Promise<void> {
  await server.close()
  await link.stop()
  process.exit(0)
}
