/** What a crowd sends: round robin, at a rate. */
import type { Participant } from './participant.ts'

const SEND_TICK_MS = 15

/** Sends so many as the time that has passed asks for: a slow machine sends in larger steps, not fewer. */
export class Load {
  readonly #crowd: readonly Participant[]
  readonly #perSecond: number
  #sent = 0
  #timer: NodeJS.Timeout | undefined

  constructor(crowd: readonly Participant[], perSecond: number) {
    this.#crowd = crowd
    this.#perSecond = perSecond
  }

  start(): void {
    const startedAt = performance.now()
    const before = this.#sent
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - startedAt) / 1_000) * this.#perSecond
      for (; this.#sent < due; this.#sent += 1) {
        this.#crowd[this.#sent % this.#crowd.length]?.send(`message ${this.#sent + 1}`)
      }
    }, SEND_TICK_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
