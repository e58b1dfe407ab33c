/** Stands between a node and a broker's server that breaks its word: frames that were published get lost, come twice, late and in another order. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Random } from '../random.ts'
import type { Splitter } from './messages.ts'

/** How many of a hundred frames are what. */
export interface Habits {
  readonly dropped: number
  readonly doubled: number
  /** Frames behind them go ahead. */
  readonly held: number
  /** How long they are held at most, in ms. */
  readonly heldMsMax: number
}

export const OBEDIENT: Habits = { dropped: 0, doubled: 0, held: 0, heldMsMax: 0 }

export interface UnrulyParts {
  readonly port: number
  readonly said: Splitter
  readonly random: Random
}

const HOST = '127.0.0.1'

export class UnrulyLink {
  readonly #parts: UnrulyParts
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #timers = new Set<NodeJS.Timeout>()
  /** What became of frames so far. */
  readonly done = { passed: 0, dropped: 0, doubled: 0, held: 0 }
  habits = OBEDIENT

  private constructor(parts: UnrulyParts) {
    this.#parts = parts
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  static async open(parts: UnrulyParts): Promise<UnrulyLink> {
    const link = new UnrulyLink(parts)
    link.#server.listen(0, HOST)
    await once(link.#server, 'listening')
    return link
  }

  get port(): number {
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : 0
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #accept(node: Socket): void {
    const server = connect({ host: HOST, port: this.#parts.port, noDelay: true })
    for (const socket of [node, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        node.destroy()
        server.destroy()
      })
    }
    node.pipe(server)
    let heard: Buffer = Buffer.alloc(0)
    server.on('data', (piece: Buffer) => {
      heard = this.#pass(Buffer.concat([heard, piece]), node)
    })
  }

  /** Hands on all that is whole; what is not comes back. */
  #pass(heard: Buffer, node: Socket): Buffer {
    let at = 0
    for (;;) {
      const rest = heard.subarray(at)
      const said = rest.length === 0 ? undefined : this.#parts.said(rest)
      if (said === undefined) return rest
      const whole = rest.subarray(0, said.bytes)
      if (said.isMessage) this.#deal(whole, node)
      else node.write(whole)
      at += said.bytes
    }
  }

  #deal(frame: Buffer, node: Socket): void {
    const { dropped, doubled, held, heldMsMax } = this.habits
    const { random } = this.#parts
    const dice = random.next() * 100
    const fate =
      dice < dropped
        ? 'dropped'
        : dice < dropped + doubled
          ? 'doubled'
          : dice < dropped + doubled + held
            ? 'held'
            : 'passed'
    this.done[fate] += 1
    if (fate === 'dropped') return
    if (fate !== 'held') node.write(frame)
    if (fate !== 'passed') this.#later(frame, node, random.next() * heldMsMax)
  }

  #later(frame: Buffer, node: Socket, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!node.destroyed) node.write(frame)
    }, ms)
    this.#timers.add(timer)
  }
}
