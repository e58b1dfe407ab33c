/** A participant made of nothing but stock socket.io-client, as an application would write it in an afternoon. */
import type { LogEvent, MyChannel, Replay } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import type { LedgerLine, Reader, Sender } from '../ledger.ts'
import type { Delays } from './delays.ts'
import type { Participant } from './participant.ts'

interface Ready {
  readonly channels: readonly MyChannel[]
  readonly replays: readonly Replay[]
  readonly session?: { readonly token: string }
}

type Answer =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly error: { readonly retry: string; readonly code: string } }

interface Send {
  readonly clientId: string
  readonly text: string
}

const RETRY_MS = 100

export class StockParticipant implements Participant {
  readonly name: string
  readonly #socket: Socket
  readonly #delays: Delays | undefined
  readonly #queue: Send[] = []
  readonly #acknowledged = new Map<string, number>()
  readonly #refused: string[] = []
  readonly #seen: LedgerLine[] = []
  #token: string | undefined
  #channelId: string | undefined
  #cursor = 0
  #count = 0
  #isReady = false

  constructor(url: string, name: string, delays?: Delays) {
    this.name = name
    this.#delays = delays
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      auth: (answer) => answer(this.#handshake()),
    })
    this.#socket.on('ready', (ready: Ready) => this.#ready(ready))
    this.#socket.on('disconnect', () => {
      this.#isReady = false
    })
    this.#socket.on('event', (event: LogEvent) => this.#show(event))
  }

  async start(): Promise<void> {
    const ready = new Promise((resolve) => this.#socket.once('ready', resolve))
    this.#socket.connect()
    await ready
  }

  send(text: string): void {
    this.#count += 1
    const send = { clientId: `${this.name}-${this.#count}`, text }
    this.#queue.push(send)
    this.#delays?.sent(send.clientId)
    if (this.#queue.length === 1) this.#emitNext()
  }

  reconnect(): void {
    if (!this.#socket.active) this.#socket.connect()
  }

  isOnline(): boolean {
    return this.#isReady
  }

  waiting(): number {
    return this.#queue.length
  }

  cursor(): number {
    return this.#cursor
  }

  async settle(): Promise<void> {}

  sender(): Sender {
    // The map is in the order of the answers; the judge wants the order of sending.
    const byNumber = [...this.#acknowledged].sort(([a], [b]) => numberOf(a) - numberOf(b))
    return {
      name: this.name,
      acknowledged: new Map(byNumber),
      unresolved: [...this.#queue.map((send) => send.clientId), ...this.#refused],
    }
  }

  reader(): Reader {
    return { name: this.name, seen: this.#seen }
  }

  async stop(): Promise<void> {
    this.#socket.disconnect()
  }

  #handshake(): object {
    return {
      name: this.name,
      // Our words, where a server has others beside them.
      wire: 1,
      ...(this.#token === undefined ? {} : { token: this.#token }),
      ...(this.#channelId === undefined ? {} : { cursors: { [this.#channelId]: this.#cursor } }),
    }
  }

  #ready(ready: Ready): void {
    this.#token = ready.session?.token ?? this.#token
    this.#channelId ??= ready.channels.find((channel) => channel.name === 'general')?.id
    for (const replay of ready.replays) for (const event of replay.events) this.#show(event)
    this.#isReady = true
    this.#emitNext()
  }

  /** One at a time, so that a refusal or a broken connection cannot change the order. */
  #emitNext(): void {
    const [send] = this.#queue
    if (send === undefined || !this.#isReady) return
    this.#socket.emit('send', { channelId: this.#channelId, ...send }, (answer: Answer) =>
      this.#answered(send, answer),
    )
  }

  #answered(send: Send, answer: Answer): void {
    if (!answer.ok && answer.error.retry !== 'never') {
      setTimeout(() => this.#emitNext(), RETRY_MS)
      return
    }
    this.#queue.shift()
    if (answer.ok) this.#acknowledged.set(send.clientId, answer.seq)
    else this.#refused.push(send.clientId)
    this.#emitNext()
  }

  #show(event: LogEvent): void {
    this.#cursor = event.seq
    if (event.kind !== 'created') return
    const { seq, clientId } = event
    this.#seen.push({ seq, clientId })
    this.#delays?.shown(clientId, this.name, clientId.startsWith(`${this.name}-`))
  }
}

function numberOf(clientId: string): number {
  return Number(clientId.slice(clientId.lastIndexOf('-') + 1))
}
