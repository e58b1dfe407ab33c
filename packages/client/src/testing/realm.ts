/** A place where scripts run, which a test can freeze, wake and kill. */
import type { Clock } from '../clock.ts'

/** A place where scripts run: a page or a worker. What happens to it while it is frozen happens when it wakes, in any order. */
export class Realm {
  readonly name: string
  state: 'awake' | 'frozen' | 'dead' = 'awake'
  readonly #dice: () => number
  #late: (() => void)[] = []

  constructor(name: string, dice: () => number) {
    this.name = name
    this.#dice = dice
  }

  readonly run = (act: () => void): void => {
    if (this.state === 'awake') act()
    else if (this.state === 'frozen') this.#late.push(act)
  }

  /** Tasks of one kind keep their order; timers go before messages, or after. */
  wake(): void {
    if (this.state !== 'frozen') return
    this.state = 'awake'
    const late = this.#late.splice(0)
    const first = this.#dice() < 0.5
    for (const act of first ? late : [...late.slice(1), ...late.slice(0, 1)]) this.run(act)
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      after: (delayMs, run) => clock.after(delayMs, () => this.run(run)),
    }
  }
}
