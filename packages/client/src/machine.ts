/** Runs a pure reducer: keeps its state, performs its effects in order, and wakes it when its time has come. */
import type { Clock, Dice, Timer } from './clock.ts'

/** What a reducer returns: the next state, and what is to be done in order. */
export type Step<State, Effect> = readonly [State, readonly Effect[]]

/** A reducer's state says when it wants to be woken, in ms since 1970. */
export interface Timed {
  readonly timerAt: number | undefined
}

export interface MachineParts<State extends Timed, Input, Effect> {
  readonly initial: State
  readonly step: (state: State, input: Input, now: number, random: number) => Step<State, Effect>
  /** The input that wakes it. */
  readonly timer: Input
  readonly clock: Clock
  readonly dice: Dice
  perform(effect: Effect): void
  /** Called after the state has changed, before the effects. */
  changed?(before: State, after: State): void
}

export class Machine<State extends Timed, Input, Effect> {
  readonly #parts: MachineParts<State, Input, Effect>
  readonly #inputs: Input[] = []
  #state: State
  #running = false
  #armedFor: number | undefined
  #timer: Timer | undefined

  constructor(parts: MachineParts<State, Input, Effect>) {
    this.#parts = parts
    this.#state = parts.initial
  }

  get state(): State {
    return this.#state
  }

  /** An input that arrives while effects are performed is taken after them. */
  dispatch(input: Input): void {
    this.#inputs.push(input)
    if (this.#running) return
    this.#running = true
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        this.#take(next)
      }
    } finally {
      this.#running = false
      this.#arm()
    }
  }

  #take(input: Input): void {
    const { step, clock, dice, changed, perform } = this.#parts
    const before = this.#state
    const [after, effects] = step(before, input, clock.now(), dice())
    this.#state = after
    if (after !== before) changed?.(before, after)
    for (const effect of effects) perform(effect)
  }

  #arm(): void {
    const at = this.#state.timerAt
    if (at === this.#armedFor) return
    this.#timer?.cancel()
    this.#timer = undefined
    this.#armedFor = at
    if (at === undefined) return
    const { clock, timer } = this.#parts
    this.#timer = clock.after(Math.max(0, at - clock.now()), () => {
      this.#timer = undefined
      this.#armedFor = undefined
      this.dispatch(timer)
    })
  }
}
