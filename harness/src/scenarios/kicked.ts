/** People are put out of a channel in the worst moments: who was removed is told nothing that came after, by any path, and writes nothing. */
import type { Participant } from '../crowd/participant.ts'
import type { FaultProxy } from '../proxy/proxy.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

/** Removals of each kind. */
const KICKS = 500
const TELL_EVERY = 100
const CHECK_MS = 10
/** A join that was not answered is asked for again after so long. */
const JOIN_MS = 2_000
/** Longer than the slowest repair, in ms. */
const UNKNOWN_MS_MAX = 45_000
/** Removals fall into so many ms from the moment on in which all handshakes go on. */
const RESUME_MS = 80
/** Of sending. */
const BURST_MS = 12

type Moment = 'offline' | 'resuming' | 'sending'

export const kicked: readonly Scenario[] = (['offline', 'resuming', 'sending'] as const).map(row)

function row(moment: Moment): Scenario {
  return {
    name: `kicked-while-${moment}`,
    story: `people are put out of a channel in which others talk, ${KICKS} times, each while ${moment}`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I7', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { proxied: ['clients'], ours: 9, stock: 9 },
    figures: { unansweredSends: 0 },
    run: (stage) => new Race(stage, moment).run(),
  }
}

class Race {
  readonly #stage: Stage
  readonly #moment: Moment
  /** They are behind the first proxies. */
  readonly #victims: readonly Participant[]
  /** They are behind the last one, which is never touched. */
  readonly #talkers: readonly Participant[]
  readonly #proxies: readonly FaultProxy[]
  #talk: NodeJS.Timeout | undefined
  #words = 0

  constructor(stage: Stage, moment: Moment) {
    this.#stage = stage
    this.#moment = moment
    this.#proxies = stage.links.clients.slice(0, -1)
    const isVictim = (_: Participant, at: number) =>
      at % stage.links.clients.length < this.#proxies.length
    // Each kind is dealt out over the nodes from the first one on.
    const kinds = (['ours', 'stock'] as const).map((kind) =>
      stage.crowd.all.filter((one) => one.kind === kind),
    )
    this.#victims = kinds.flatMap((all) => all.filter(isVictim))
    this.#talkers = kinds.flatMap((all) => all.filter((one, at) => !isVictim(one, at)))
  }

  async run(): Promise<void> {
    const { crowd, nemesis, progress } = this.#stage
    crowd.pause()
    this.#talk = setInterval(() => this.#say(), 25)
    try {
      await nemesis.strike(`kicked while ${this.#moment}`, 'everybody', async () => {
        let [done, told] = [0, 0]
        while (done < KICKS) {
          const isKnown = await this.#round((isDone) => {
            done += Number(isDone)
          })
          if (!isKnown) return false
          if (done - told >= TELL_EVERY) progress(`${done} of ${KICKS} were put out`)
          if (done - told >= TELL_EVERY) told = done
        }
        return true
      })
    } finally {
      clearInterval(this.#talk)
    }
    await this.#letIn()
    crowd.play()
  }

  /** Everybody is let in, put out once, and comes to know it. Resolves to false where somebody does not: what they heard meanwhile is judged. */
  async #round(told: (isDone: boolean) => void): Promise<boolean> {
    const { keeper, links, crowd, sleep } = this.#stage
    await this.#letIn()
    const kick = async (one: Participant) => {
      // Who is back already was not in the moment that this is about.
      const isIt = this.#moment === 'sending' || !one.isOnline()
      told((await keeper.kick(keeper.club, one.person)) && isIt)
    }
    if (this.#moment === 'offline') await this.#offline(kick)
    if (this.#moment === 'resuming') await this.#resuming(kick)
    if (this.#moment === 'sending') await this.#sending(kick)
    await links.fair()
    await crowd.online()
    const isKnown = () => this.#victims.every((one) => !one.isMember(keeper.club))
    const since = performance.now()
    while (!isKnown() && performance.now() - since < UNKNOWN_MS_MAX) await sleep(CHECK_MS)
    return isKnown()
  }

  /** They are away, are put out, others go on talking, they come back with the cursors of before. */
  async #offline(kick: Kick): Promise<void> {
    for (const proxy of this.#proxies) await proxy.set({ path: 'refused' })
    await this.#until((one) => !one.isOnline())
    await Promise.all(this.#victims.map(kick))
    this.#say()
  }

  /** Their handshakes are held until half of them are there, and go on while they are put out. */
  async #resuming(kick: Kick): Promise<void> {
    const held = this.#proxies.map(({ connections }) => connections)
    for (const proxy of this.#proxies) {
      proxy.reset()
      await proxy.set({ path: 'silent', delayMs: 5, jitterMs: 20 })
    }
    await this.#until((one) => !one.isOnline())
    // Not all of them: some would have given up before the last is there.
    const isBack = (proxy: FaultProxy, at: number) => proxy.connections >= (held[at] ?? 0) / 2
    while (!this.#proxies.every(isBack)) await this.#stage.sleep(CHECK_MS)
    for (const proxy of this.#proxies) await proxy.set({ path: 'open' })
    await this.#scattered(RESUME_MS, kick)
  }

  async #sending(kick: Kick): Promise<void> {
    const { club } = this.#stage.keeper
    await this.#scattered(BURST_MS, async (one) => {
      this.#words += 1
      const say = (part: number) => one.send(club, `part ${part} of burst ${this.#words}`)
      for (const part of [1, 2]) say(part)
      const kicked = kick(one)
      for (const part of [3, 4]) say(part)
      await kicked
    })
  }

  /** Everybody at a moment of their own. */
  async #scattered(ms: number, act: Kick): Promise<void> {
    const { random, sleep } = this.#stage
    const moments = this.#victims.map((one) => ({ one, at: random.next() * ms }))
    await Promise.all(moments.map(({ one, at }) => sleep(at).then(() => act(one))))
  }

  async #letIn(): Promise<void> {
    const { club } = this.#stage.keeper
    for (let asked = Number.NEGATIVE_INFINITY; ; await this.#stage.sleep(CHECK_MS)) {
      const out = this.#victims.filter((one) => !one.isMember(club))
      if (out.length === 0) return
      if (performance.now() - asked < JOIN_MS) continue
      asked = performance.now()
      for (const one of out) one.join(club)
    }
  }

  #say(): void {
    const { random, keeper } = this.#stage
    this.#words += 1
    const one = random.pick(this.#talkers)
    one?.send(keeper.club, `word ${this.#words} of ${one.who}`)
    one?.typing(keeper.club)
  }

  async #until(holds: (one: Participant) => boolean): Promise<void> {
    while (!this.#victims.every(holds)) await this.#stage.sleep(CHECK_MS)
  }
}

type Kick = (one: Participant) => Promise<void>
