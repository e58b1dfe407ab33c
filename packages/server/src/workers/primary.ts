/** The process that forks the workers of one host, watches them and replaces them. What it does is decided in `fleet.ts`; here it is done. */
import type { Clock, Timer } from '../clock.ts'
import type { Log } from '../log.ts'
import { countOf, type Fleet, type FleetEffect, type FleetEvent, newFleet, step } from './fleet.ts'
import type { Forker, Hand } from './fork.ts'
import { PageRounds } from './page-round.ts'
import type { FleetFacts, ToPrimary } from './words.ts'

export interface PrimaryOptions {
  readonly forker: Forker
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: Log
  readonly wanted: number
  /** What a worker is to have in its environment; undefined takes a variable out. Asked at each fork. */
  envOf(id: number): Readonly<Record<string, string | undefined>>
  /** All workers are ready for the first time. Must not throw. */
  onUp(url: string, wanted: number): void
}

/** Why the primary ends: by order with code 0, or because no worker could start. */
export interface Ending {
  readonly code: number
  readonly line?: string
}

export class Primary {
  readonly #options: PrimaryOptions
  readonly #hands = new Map<number, Hand>()
  readonly #rounds: PageRounds
  readonly #ended = Promise.withResolvers<Ending>()
  #fleet: Fleet
  #url = ''
  #alarm: Timer | undefined
  #told = ''

  constructor(options: PrimaryOptions) {
    this.#options = options
    this.#fleet = newFleet(options.wanted)
    this.#rounds = new PageRounds(options.clock)
  }

  /** Resolves when the last worker is gone. */
  get ended(): Promise<Ending> {
    return this.#ended.promise
  }

  get facts(): FleetFacts {
    const { current, replaced, phase } = this.#fleet
    const stopping = phase === 'stopping' || phase === 'ended'
    return { wanted: current.wanted, ...countOf(this.#fleet), replaced, stopping }
  }

  begin(): void {
    this.#happen({ kind: 'begin' })
  }

  reload(wanted: number): void {
    this.#happen({ kind: 'reload', wanted })
  }

  /** Lets every worker drain and stop. Calling it twice is calling it once. */
  stop(): Promise<Ending> {
    this.#happen({ kind: 'stop' })
    return this.ended
  }

  #happen(event: FleetEvent): void {
    const { clock, random } = this.#options
    const { fleet, effects } = step(this.#fleet, event, clock.monotonic(), random)
    this.#fleet = fleet
    this.#alarm?.cancel()
    for (const effect of effects) this.#perform(effect)
    this.#tellFacts()
  }

  #perform(effect: FleetEffect): void {
    switch (effect.do) {
      case 'fork':
        this.#fork(effect.id)
        break
      case 'leave':
        this.#hands.get(effect.id)?.tell({ madang: 'leave', how: effect.how })
        break
      case 'shut':
        this.#hands.get(effect.id)?.tell({ madang: 'shut' })
        break
      case 'kill':
        this.#hands.get(effect.id)?.kill()
        break
      case 'wake':
        this.#alarm = this.#options.clock.after(effect.inMs, () => this.#happen({ kind: 'time' }))
        break
      case 'up':
        this.#options.onUp(this.#url, this.#fleet.current.wanted)
        break
      case 'say':
        this.#options.log[effect.level](effect.facts ?? {}, effect.text)
        break
      case 'end':
        this.#end(effect)
        break
    }
  }

  #fork(id: number): void {
    const hand = this.#options.forker.fork(this.#options.envOf(id), {
      onWord: (word) => this.#hear(id, word),
      onEnded: (code) => {
        this.#hands.delete(id)
        this.#rounds.gone(id)
        this.#happen({ kind: 'ended', id, code })
      },
    })
    this.#hands.set(id, hand)
    this.#options.log.debug({ worker: id, pid: hand.pid }, `Worker ${id} starts.`)
  }

  #hear(id: number, word: ToPrimary): void {
    switch (word.madang) {
      case 'ready':
        this.#url = word.url
        this.#options.log.info({ worker: id }, `Worker ${id} is ready.`)
        this.#happen({ kind: 'ready', id })
        break
      case 'told':
        this.#happen({ kind: 'told', id })
        break
      case 'page':
        this.#rounds.came(id, word.question, word.body)
        break
      case 'pages':
        this.#gather(id, word.question)
        break
    }
  }

  /** Of those that serve or still serve. */
  #gather(asker: number, question: number): void {
    const askable = (id: number) => ({
      id,
      tell: (word: Parameters<Hand['tell']>[0]) => this.#hands.get(id)?.tell(word),
    })
    const others = this.#fleet.workers.filter(
      ({ id, state }) => id !== asker && state !== 'starting',
    )
    this.#rounds.begin(
      askable(asker),
      question,
      others.map(({ id }) => askable(id)),
    )
  }

  /** To all, whenever something has changed for them. */
  #tellFacts(): void {
    const { facts } = this
    const told = `${JSON.stringify(facts)} ${[...this.#hands.keys()].join()}`
    if (told === this.#told) return
    this.#told = told
    for (const hand of this.#hands.values()) hand.tell({ madang: 'facts', facts })
  }

  #end({ code, line }: Ending): void {
    this.#rounds.stop()
    this.#ended.resolve({ code, ...(line !== undefined && { line }) })
  }
}
