/** What people do all day, dealt out by the dice: most of them talk, some change what they said, some come, go and are put out. */
import type { Random } from '../random.ts'
import type { Keeper } from '../stage/keeper.ts'
import type { Participant } from './participant.ts'

export interface PlayOptions {
  /** All participants together. */
  readonly sendsPerSecond: number
  /** Where everybody is and stays. Nine of ten sends go there. */
  readonly hall: string
  /** Where people come and go. */
  readonly club: string
}

/** How many of a hundred acts are what; the rest are sends. */
const SHARES = { edit: 4, delete: 3, read: 6, typing: 3, wander: 2, kick: 1 } as const
const TICK_MS = 15
const CLUB_SHARE = 0.1

/** Acts so often as the time that has passed asks for: a slow machine acts in larger steps, not less. */
export class Play {
  readonly #crowd: readonly Participant[]
  readonly #keeper: Keeper
  readonly #random: Random
  readonly #options: PlayOptions
  readonly #perSecond: number
  #turn = 0
  #acts = 0
  #timer: NodeJS.Timeout | undefined

  constructor(crowd: readonly Participant[], keeper: Keeper, random: Random, options: PlayOptions) {
    this.#crowd = crowd
    this.#keeper = keeper
    this.#random = random
    this.#options = options
    const others = Object.values(SHARES).reduce((sum, share) => sum + share, 0)
    this.#perSecond = (options.sendsPerSecond * 100) / (100 - others)
  }

  start(): void {
    if (this.#timer !== undefined) return
    const startedAt = performance.now()
    const before = this.#acts
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - startedAt) / 1_000) * this.#perSecond
      for (; this.#acts < due; this.#acts += 1) this.#act()
    }, TICK_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #act(): void {
    let dice = this.#random.next() * 100
    for (const [deed, share] of Object.entries(SHARES)) {
      dice -= share
      if (dice < 0) {
        this.#perform(deed as keyof typeof SHARES)
        return
      }
    }
    this.#turn += 1
    const who = this.#crowd[this.#turn % this.#crowd.length]
    who?.send(this.#where(), `message ${this.#turn} of ${who.who}`)
  }

  #perform(deed: keyof typeof SHARES): void {
    const random = this.#random
    const who = random.pick(this.#crowd)
    const choose = (count: number) => random.below(count)
    const channel = this.#where()
    const { club } = this.#options
    if (who === undefined) return
    const acts: Readonly<Record<typeof deed, () => void>> = {
      edit: () => who.edit(channel, `edit ${this.#acts} of ${who.who}`, choose),
      delete: () => who.delete(channel, choose),
      read: () => who.read(channel),
      typing: () => who.typing(channel),
      wander: () => (who.isMember(club) ? who.leave(club) : who.join(club)),
      kick: () => void this.#keeper.kick(club, who.person),
    }
    acts[deed]()
  }

  #where(): string {
    const { hall, club } = this.#options
    return this.#random.next() < CLUB_SHARE ? club : hall
  }
}
