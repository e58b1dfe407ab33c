/** Socket.IO with Madang's delivery, through its public door. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDelivery, slimConnections, systemClock } from '@madang/fanout'
import { Server } from 'socket.io'
import { EVENT } from '../message.ts'
import type { Candidate } from './candidate.ts'
import { OPTIONS } from './stock.ts'

export function ours(slim = true): Candidate {
  const http = createServer()
  const io = new Server(http, OPTIONS)
  const delivery = createDelivery({
    clock: systemClock,
    limits: { bytesQueuedMax: 1_000_000, behindMsMax: 30_000 },
    listener: { onBehind() {}, onDrained() {}, onStuck() {} },
  })
  let seated = 0
  return {
    start(seats) {
      io.on('connection', (socket) => {
        for (const room of seats[seated++] ?? []) delivery.join(`room ${room}`, socket)
      })
      if (slim) slimConnections(io)
      return new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port))
      })
    },
    seated: () => seated,
    say: (room, message) => void delivery.deliver(`room ${room}`, EVENT, [message]),
  }
}
