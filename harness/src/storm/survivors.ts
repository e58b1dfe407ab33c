/** Those who are there already and talk: how long each message takes to each of them. */
import { percentile } from '../percentile.ts'
import { RawClient } from './raw-client.ts'

const TICK_MS = 20

export interface Talk {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
  readonly deliveries: number
  readonly missing: number
}

export interface SurvivorsOptions {
  readonly url: string
  readonly token: string
  readonly channelId: string
  readonly count: number
  readonly perSecond: number
}

export class Survivors {
  readonly #options: SurvivorsOptions
  readonly #clients: RawClient[]
  #delaysMs: number[] = []
  #sent = 0
  #arrived = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: SurvivorsOptions) {
    this.#options = options
    const { url, token, channelId, count } = options
    const onEvent = (packet: string) => this.#heard(packet)
    this.#clients = Array.from(
      { length: count },
      () => new RawClient({ url, token, cursors: { [channelId]: null }, onEvent }),
    )
  }

  async come(): Promise<void> {
    for (const client of this.#clients) await client.come()
  }

  /** How often anybody of them was thrown out or refused. */
  get losses(): number {
    return this.#clients.reduce(
      (sum, { tries }) => sum + tries.failed + tries.told + tries.unread,
      0,
    )
  }

  talk(): void {
    const { channelId, perSecond } = this.#options
    const began = performance.now()
    const before = this.#sent
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - began) / 1_000) * perSecond
      for (; this.#sent < due; this.#sent += 1) {
        const clientId = `s-${this.#sent}`
        const sender = this.#clients[this.#sent % this.#clients.length]
        sender?.send('send', { channelId, clientId, text: `at ${performance.now()}` })
      }
    }, TICK_MS)
  }

  /** What was heard since the last call. */
  take(): Talk {
    const delays = this.#delaysMs
    const expected = this.#sent * this.#clients.length
    const talk = {
      p50Ms: percentile(delays, 0.5),
      p99Ms: percentile(delays, 0.99),
      longestMs: delays.reduce((most, each) => Math.max(most, each), 0),
      deliveries: delays.length,
      missing: expected - this.#arrived,
    }
    this.#delaysMs = []
    return talk
  }

  hush(): void {
    clearInterval(this.#timer)
  }

  leave(): void {
    this.hush()
    for (const client of this.#clients) client.leave()
  }

  #heard(packet: string): void {
    const at = /"text":"at ([\d.]+)"/.exec(packet)?.[1]
    if (at === undefined) return
    this.#arrived += 1
    this.#delaysMs.push(performance.now() - Number(at))
  }
}
