/** What a WebSocket server costs without anything on top: `ws`, each frame encoded once, a write to each socket. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { EVENT } from '../message.ts'
import { type Candidate, PATH } from './candidate.ts'

export function raw(): Candidate {
  const http = createServer()
  const server = new WebSocketServer({ server: http, path: PATH, perMessageDeflate: false })
  const rooms = new Map<number, Set<Duplex>>()
  let seated = 0
  return {
    start(seats) {
      server.on('connection', (socket, { socket: stream }) => {
        // As much of the handshakes as the clients wait for.
        socket.send('0{}')
        socket.once('message', () => {
          for (const room of seats[seated++] ?? []) {
            rooms.set(room, (rooms.get(room) ?? new Set()).add(stream))
          }
          socket.send('40{}')
        })
      })
      return new Promise((resolve) => {
        http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port))
      })
    },
    seated: () => seated,
    say(room, message) {
      const frame = textFrame(`42${JSON.stringify([EVENT, message])}`)
      for (const stream of rooms.get(room) ?? []) stream.write(frame)
    },
  }
}

/** Of 126 to 65,535 bytes (RFC 6455 §5.2). */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const header = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255])
  return Buffer.concat([header, payload])
}
