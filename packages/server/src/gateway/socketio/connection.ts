/** One Socket.IO socket, as the gateway sees it. */
import { cutOff, type DeliveryLimits, type RoomDelivery } from '@madang/fanout'
import { type DownName, type DownPayload, type ErrorBody, errorBody } from '@madang/protocol'
import type { Socket } from 'socket.io'
import type { Connection, Reply } from '../wire.ts'

/** What a connection needs of its wire. */
export interface Host<State> {
  readonly delivery: RoomDelivery
  readonly limits: DeliveryLimits
  /** The socket was asked to close and has not yet. */
  closing(socket: Socket): void
  /** The connection is to be forgotten: called once. */
  ended(connection: SocketConnection<State>, reason: string): void
}

export class SocketConnection<State> implements Connection<State> {
  readonly socket: Socket
  readonly state: State
  readonly address: string
  readonly #host: Host<State>
  #ended = false

  constructor(socket: Socket, state: State, address: string, host: Host<State>) {
    this.socket = socket
    this.state = state
    this.address = address
    this.#host = host
  }

  get id(): string {
    return this.socket.id
  }

  get transport(): 'websocket' | 'polling' {
    return this.socket.conn.transport.name === 'polling' ? 'polling' : 'websocket'
  }

  get namespace(): string {
    return this.socket.nsp.name
  }

  get client(): object {
    return this.socket.conn
  }

  get behind(): boolean {
    return this.#host.delivery.isBehind(this.socket)
  }

  get ended(): boolean {
    return this.#ended
  }

  emit<N extends DownName>(event: N, payload: DownPayload<N>): void {
    this.say(event, [payload])
  }

  say(event: string, args: readonly unknown[]): void {
    if (!this.#mayWrite()) return
    this.socket.emit(event, ...args)
  }

  /** The answer to one request, through the acknowledgement that Socket.IO made for it. */
  reply(acknowledge: (answer: object) => void): Reply {
    return (answer) => {
      if (!this.#mayWrite()) return
      acknowledge(answer)
    }
  }

  join(room: string): void {
    if (!this.#ended) this.#host.delivery.join(room, this.socket)
  }

  leave(room: string): void {
    this.#host.delivery.leave(room, this.socket)
  }

  close(error: ErrorBody, reconnect: boolean, ...more: readonly unknown[]): void {
    if (this.#ended) return
    this.socket.emit('closed', { error }, ...more)
    this.end(error.code)
    // A namespace disconnect stops a stock client from coming back by itself; a closed transport does not.
    if (reconnect) this.socket.conn.close()
    else this.socket.disconnect(true)
    if (this.socket.conn.readyState === 'closing') this.#host.closing(this.socket)
  }

  part(error: ErrorBody): void {
    if (this.#ended) return
    this.socket.emit('closed', { error })
    this.end(error.code)
    this.socket.disconnect()
  }

  /** Closes at once, whatever waits to be read. The client may come back. */
  cut(error: ErrorBody): void {
    this.end(error.code)
    cutOff(this.socket)
  }

  /** Forgets the connection, whoever closed it. Calling it twice is calling it once. */
  end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    for (const room of this.#host.delivery.rooms(this.socket)) this.leave(room)
    this.#host.ended(this, reason)
  }

  /** Room emits stop by themselves for a client that does not read; one that asks and asks without reading ends here. */
  #mayWrite(): boolean {
    if (this.#ended) return false
    const { delivery, limits } = this.#host
    if (delivery.bytesQueued(this.socket) <= 2 * limits.bytesQueuedMax) return true
    this.cut(errorBody('behind'))
    return false
  }
}
