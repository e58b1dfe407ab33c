/**
 * What the primary does, decided: (fleet, event, now, dice) → fleet and effects. `primary.ts` performs.
 *
 * A generation is a set of workers that were forked for the same reason: the start, or one reload. Of a generation the first worker goes alone, so that a
 * wrong setting shows once, and so that nobody else is there while it makes the schema; when it is ready the others follow.
 *
 * | event      | starting                  | running                    | reloading                              | stopping        |
 * |------------|---------------------------|----------------------------|----------------------------------------|-----------------|
 * | `begin`    | forks the first           | -                          | -                                      | -               |
 * | `ready`    | forks the others; all: up | the fleet is whole         | forks the others; all: old ones retire | told to stop    |
 * | `ended`    | again, later; or gives up | another, later             | new: reload is off. old: the next one  | the last: end   |
 * | `told`     | leaves, another at once   | leaves, another at once    | leaves, another at once                | -               |
 * | `reload`   | afterwards                | forks the first of the new | once more, afterwards                  | -               |
 * | `stop`     | all leave                 | all leave                  | all leave                              | -               |
 * | `time`     | kills the late; forks     | kills the late; forks      | kills the late; forks                  | kills the late  |
 */
import { WORKER_LIMITS as LIMITS } from './limits.ts'

export type WorkerState = 'starting' | 'ready' | 'leaving'

export interface WorkerRow {
  readonly id: number
  readonly generation: number
  readonly state: WorkerState
  /** When it came into this state. */
  readonly sinceMs: number
  readonly isKilled?: true
}

export interface Fleet {
  readonly phase: 'starting' | 'running' | 'stopping' | 'ended'
  readonly workers: readonly WorkerRow[]
  /** Those that serve. Whoever is of an older one leaves. */
  readonly current: Generation
  /** Those that are to follow, while a reload is under way and they are not all ready. */
  readonly next?: Generation
  /** How many workers another reload is to have, which was asked for during this one. */
  readonly reloadTo?: number
  readonly lastId: number
  /** Failures in a row: workers of the present generation that ended early. */
  readonly failures: number
  /** Not before this is one forked in place of one that failed. */
  readonly forkAtMs: number
  /** Workers that were replaced because they ended by themselves. */
  readonly replaced: number
}

interface Generation {
  readonly number: number
  readonly wanted: number
  /** One of them was ready once. */
  readonly isProven: boolean
}

export type FleetEvent =
  | { readonly kind: 'begin' | 'stop' | 'time' }
  | { readonly kind: 'ready'; readonly id: number }
  /** The process is gone. `code` is null where a signal ended it. */
  | { readonly kind: 'ended'; readonly id: number; readonly code: number | null }
  /** Somebody else told this one worker to stop, and it asks what to do. */
  | { readonly kind: 'told'; readonly id: number }
  | { readonly kind: 'reload'; readonly wanted: number }

export type FleetEffect =
  | { readonly do: 'fork'; readonly id: number }
  /** `retire`: others serve on. `stop`: nobody does. */
  | { readonly do: 'leave'; readonly id: number; readonly how: 'retire' | 'stop' }
  /** It takes no new connection from now on, and serves on. */
  | { readonly do: 'shut'; readonly id: number }
  | { readonly do: 'kill'; readonly id: number }
  /** The one alarm: it replaces the one before. */
  | { readonly do: 'wake'; readonly inMs: number }
  /** All are ready for the first time. */
  | { readonly do: 'up' }
  | {
      readonly do: 'say'
      readonly level: 'info' | 'warn' | 'error'
      readonly text: string
      readonly facts?: object
    }
  /** The primary is to end; `line` is for the operator, where it is not by order. */
  | { readonly do: 'end'; readonly code: number; readonly line?: string }

export interface Step {
  readonly fleet: Fleet
  readonly effects: readonly FleetEffect[]
}

/** EX_CONFIG: a wrong setting does not become right by itself. */
const MISCONFIGURED = 78

export function newFleet(wanted: number): Fleet {
  return {
    phase: 'starting',
    workers: [],
    current: { number: 1, wanted, isProven: false },
    lastId: 0,
    failures: 0,
    forkAtMs: 0,
    replaced: 0,
  }
}

/** `random`: from 0 up to 1. */
export function step(fleet: Fleet, event: FleetEvent, nowMs: number, random: () => number): Step {
  const draft = new Draft(fleet, nowMs, random)
  draft.take(event)
  draft.settle()
  return { fleet: draft.fleet, effects: draft.effects }
}

/** How many are in each state. */
export function countOf({ workers }: Fleet): Readonly<Record<WorkerState, number>> {
  const count = { starting: 0, ready: 0, leaving: 0 }
  for (const { state } of workers) count[state]++
  return count
}

/** One step in the making. */
class Draft {
  fleet: Fleet
  readonly effects: FleetEffect[] = []
  readonly #nowMs: number
  readonly #random: () => number

  constructor(fleet: Fleet, nowMs: number, random: () => number) {
    this.fleet = fleet
    this.#nowMs = nowMs
    this.#random = random
  }

  take(event: FleetEvent): void {
    if (this.fleet.phase === 'ended') return
    switch (event.kind) {
      case 'ready':
        this.#ready(event.id)
        break
      case 'ended':
        this.#ended(event.id, event.code)
        break
      case 'told':
        this.#told(event.id)
        break
      case 'reload':
        if (this.fleet.phase !== 'stopping') this.#set({ reloadTo: event.wanted })
        break
      case 'stop':
        this.#stop()
        break
      case 'time':
        this.#killLate()
        break
    }
  }

  /** Whatever has happened: what is there becomes what is wanted. */
  settle(): void {
    const { phase } = this.fleet
    if (phase === 'ended') return
    if (phase === 'stopping') {
      if (this.fleet.workers.length === 0) this.#end({ do: 'end', code: 0 })
    } else {
      this.#promote()
      this.#retireOld()
      this.#beginReload()
      this.#fork()
      this.#lookWhetherUp()
    }
    this.#wake()
  }

  #ready(id: number): void {
    const row = this.#row(id)
    if (row?.state !== 'starting') return
    this.#change(id, { state: 'ready', sinceMs: this.#nowMs })
    const { current, next } = this.fleet
    if (row.generation === current.number) this.#set({ current: { ...current, isProven: true } })
    if (row.generation === next?.number) this.#set({ next: { ...next, isProven: true } })
  }

  #ended(id: number, code: number | null): void {
    const row = this.#row(id)
    if (row === undefined) return
    this.#set({ workers: this.fleet.workers.filter((each) => each !== row) })
    const facts = { worker: id, code }
    if (row.state === 'leaving' || this.fleet.phase === 'stopping') {
      if (code !== 0) this.#say('warn', `Worker ${id} did not stop cleanly.`, facts)
      return
    }
    if (row.generation === this.fleet.next?.number) this.#giveUpReload(facts)
    else if (row.generation === this.fleet.current.number) this.#failed(row, code)
    else this.#say('warn', `Worker ${id} ended before its turn.`, facts)
  }

  #failed(row: WorkerRow, code: number | null): void {
    const { sinceMs, state, id } = row
    const wasHealthy = state === 'ready' && this.#nowMs - sinceMs >= LIMITS.healthyMsMin
    const failures = wasHealthy ? 1 : this.fleet.failures + 1
    const isProven = this.fleet.current.isProven
    if (!isProven && (code === MISCONFIGURED || failures >= LIMITS.startFailuresMax)) {
      this.#giveUp(code, failures)
      return
    }
    const waitMs = backOffMs(failures, this.#random())
    const replaced = this.fleet.replaced + 1
    this.#set({ failures, forkAtMs: this.#nowMs + waitMs, replaced })
    const what = state === 'ready' ? 'ended' : 'could not start'
    const facts = { worker: id, code, failures, waitMs: Math.round(waitMs) }
    this.#say('error', `Worker ${id} ${what}: another follows.`, facts)
  }

  #giveUp(code: number | null, failures: number): void {
    const isWrong = code === MISCONFIGURED
    const line = isWrong
      ? 'No worker could start: a setting is wrong.'
      : `No worker could start (${failures} attempts); what they said stands above.`
    this.#end({ do: 'end', code: isWrong ? MISCONFIGURED : 1, line })
  }

  #giveUpReload(facts: object): void {
    const { next } = this.fleet
    for (const row of this.fleet.workers) {
      if (row.generation === next?.number) this.#leave(row, 'retire')
    }
    const { next: _, ...rest } = this.fleet
    this.fleet = rest
    this.#say('error', 'The new workers cannot start: the present ones go on.', facts)
  }

  #told(id: number): void {
    const row = this.#row(id)
    if (row === undefined || this.fleet.phase === 'stopping') return
    this.#leave(row, 'retire')
  }

  #stop(): void {
    if (this.fleet.phase === 'stopping') return
    this.#set({ phase: 'stopping' })
    for (const row of this.fleet.workers) this.#leave(row, 'stop')
  }

  #leave(row: WorkerRow, how: 'retire' | 'stop'): void {
    if (row.state === 'leaving') return
    this.#change(row.id, { state: 'leaving', sinceMs: this.#nowMs })
    this.effects.push({ do: 'leave', id: row.id, how })
  }

  #killLate(): void {
    for (const row of this.fleet.workers) {
      if (row.isKilled || this.#nowMs < lateAtMs(row)) continue
      this.#change(row.id, { isKilled: true })
      this.#say('error', `Worker ${row.id} takes too long: killed.`, { worker: row.id })
      this.effects.push({ do: 'kill', id: row.id })
    }
  }

  /** When all of the new ones are ready they are the present ones. */
  #promote(): void {
    const { next } = this.fleet
    if (next === undefined || this.#of(next, 'ready') < next.wanted) return
    const { next: _, ...rest } = this.fleet
    this.fleet = { ...rest, current: next, failures: 0, forkAtMs: this.#nowMs }
    // Whoever leaves one of the old ones is not to come to another of them, and be moved again.
    for (const { id, generation } of this.fleet.workers) {
      if (generation < next.number) this.effects.push({ do: 'shut', id })
    }
    this.#say('info', 'The new workers serve: the old ones leave, one after the other.')
  }

  #retireOld(): void {
    const { workers, current } = this.fleet
    const old = workers.filter(({ generation }) => generation < current.number)
    if (old.some(({ state }) => state === 'leaving')) return
    const [first] = old
    if (first !== undefined) this.#leave(first, 'retire')
  }

  /** One reload at a time, and none before the host is up. */
  #beginReload(): void {
    const { reloadTo, next, current, workers, phase } = this.fleet
    const isBusy = next !== undefined || workers.some((row) => row.generation < current.number)
    if (reloadTo === undefined || isBusy || phase !== 'running') return
    const { reloadTo: _, ...rest } = this.fleet
    const number = Math.max(current.number, ...workers.map(({ generation }) => generation)) + 1
    this.fleet = { ...rest, next: { number, wanted: reloadTo, isProven: false } }
    this.#say('info', 'Reloading: new workers start.', { wanted: reloadTo })
  }

  #fork(): void {
    const { current, next, forkAtMs } = this.fleet
    if (this.#nowMs >= forkAtMs) this.#forkFor(current)
    if (next !== undefined) this.#forkFor(next)
  }

  #forkFor(generation: Generation): void {
    for (let lacking = this.#lacking(generation); lacking > 0; lacking--) {
      const id = this.fleet.lastId + 1
      const row: WorkerRow = {
        id,
        generation: generation.number,
        state: 'starting',
        sinceMs: this.#nowMs,
      }
      this.#set({ lastId: id, workers: [...this.fleet.workers, row] })
      this.effects.push({ do: 'fork', id })
    }
  }

  #lookWhetherUp(): void {
    const { phase, current } = this.fleet
    if (phase !== 'starting' || this.#of(current, 'ready') < current.wanted) return
    this.#set({ phase: 'running', failures: 0 })
    this.effects.push({ do: 'up' })
    // A reload that was asked for during the start begins now.
    this.#beginReload()
    this.#fork()
  }

  #lacking(generation: Generation): number {
    const wanted = generation.isProven ? generation.wanted : 1
    return wanted - this.#of(generation, 'starting') - this.#of(generation, 'ready')
  }

  #of({ number }: Generation, state: WorkerState): number {
    return this.fleet.workers.filter((row) => row.generation === number && row.state === state)
      .length
  }

  #wake(): void {
    const { workers, current, forkAtMs, phase } = this.fleet
    if (phase === 'ended') return
    const times = workers.filter((row) => !row.isKilled).map(lateAtMs)
    if (phase !== 'stopping' && this.#lacking(current) > 0) times.push(forkAtMs)
    const atMs = Math.min(...times)
    if (atMs < Number.POSITIVE_INFINITY) {
      this.effects.push({ do: 'wake', inMs: Math.max(0, atMs - this.#nowMs) })
    }
  }

  #end(effect: FleetEffect): void {
    for (const { id } of this.fleet.workers) this.effects.push({ do: 'kill', id })
    this.#set({ phase: 'ended', workers: [] })
    this.effects.push(effect)
  }

  #row(id: number): WorkerRow | undefined {
    return this.fleet.workers.find((row) => row.id === id)
  }

  #change(id: number, change: Partial<WorkerRow>): void {
    const workers = this.fleet.workers.map((row) => (row.id === id ? { ...row, ...change } : row))
    this.#set({ workers })
  }

  #set(change: Partial<Fleet>): void {
    this.fleet = { ...this.fleet, ...change }
  }

  #say(level: 'info' | 'warn' | 'error', text: string, facts?: object): void {
    this.effects.push({ do: 'say', level, text, ...(facts && { facts }) })
  }
}

/** When a worker has had its time. */
function lateAtMs({ state, sinceMs }: WorkerRow): number {
  if (state === 'starting') return sinceMs + LIMITS.startMsMax
  return state === 'leaving' ? sinceMs + LIMITS.leaveMsMax : Number.POSITIVE_INFINITY
}

/** From half of it to all of it. */
export function backOffMs(failures: number, random: number): number {
  const fullMs = Math.min(LIMITS.retryMsMax, LIMITS.retryMsMin * 2 ** Math.min(failures - 1, 20))
  return fullMs * (0.5 + random / 2)
}
