/** A link over Socket.IO. It never reconnects by itself: the connection machine decides that. */
import type { ErrorBody, UpName, UpRequest } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import type { Answer, Link, LinkParts, OpenLink } from './link.ts'
import { errorFrom } from './refusals.ts'

export const openSocket: OpenLink = (parts) => new SocketLink(parts)

class SocketLink implements Link {
  readonly #socket: Socket
  readonly #parts: LinkParts
  #over = false
  #isRetired = false
  /** Requests without an answer. */
  #open = 0

  constructor(parts: LinkParts) {
    this.#parts = parts
    const options = {
      reconnection: false,
      forceNew: true,
      transports: parts.pollingFirst ? ['polling', 'websocket'] : ['websocket', 'polling'],
      // A websocket that fails to open falls back to polling within the same try.
      tryAllTransports: true,
      auth: { ...parts.greeting },
    }
    this.#socket = parts.url === undefined ? io(options) : io(parts.url, options)
    this.#listen()
  }

  request<N extends UpName>(
    name: N,
    payload: UpRequest<N>,
    answered: (answer: Answer<N> | undefined) => void,
  ): void {
    this.#open += 1
    this.#socket
      .timeout(this.#parts.ackTimeoutMs)
      .emit(name, payload, (lost: Error | null, answer: Answer<N> | undefined) => {
        this.#open -= 1
        if (lost && !this.#over) this.#parts.unanswered()
        answered(lost ? undefined : answer)
        this.#finish()
      })
  }

  retire(): void {
    this.#isRetired = true
    this.#finish()
  }

  close(): void {
    this.#over = true
    this.#socket.disconnect()
  }

  #listen(): void {
    for (const [name, heard] of Object.entries(this.#parts.listener)) {
      this.#socket.on(name, (payload: unknown) => {
        if (!this.#over && !this.#isRetired) heard(payload as never)
      })
    }
    this.#socket.on('connect_error', (thrown: Error & { data?: unknown }) => {
      const error = refusalOf(thrown.data)
      this.#end(() => (error ? this.#parts.refused(error) : this.#parts.closed(thrown.message)))
    })
    this.#socket.on('disconnect', (reason) => this.#end(() => this.#parts.closed(reason)))
  }

  #finish(): void {
    if (this.#isRetired && this.#open === 0 && !this.#over) this.close()
  }

  #end(tell: () => void): void {
    if (this.#over) return
    this.close()
    if (!this.#isRetired) tell()
  }
}

/** The error row of a refused handshake; undefined where the failure is the network's. */
function refusalOf(data: unknown): ErrorBody | undefined {
  const nested = typeof data === 'object' && data !== null && 'error' in data ? data.error : data
  return errorFrom(nested)
}
