/** A client of the baseline: stock socket.io-client with its own settings, which sends again what is not acknowledged. */
import { io, type Socket } from 'socket.io-client'
import type { Note } from '../history/record.ts'
import type { Said } from './order.ts'

const ACK_MS_MAX = 3_000
const RETRIES = 10
const CHANNEL = 'hall'

export class StockClient {
  readonly who: string
  readonly #socket: Socket
  readonly #note: Note
  readonly #waiting = new Set<string>()
  #count = 0
  #conn = 0
  #isReady = false
  /** Whether its last connection brought what it had missed. */
  recoveries = 0

  constructor(url: string, who: string, note: Note) {
    this.who = who
    this.#note = note
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      retries: RETRIES,
      ackTimeout: ACK_MS_MAX,
    })
    this.#socket.on('ready', ({ recovered }: { recovered: boolean }) => {
      this.#isReady = true
      this.#conn += 1
      if (recovered) this.recoveries += 1
      note({ kind: 'link', who, conn: this.#conn, state: 'up' })
    })
    this.#socket.on('disconnect', (why) => {
      this.#isReady = false
      note({ kind: 'link', who, conn: this.#conn, state: 'down', why })
    })
    this.#socket.on('said', (said: Said) => this.#hear(said))
  }

  async start(): Promise<void> {
    const ready = new Promise((resolve) => this.#socket.once('ready', resolve))
    this.#socket.connect()
    await ready
  }

  send(): void {
    this.#count += 1
    const op = `${this.who}-${this.#count}`
    const { who } = this
    const said: Said = { id: op, from: who }
    this.#waiting.add(op)
    this.#note({
      kind: 'invoke',
      op,
      deed: 'send',
      who,
      person: who,
      channel: CHANNEL,
      clientId: op,
    })
    this.#socket.emit('send', said, (lost: Error | null) => {
      this.#waiting.delete(op)
      this.#note(lost ? { kind: 'info', op, who } : { kind: 'ok', op, who })
    })
  }

  isOnline(): boolean {
    return this.#isReady
  }

  waiting(): number {
    return this.#waiting.size
  }

  stop(): void {
    this.#socket.disconnect()
  }

  #hear({ id, from }: Said): void {
    const { who } = this
    this.#note({
      ...{ kind: 'wire', who, person: who, conn: this.#conn, via: 'live', channel: CHANNEL },
      ...{ seq: 0, id, event: 'created', author: from, clientId: id },
    })
  }
}
