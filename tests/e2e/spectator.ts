// A program that speaks with the server through nothing but the stock Socket.IO client.
import { io, type Socket } from 'socket.io-client'

interface Created {
  readonly kind: string
  readonly channelId: string
  readonly seq: number
  readonly text?: string | null
}

interface Place {
  readonly id: string
  readonly name: string
}

interface Ready {
  readonly channels: readonly Place[]
}

type Answer = { readonly ok: boolean; readonly error?: { readonly code: string } } & Record<
  string,
  unknown
>

const ACK_MS = 30_000
const RETRY_MS = 500

export class Spectator {
  readonly #socket: Socket
  /** The texts of the messages, in the order in which they came. */
  readonly texts: string[] = []
  readonly channels: readonly Place[]
  #onText: (text: string) => void = () => {}

  constructor(socket: Socket, ready: Ready) {
    this.#socket = socket
    this.channels = ready.channels
    socket.on('event', (event: Created) => {
      if (event.kind !== 'created' || typeof event.text !== 'string') return
      this.texts.push(event.text)
      this.#onText(event.text)
    })
  }

  /** Is told of every text as it comes. */
  onText(listener: (text: string) => void): void {
    this.#onText = listener
  }

  static async comeIn(
    url: string,
    name: string,
    transports: readonly ('polling' | 'websocket')[] = ['websocket'],
  ): Promise<Spectator> {
    const socket = io(url, { auth: { name, wire: 1 }, transports: [...transports], forceNew: true })
    try {
      return new Spectator(socket, await greeted(socket))
    } catch (error) {
      socket.disconnect()
      throw error
    }
  }

  place(name: string): Place {
    const place = this.channels.find((channel) => channel.name === name)
    if (!place) throw new Error(`no channel ${name} among ${this.channels.map((one) => one.name)}`)
    return place
  }

  async ask(event: string, request: object): Promise<Answer> {
    const answer: Answer = await this.#socket.timeout(ACK_MS).emitWithAck(event, request)
    if (!answer.ok) throw new Error(`${event}: ${answer.error?.code}`)
    return answer
  }

  send(channelId: string, text: string): Promise<Answer> {
    return this.ask('send', { channelId, clientId: crypto.randomUUID(), text })
  }

  leave(): void {
    this.#socket.disconnect()
  }
}

/** A server that has too much to do asks newcomers to wait; a stock client does so by itself only where it was not let in at all. */
function greeted(socket: Socket): Promise<Ready> {
  return new Promise((resolve, reject) => {
    socket.once('ready', resolve)
    socket.on('connect_error', (error: Error & { data?: { retry?: string } }) => {
      if (socket.active) return
      if (error.data?.retry === 'later') setTimeout(() => socket.connect(), RETRY_MS)
      else reject(error)
    })
  })
}
