/**
 * Counts what this process writes to and reads from the servers that it connects to. Node announces every such socket, whatever driver opens it, so that
 * one way of counting serves Redis and NATS alike: payload of TCP, without its headers.
 */
import diagnostics from 'node:diagnostics_channel'
import { Socket } from 'node:net'

export interface ClientBytes {
  readonly written: number
  readonly read: number
}

/** To be called before the first connection; says what was counted so far, closed sockets included. */
export function countClientBytes(): () => ClientBytes {
  const sockets: Socket[] = []
  diagnostics.subscribe('net.client.socket', (message) => {
    const socket =
      typeof message === 'object' && message !== null && 'socket' in message
        ? message.socket
        : undefined
    if (socket instanceof Socket) sockets.push(socket)
  })
  const sum = (of: (socket: Socket) => number): number =>
    sockets.reduce((total, socket) => total + of(socket), 0)
  return () => ({
    written: sum((socket) => socket.bytesWritten),
    read: sum((socket) => socket.bytesRead),
  })
}
