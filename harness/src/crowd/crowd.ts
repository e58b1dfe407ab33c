/** The people of a run: they come, act by the dice, come to rest, say what they show, and go. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Note } from '../history/record.ts'
import type { Random } from '../random.ts'
import type { Keeper } from '../stage/keeper.ts'
import { OurParticipant } from './ours.ts'
import type { Participant, ParticipantKind, ParticipantParts } from './participant.ts'
import { Play } from './play.ts'
import { StockParticipant } from './stock.ts'

export interface CrowdParts {
  readonly keeper: Keeper
  readonly random: Random
  readonly note: Note
  readonly progress: (line: string) => void
  /** How long the crowd may stand still before rest is given up, in ms. */
  readonly stillMsMax: number
  readonly sendsPerSecond: number
}

const CHECK_MS = 100
/** Waits that are longer say what they wait for so often, in ms. */
const TELL_MS = 5_000
/** Handshakes at the same time while the crowd comes in. */
const STARTS_AT_ONCE = 20

const KINDS: Record<ParticipantKind, new (parts: ParticipantParts) => Participant> = {
  ours: OurParticipant,
  stock: StockParticipant,
}

export class Crowd {
  readonly all: Participant[] = []
  readonly #parts: CrowdParts
  readonly #play: Play

  constructor(parts: CrowdParts) {
    this.#parts = parts
    const { keeper, random, sendsPerSecond } = parts
    const { hall, club } = keeper
    this.#play = new Play(this.all, keeper, random, { sendsPerSecond, hall, club })
  }

  /** Lets so many of a kind in, in parts; `urlOf` says where the nth of them connects. Resolves when all are served. */
  async add(kind: ParticipantKind, count: number, urlOf: (index: number) => string): Promise<void> {
    const { keeper, note } = this.#parts
    const first = this.all.filter((one) => one.kind === kind).length
    for (let done = 0; done < count; done += STARTS_AT_ONCE) {
      const part = Array.from(
        { length: Math.min(STARTS_AT_ONCE, count - done) },
        (_, at) => done + at,
      )
      await Promise.all(
        part.map(async (index) => {
          const who = `${kind}-${String(first + index + 1).padStart(2, '0')}`
          const { person, token } = await keeper.admit(who)
          const channels = [keeper.hall, keeper.club]
          const url = urlOf(index)
          const one = new KINDS[kind]({ who, url, person, token, channels, note })
          this.all.push(one)
          await one.start()
        }),
      )
    }
  }

  /** Everybody acts from now on. */
  play(): void {
    this.#play.start()
  }

  pause(): void {
    this.#play.stop()
  }

  /** Waits until everybody is connected and served, however long that takes. */
  async online(): Promise<void> {
    let told = performance.now()
    while (!this.all.every((one) => one.isOnline())) {
      for (const one of this.all) if (!one.isOnline()) one.reconnect()
      await sleep(CHECK_MS)
      if (performance.now() - told < TELL_MS) continue
      told = performance.now()
      this.#parts.progress(`${this.onlineCount()} of ${this.all.length} are online`)
    }
  }

  /** How many are connected and served now. */
  onlineCount(): number {
    return this.all.filter((one) => one.isOnline()).length
  }

  /**
   * Stops the play and waits until every send is answered and every member has heard everything; gives up when nothing moves any more. Whether
   * it gave up is for the checker to find.
   */
  async rest(): Promise<void> {
    this.pause()
    await this.online()
    let still = performance.now()
    let before = ''
    while (performance.now() - still < this.#parts.stillMsMax) {
      const now = await this.#behind()
      if (now === '') return
      if (now !== before) still = performance.now()
      before = now
      await sleep(CHECK_MS)
    }
    this.#parts.progress(`did not come to rest: ${before}`)
  }

  /** Everybody writes down what they show. */
  async finish(): Promise<void> {
    await Promise.all(this.all.map((one) => one.finish()))
  }

  async stop(): Promise<void> {
    this.pause()
    await Promise.all(this.all.map((one) => one.stop()))
  }

  /** Who still waits for what; empty for nobody. */
  async #behind(): Promise<string> {
    const { keeper } = this.#parts
    // Heads are final only when nothing is asked for any more.
    const waiting = this.all.filter((one) => one.waiting() > 0)
    if (keeper.waiting > 0) return `the keeper waits for ${keeper.waiting} answers`
    if (waiting.length > 0)
      return waiting.map((one) => `${one.who} waits for ${one.waiting()} answers`).join(', ')
    const heads = await keeper.heads()
    const parts: string[] = []
    for (const one of this.all) {
      for (const [channel, head] of heads) {
        const reached = one.reached(channel)
        if (one.isMember(channel) && reached < head) {
          parts.push(`${one.who} at ${reached} of ${head}`)
        }
      }
    }
    return parts.join(', ')
  }
}
