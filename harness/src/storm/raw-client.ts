/** A client that costs next to nothing: it comes in, counts, answers pings, and comes back when it is sent away. */
import { WebSocket } from 'ws'

/** How often it was refused before it was in, and where. */
export interface Tries {
  /** Before its handshake: HTTP 503, of which a browser sees nothing but that it failed. */
  unread: number
  /** With a word on when to come again. */
  told: number
  /** A connection that failed otherwise. */
  failed: number
}

export interface RawClientOptions {
  readonly url: string
  readonly token: string
  readonly cursors: Readonly<Record<string, number | null>>
  /** Called with every event's packet, as it came. */
  readonly onEvent?: (packet: string) => void
}

/** Of our own client: full jitter where nothing is known, a little more than told where something is. */
const BACKOFF_MS = { base: 1_000, max: 30_000 } as const

export class RawClient {
  readonly tries: Tries = { unread: 0, told: 0, failed: 0 }
  /** Events that it was handed when it came in. */
  replayed = 0
  readonly #options: RawClientOptions
  #socket: WebSocket | undefined
  #attempts = 0
  #isIn = false
  #isOver = false
  #timer: NodeJS.Timeout | undefined
  #onIn: () => void = () => {}

  constructor(options: RawClientOptions) {
    this.#options = options
  }

  get isIn(): boolean {
    return this.#isIn
  }

  /** Resolves when it is in, however often it has to come again. */
  come(): Promise<void> {
    const isIn = new Promise<void>((resolve) => {
      this.#onIn = resolve
    })
    this.#try()
    return isIn
  }

  send(event: string, payload: object): void {
    this.#socket?.send(`42${JSON.stringify([event, payload])}`)
  }

  leave(): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#socket?.terminate()
  }

  #try(): void {
    const { url } = this.#options
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
      {
        perMessageDeflate: false,
      },
    )
    this.#socket = socket
    let waitMs: number | undefined
    let why: keyof Tries = 'failed'
    socket.on('unexpected-response', (_request, answer) => {
      why = answer.statusCode === 503 ? 'unread' : 'failed'
      answer.resume()
      socket.terminate()
    })
    socket.on('error', () => {})
    socket.on('message', (data) => {
      const toldMs = this.#heard(socket, String(data))
      if (toldMs === undefined) return
      waitMs = toldMs
      why = 'told'
      socket.terminate()
    })
    socket.on('close', () => this.#closed(why, waitMs))
  }

  /** What it was told to wait, where it was sent away. */
  #heard(socket: WebSocket, text: string): number | undefined {
    const { token, cursors, onEvent } = this.#options
    if (text === '2') socket.send('3')
    else if (text.startsWith('42["event"')) onEvent?.(text)
    else if (text.startsWith('0')) {
      socket.send(`40${JSON.stringify({ token, wire: 1, cursors })}`)
    } else if (text.startsWith('42["ready"')) this.#entered(text)
    else if (text.startsWith('44') || text.startsWith('42["closed"')) {
      return Number(/"retryAfterMs":(\d+)/.exec(text)?.[1] ?? BACKOFF_MS.base)
    }
    return undefined
  }

  #entered(ready: string): void {
    this.#isIn = true
    this.#attempts = 0
    this.replayed = ready.split('"kind":"created"').length - 1
    this.#onIn()
  }

  #closed(why: keyof Tries, toldMs: number | undefined): void {
    this.#isIn = false
    if (this.#isOver) return
    this.tries[why] += 1
    const capMs = Math.min(BACKOFF_MS.max, BACKOFF_MS.base * 2 ** Math.min(this.#attempts++, 10))
    const waitMs =
      toldMs === undefined
        ? Math.random() * capMs
        : toldMs + Math.random() * Math.min(BACKOFF_MS.base, toldMs)
    this.#timer = setTimeout(() => this.#try(), waitMs)
  }
}
