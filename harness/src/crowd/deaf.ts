/** A client that comes in, opens a channel, and reads nothing from then on, while it goes on saying that it lives: the worst of slow readers. */
import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Packets of Engine.IO and Socket.IO, as they stand on the wire. */
const PACKETS = { connect: '40', pong: '3', ready: '42["ready"' } as const
const PONG_MS = 2_000

export class Deaf {
  readonly #socket: WebSocket
  readonly #pongs: NodeJS.Timeout

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.#pongs = setInterval(() => socket.send(PACKETS.pong, () => {}), PONG_MS)
  }

  /** Resolves when it is in, and has stopped reading. */
  static async open(url: string, token: string, channel: string): Promise<Deaf> {
    const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
    const socket = new WebSocket(address)
    socket.on('error', () => {})
    await once(socket, 'open')
    socket.send(`${PACKETS.connect}${JSON.stringify({ token, cursors: { [channel]: null } })}`)
    for (let isIn = false; !isIn; ) {
      const [packet] = await once(socket, 'message')
      isIn = String(packet).startsWith(PACKETS.ready)
    }
    socket.pause()
    return new Deaf(socket)
  }

  stop(): void {
    clearInterval(this.#pongs)
    this.#socket.terminate()
  }
}
