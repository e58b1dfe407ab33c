/** A NATS server that says what a test tells it to, for what a real one says only where it is configured so. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

export interface NatsScript {
  readonly maxPayload?: number
  /** Answers a SUB of this subject: '' for nothing. */
  onSubscribe?(subject: string): string
}

export class ScriptedNats {
  readonly #script: NatsScript
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Sizes of what was published. */
  readonly published: number[] = []
  readonly subscribed: string[] = []

  constructor(script: NatsScript) {
    this.#script = script
    this.#server = createServer((socket) => this.#accept(socket))
  }

  get url(): string {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('it does not run')
    return `nats://127.0.0.1:${address.port}`
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    const info = { server_id: 'x', version: '2.9.0', max_payload: this.#script.maxPayload ?? 1_000 }
    socket.write(`INFO ${JSON.stringify({ ...info, headers: true, proto: 1 })}\r\n`)
    let rest = ''
    socket.setEncoding('latin1').on('data', (piece: string) => {
      const lines = (rest + piece).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#hear(socket, line)
    })
  }

  /** Payloads are lines that begin like no command, as long as a test publishes none that do. */
  #hear(socket: Socket, line: string): void {
    const [command, subject = '', size] = line.split(' ')
    if (command === 'PING') socket.write('PONG\r\n')
    else if (command === 'PUB') this.published.push(Number(size))
    else if (command === 'SUB') {
      this.subscribed.push(subject)
      socket.write(this.#script.onSubscribe?.(subject) ?? '')
    }
  }
}
