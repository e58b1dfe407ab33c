/** Knows whether the API process answers, so that nobody waits for one that is dead, and finds out by itself when it is back. */
import type { Clock, Timer } from '../../clock.ts'

/** `unknown`: it has not answered yet. */
export type ApiState = 'unknown' | 'up' | 'down'

export interface WatchOptions {
  /** Asks it for a sign of life; rejects with why there is none. Bounded in time. */
  readonly probe: () => Promise<void>
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  /** Told of each change, with why. Must not throw. */
  readonly onChange?: ((state: ApiState, detail: string) => void) | undefined
}

export const PROBES = {
  /** The first pause after a sign of life that did not come, in ms; each is twice the one before, and random between its half and its whole. */
  pauseMsMin: 250,
  pauseMsMax: 2_000,
} as const

export class Watch {
  readonly #options: WatchOptions
  #state: ApiState = 'unknown'
  #pauseMs: number = PROBES.pauseMsMin
  #probing: Promise<void> | undefined
  #timer: Timer | undefined
  #stopped = false

  constructor(options: WatchOptions) {
    this.#options = options
  }

  get state(): ApiState {
    return this.#state
  }

  /** Resolves when the first sign of life came or did not; never rejects. */
  start(): Promise<void> {
    return this.#probe()
  }

  /** A call was not answered: whether that was the one call or all of it is asked at once. */
  doubt(): void {
    if (this.#timer === undefined) void this.#probe()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #probe(): Promise<void> {
    this.#probing ??= this.#ask().finally(() => {
      this.#probing = undefined
    })
    return this.#probing
  }

  async #ask(): Promise<void> {
    if (this.#stopped) return
    try {
      await this.#options.probe()
      this.#pauseMs = PROBES.pauseMsMin
      this.#become('up', '')
    } catch (error) {
      this.#become('down', error instanceof Error ? error.message : String(error))
      this.#askLater()
    }
  }

  #askLater(): void {
    if (this.#stopped) return
    const pauseMs = this.#pauseMs * (0.5 + 0.5 * this.#options.random())
    this.#pauseMs = Math.min(this.#pauseMs * 2, PROBES.pauseMsMax)
    this.#timer = this.#options.clock.after(pauseMs, () => {
      this.#timer = undefined
      void this.#probe()
    })
  }

  #become(state: ApiState, detail: string): void {
    if (this.#stopped || state === this.#state) return
    this.#state = state
    this.#options.onChange?.(state, detail)
  }
}
