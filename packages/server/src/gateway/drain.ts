/** Moves every connection to another node, as fast as the pacer allows, so that neither this node nor the others see them all at once. */
import { errorBody } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { DRAIN_LIMITS as LIMITS } from './drain/limits.ts'
import {
  type Kind,
  newPacer,
  type Orders,
  type Pacer,
  type PacerInput,
  stepPacer,
} from './drain/pacer.ts'
import { type DrainProgress, type DrainStage, NO_STAGES, NOT_DRAINING } from './drain/progress.ts'
import { shuffled } from './drain/shuffled.ts'
import type { Naps } from './naps.ts'
import type { Requests } from './requests.ts'
import type { Session } from './session.ts'
import type { GatewayReport } from './settings.ts'
import type { Connection, Wire } from './wire.ts'

export interface DrainParts {
  readonly wire: Wire<Session>
  readonly requests: Pick<Requests, 'inFlight' | 'answered'>
  readonly clock: Clock
  readonly naps: Naps
  /** From 0 up to 1. */
  readonly random: () => number
  readonly report: Pick<GatewayReport, 'drained' | 'finished' | 'note'>
}

type Client = Connection<Session>

interface Stay {
  readonly as: Kind
  step: 'waiting' | 'told' | 'closing'
  toldAtMs: number
}

export class Drain {
  readonly #parts: DrainParts
  /** Whoever is here; those that were told in the order in which they were. */
  readonly #stays = new Map<Client, Stay>()
  readonly #waiting: Record<Kind, Client[]> = { mover: [], closer: [] }
  readonly #told = new Set<Client>()
  #pacer: Pacer | undefined
  #progress: DrainProgress = NOT_DRAINING
  #begunAtMs = 0

  constructor(parts: DrainParts) {
    this.#parts = parts
  }

  get hasBegun(): boolean {
    return this.#pacer !== undefined
  }

  get progress(): DrainProgress {
    const { state } = this.#progress
    if (state !== 'draining') return this.#progress
    return { ...this.#progress, left: this.#stays.size, tookMs: this.#passedMs }
  }

  /** Somebody whose handshake was under way when the drain began. */
  opened(client: Client): void {
    if (this.#pacer === undefined) return
    this.#progress = { ...this.#progress, of: this.#progress.of + 1 }
    this.#take({ kind: 'came', as: this.#add(client) })
  }

  closed(client: Client): void {
    const stay = this.#stays.get(client)
    if (this.#pacer === undefined || stay === undefined) return
    this.#stays.delete(client)
    this.#told.delete(client)
    if (stay.step === 'closing') return
    if (stay.step === 'waiting') this.#take({ kind: 'gone', as: stay.as })
    else this.#take({ kind: 'moved', toldAtMs: stay.toldAtMs })
    this.#count(stay.step === 'waiting' ? 'left' : 'moved', client)
  }

  /**
   * Resolves when nobody is left and what was asked is answered; at the latest after the window and what its limits add to it, or as soon as the naps are stopped.
   * To be called once.
   */
  async run(windowMs: number): Promise<void> {
    const { wire, clock, naps, report } = this.#parts
    wire.refuse()
    this.#begin(windowMs)
    let dueAtMs = clock.monotonic()
    while (this.#stays.size > 0 && !naps.stopped) {
      const lagMs = clock.monotonic() - dueAtMs
      this.#obey(this.#take({ kind: 'tick', lagMs }))
      if (this.#isOver) this.#endAll()
      if (this.#stays.size === 0) break
      dueAtMs = clock.monotonic() + LIMITS.tickMs
      await naps.nap(LIMITS.tickMs)
    }
    await this.#finish()
    const { tookMs, stages } = this.progress
    this.#progress = { ...this.progress, state: 'drained', left: 0, since: clock.now() }
    report.note('Drained: nobody is connected any more.', { tookMs: Math.round(tookMs), ...stages })
  }

  #begin(windowMs: number): void {
    const { wire, clock, random, requests, report } = this.#parts
    this.#begunAtMs = clock.monotonic()
    for (const client of shuffled(wire.connections(), random)) this.#add(client)
    const [movers, closers] = [this.#waiting.mover.length, this.#waiting.closer.length]
    this.#pacer = newPacer(movers, closers, windowMs, this.#begunAtMs)
    const of = this.#stays.size
    this.#progress = {
      ...NOT_DRAINING,
      state: 'draining',
      of,
      since: clock.now(),
      stages: NO_STAGES,
    }
    const polling = wire.count().polling
    const facts = { connections: of, moving: movers, closing: closers, polling, windowMs }
    report.note('Draining: whoever is connected goes elsewhere.', {
      ...facts,
      requests: requests.inFlight,
    })
  }

  /** Whoever speaks our wire by its number knows `goaway`; anybody else comes back by itself once its transport is closed. */
  #add(client: Client): Kind {
    const as = client.state.speaksWire ? 'mover' : 'closer'
    this.#stays.set(client, { as, step: 'waiting', toldAtMs: 0 })
    this.#waiting[as].push(client)
    return as
  }

  #take(input: PacerInput): Orders {
    if (this.#pacer === undefined) throw new Error('the drain has not begun')
    const [pacer, orders] = stepPacer(this.#pacer, input, this.#parts.clock.monotonic())
    this.#pacer = pacer
    return orders
  }

  #obey({ tell, close, giveUp, cut }: Orders): void {
    const given = this.#longestTold(giveUp)
    for (const client of given) this.#close(client, 'stayed')
    for (const client of this.#next('mover', tell)) this.#tell(client)
    for (const client of this.#next('closer', close)) this.#close(client, 'closed')
    if (cut === 0) return
    const told = this.#longestTold(cut)
    const movers = this.#next('mover', cut - told.length)
    const closers = this.#next('closer', cut - told.length - movers.length)
    for (const client of [...told, ...movers, ...closers]) this.#close(client, 'cut')
  }

  #tell(client: Client): void {
    const stay = this.#stays.get(client)
    if (stay === undefined) return
    stay.step = 'told'
    stay.toldAtMs = this.#parts.clock.monotonic()
    this.#told.add(client)
    client.emit('goaway', { withinMs: LIMITS.slotMs })
    this.#count('told', client)
  }

  /** What it asked for is answered before, where that is soon: a stock client would not learn what became of it. */
  #close(client: Client, stage: 'closed' | 'stayed' | 'cut'): void {
    const stay = this.#stays.get(client)
    if (stay === undefined) return
    stay.step = 'closing'
    this.#told.delete(client)
    this.#count(stage, client)
    const close = () => client.close(errorBody('draining'), true)
    const { inFlight, ended } = client.state
    if (ended || inFlight === 0 || stage === 'cut') close()
    else
      void Promise.race([client.state.idle(), this.#parts.naps.nap(LIMITS.finishMsMax)]).then(close)
  }

  /** Those that wait and are still here, in their order. */
  #next(as: Kind, count: number): Client[] {
    const list = this.#waiting[as]
    const next: Client[] = []
    while (next.length < count) {
      const client = list.pop()
      if (client === undefined) return next
      if (this.#stays.has(client)) next.push(client)
    }
    return next
  }

  #longestTold(count: number): Client[] {
    return count === 0 ? [] : [...this.#told].slice(0, count)
  }

  /** Requests of whoever is gone are under way still: what they write is to be published by this node. */
  async #finish(): Promise<void> {
    const { requests, naps, report } = this.#parts
    const asked = requests.inFlight
    if (asked > 0) await Promise.race([requests.answered(), naps.nap(LIMITS.finishMsMax)])
    const left = requests.inFlight
    report.finished(Math.max(0, asked - left), left)
  }

  get #isOver(): boolean {
    const { endsAt = 0 } = this.#pacer ?? {}
    return this.#parts.clock.monotonic() >= endsAt
  }

  /** Those too that were given time for their answers. */
  #endAll(): void {
    for (const [client, { step }] of [...this.#stays]) {
      if (step !== 'closing') this.#count('cut', client)
      client.close(errorBody('draining'), true)
    }
  }

  get #passedMs(): number {
    return this.#parts.clock.monotonic() - this.#begunAtMs
  }

  #count(stage: DrainStage, { transport }: Client): void {
    const { stages } = this.#progress
    this.#progress = { ...this.#progress, stages: { ...stages, [stage]: stages[stage] + 1 } }
    this.#parts.report.drained(stage, transport)
  }
}
