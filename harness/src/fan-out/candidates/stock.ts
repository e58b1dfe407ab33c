/** Stock Socket.IO with its in-memory adapter, with what its documentation advises for speed. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { EVENT } from '../message.ts'
import type { Candidate } from './candidate.ts'

export const OPTIONS = {
  serveClient: false,
  // Heartbeats cost all alike, but would be counted against whoever is measured when they are due.
  pingInterval: 3_600_000,
  transports: ['websocket'],
  perMessageDeflate: false,
  httpCompression: false,
} satisfies ConstructorParameters<typeof Server>[1]

export function stock(): Candidate {
  const http = createServer()
  const io = new Server(http, OPTIONS)
  let seated = 0
  return {
    start(seats) {
      io.on('connection', (socket) => {
        for (const room of seats[seated++] ?? []) void socket.join(`room ${room}`)
      })
      return new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port))
      })
    },
    seated: () => seated,
    say: (room, message) => void io.to(`room ${room}`).emit(EVENT, message),
  }
}
