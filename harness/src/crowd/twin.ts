/** One of several devices of one person, on plain socket.io-client, which says what it is given once, under the client id that it is given. */
import type { LogEvent } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { type AnyAnswer, Journal } from './journal.ts'
import type { ParticipantParts } from './participant.ts'

const ANSWER_MS_MAX = 60_000

interface Said {
  /** Of this one send: a client id is sent many times. */
  readonly op: string
  readonly channel: string
  readonly clientId: string
  readonly text: string
}

export class Twin {
  readonly #socket: Socket
  readonly #journal: Journal

  constructor({ who, url, person, token, channels, note }: ParticipantParts) {
    this.#journal = new Journal(who, person, channels, note)
    const cursors = Object.fromEntries(channels.map((channel) => [channel, null]))
    const transports = ['websocket']
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports,
      auth: { token, cursors },
    })
    this.#socket.on('event', (event: LogEvent) =>
      this.#journal.event(this.#journal.conn, event, 'live'),
    )
  }

  async start(): Promise<void> {
    this.#journal.connects()
    const ready = new Promise((resolve) => this.#socket.once('ready', resolve))
    this.#socket.connect()
    await ready
  }

  /** Resolves to the answer; undefined: there was none. */
  say({ op, channel, clientId, text }: Said): Promise<AnyAnswer | undefined> {
    this.#journal.invoke({ op, deed: 'send', channel, clientId, text })
    return new Promise((resolve) => {
      const payload = { channelId: channel, clientId, text }
      this.#socket
        .timeout(ANSWER_MS_MAX)
        .emit('send', payload, (lost: Error | null, answer?: AnyAnswer) => {
          this.#journal.ends(op, lost ? undefined : answer)
          resolve(lost ? undefined : answer)
        })
    })
  }

  stop(): void {
    this.#socket.disconnect()
  }
}
