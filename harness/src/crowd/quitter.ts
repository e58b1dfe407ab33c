/** A device on plain socket.io-client that says something, changes it, and gives a change up that is not answered in time. */
import { setTimeout as sleep } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { type AnyAnswer, Journal } from './journal.ts'
import type { ParticipantParts } from './participant.ts'

const ANSWER_MS_MAX = 10_000
const RETRY_MS = 200

export class Quitter {
  readonly #socket: Socket
  readonly #journal: Journal
  readonly #channel: string
  #said = 0

  /** In the first of the channels. */
  constructor({ who, url, person, token, channels, note }: ParticipantParts) {
    const [channel = ''] = channels
    this.#channel = channel
    this.#journal = new Journal(who, person, channels, note)
    this.#socket = io(url, {
      ...{ autoConnect: false, forceNew: true, transports: ['websocket'] },
      auth: { token, cursors: { [channel]: null } },
    })
  }

  async start(): Promise<void> {
    this.#journal.connects()
    const ready = new Promise((resolve) => this.#socket.once('ready', resolve))
    this.#socket.connect()
    await ready
  }

  /** Until it is stored; resolves to its seq. */
  async say(text: string): Promise<number> {
    this.#said += 1
    const clientId = `${this.#journal.who}-${this.#said}`.replaceAll(/[^\w-]/g, '-')
    this.#journal.invoke({ op: clientId, deed: 'send', channel: this.#channel, clientId, text })
    for (;;) {
      const answer = await this.#ask('send', { clientId, text })
      if (answer?.ok && typeof answer.seq === 'number') {
        this.#journal.ends(clientId, answer)
        return answer.seq
      }
      await sleep(RETRY_MS)
    }
  }

  /** Resolves to whether it was done; undefined: it was given up. */
  async edit(target: number, text: string): Promise<boolean | undefined> {
    const channel = this.#channel
    const op = this.#journal.invoke({ deed: 'edit', channel, target, text })
    const answer = await this.#ask('edit', { target, text })
    this.#journal.ends(op, answer)
    return answer?.ok
  }

  stop(): void {
    this.#socket.disconnect()
  }

  #ask(deed: string, payload: object): Promise<AnyAnswer | undefined> {
    return new Promise((resolve) => {
      this.#socket
        .timeout(ANSWER_MS_MAX)
        .emit(
          deed,
          { channelId: this.#channel, ...payload },
          (lost: Error | null, answer?: AnyAnswer) => resolve(lost ? undefined : answer),
        )
    })
  }
}
