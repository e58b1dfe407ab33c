/** Socket.IO with Madang's adapter, as an app takes it: the options of the adapter, and `io.to(room).emit`. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdapter, MemoryHub, slimConnections } from '@madang/fanout'
import { Server } from 'socket.io'
import { EVENT } from '../message.ts'
import type { Candidate } from './candidate.ts'
import { OPTIONS } from './stock.ts'

export function ours(slim = true): Candidate {
  const http = createServer()
  const broker = new MemoryHub().newBroker()
  const io = new Server(http, {
    ...OPTIONS,
    adapter: createAdapter(broker, { defaultRoom: !slim }),
  })
  let seated = 0
  return {
    start(seats) {
      io.on('connection', (socket) => {
        for (const room of seats[seated++] ?? []) void socket.join(`room ${room}`)
      })
      if (slim) slimConnections(io)
      return new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port))
      })
    },
    seated: () => seated,
    say: (room, message) => void io.to(`room ${room}`).emit(EVENT, message),
  }
}
