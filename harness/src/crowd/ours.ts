/** A participant made of our own client. */
import { type ChannelHandle, type Client, createClient, type TimelineMessage } from '@madang/client'
import type { Reader, Sender } from '../ledger.ts'
import type { Delays } from './delays.ts'
import type { Participant } from './participant.ts'

/** Own messages that may still be unanswered. */
const RECENT_KEYS = 1_000

export class OurParticipant implements Participant {
  readonly name: string
  readonly #client: Client
  readonly #delays: Delays | undefined
  readonly #keys: string[] = []
  readonly #acknowledged = new Map<string, number>()
  /** The last seq that was shown. */
  #shown = 0
  #channel: ChannelHandle | undefined

  constructor(url: string, name: string, delays?: Delays) {
    this.name = name
    this.#delays = delays
    this.#client = createClient({ url, guestName: name })
  }

  async start(): Promise<void> {
    this.#client.start()
    const general = () =>
      this.#client.session.snapshot().channels.find((channel) => channel.name === 'general')
    await until(this.#client.session.subscribe, () => general() !== undefined)
    const channel = this.#client.open(general()?.id ?? '')
    this.#channel = channel
    channel.subscribe(() => this.#look())
    await until(channel.subscribe, () => channel.snapshot().loaded)
  }

  send(text: string): void {
    if (this.#channel === undefined) return
    const key = this.#channel.send(text)
    this.#keys.push(key)
    this.#delays?.sent(key)
  }

  reconnect(): void {
    this.#client.reconnect()
  }

  isOnline(): boolean {
    return this.#client.session.snapshot().connection.status === 'online'
  }

  waiting(): number {
    return this.#messages().filter((message) => message.state === 'pending').length
  }

  cursor(): number {
    return this.#channel?.snapshot().items.findLast((item) => item.seq !== undefined)?.seq ?? 0
  }

  sender(): Sender {
    const acknowledged = new Map<string, number>()
    const unresolved: string[] = []
    for (const key of this.#keys) {
      const seq = this.#acknowledged.get(key)
      if (seq === undefined) unresolved.push(key)
      else acknowledged.set(key, seq)
    }
    return { name: this.name, acknowledged, unresolved }
  }

  /** What the timeline shows when everything that it had let go of was paged in again. */
  reader(): Reader {
    const seen = this.#messages().flatMap(({ seq, key }) =>
      seq === undefined ? [] : [{ seq, clientId: clientIdOf(key) }],
    )
    return { name: this.name, seen }
  }

  async settle(): Promise<void> {
    while (this.#channel?.snapshot().more) await this.#channel.loadOlder()
  }

  async stop(): Promise<void> {
    await this.#client.stop()
  }

  /** Notes the seqs of own messages as soon as they are shown as sent: a timeline may let go of what is long past. */
  #look(): void {
    const mine = new Set(this.#keys.slice(-RECENT_KEYS))
    let shown = this.#shown
    for (const { key, seq } of this.#messages().slice(-RECENT_KEYS * 3)) {
      if (seq === undefined) continue
      if (mine.has(key)) this.#acknowledged.set(key, seq)
      if (seq > this.#shown) this.#delays?.shown(clientIdOf(key), this.name, mine.has(key))
      shown = Math.max(shown, seq)
    }
    this.#shown = shown
  }

  #messages(): TimelineMessage[] {
    const items = this.#channel?.snapshot().items ?? []
    return items.filter((item) => item.kind === 'message')
  }
}

/** Messages of others are named by their author and client id. */
const clientIdOf = (key: string): string => key.slice(key.indexOf(':') + 1)

function until(
  subscribe: (changed: () => void) => () => void,
  holds: () => boolean,
): Promise<void> {
  if (holds()) return Promise.resolve()
  return new Promise((resolve) => {
    const unsubscribe = subscribe(() => {
      if (!holds()) return
      unsubscribe()
      resolve()
    })
  })
}
