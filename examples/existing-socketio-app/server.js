// A chat as anybody would write it with Socket.IO. The three lines that are marked let it run on as many servers as one likes.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createAdapter, createRedisBroker } from '@madang/fanout' // 1: import
import { ioredis } from '@madang/fanout/redis/ioredis' // 1: import
import { Server } from 'socket.io'

const page = readFileSync(new URL('./index.html', import.meta.url))
const http = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
})

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
const broker = createRedisBroker({ driver: ioredis({ url }) }) // 2: the broker
const io = new Server(http, { adapter: createAdapter(broker) }) // 3: was: new Server(http)

io.on('connection', (socket) => {
  const name = String(socket.handshake.auth.name ?? 'somebody').slice(0, 40)

  socket.on('join', async (room, done) => {
    if (typeof room !== 'string' || typeof done !== 'function') return
    socket.to(room).emit('chat', { from: name, text: 'is here' })
    await socket.join(room)
    const others = await io.in(room).fetchSockets() // at all servers
    done({ people: others.length })
  })

  socket.on('chat', (room, text) => {
    if (!socket.rooms.has(room) || typeof text !== 'string') return
    io.to(room).emit('chat', { from: name, text: text.slice(0, 500) })
  })
})

http.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = http.address()
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`)
})

// Closing tells the other servers at once, instead of leaving them to notice the silence.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => io.close())
