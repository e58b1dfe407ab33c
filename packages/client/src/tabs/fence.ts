/**
 * Keeps a leader that was asleep from speaking to the server before it knows whether it still leads.
 *
 * A page that is frozen is not told what happened meanwhile: its timers, sockets and messages go on in whatever order. Time that has
 * jumped is the sign; then everything that would be said waits for the lock's own word. Browsers slow the timers of background pages
 * so much that a jump alone proves nothing.
 */
import type { Clock, Timer } from '../clock.ts'
import type { Link, OpenLink } from '../link.ts'
import { TAB_BOUNDS } from './bounds.ts'

export interface FenceParts {
  readonly clock: Clock
  /** Asks whether the lead is still ours. */
  leads(): Promise<boolean>
  lost(): void
}

export class Fence {
  readonly #parts: FenceParts
  #sureAt: number
  #timer: Timer | undefined
  #asking: Promise<boolean> | undefined
  #isStopped = false

  constructor(parts: FenceParts) {
    this.#parts = parts
    this.#sureAt = parts.clock.now()
    this.#arm()
  }

  /** Links on which nothing is said while it is not sure that we lead. What is not said counts as not answered. */
  guarded(openLink: OpenLink): OpenLink {
    return (parts) => {
      const link = openLink(parts)
      // Whatever else a link can do, it does as before.
      link.request = this.#guard(link.request.bind(link))
      return link
    }
  }

  stop(): void {
    this.#isStopped = true
    this.#timer?.cancel()
  }

  #guard(request: Link['request']): Link['request'] {
    return (name, payload, answered) => {
      if (this.#isSure()) {
        request(name, payload, answered)
        return
      }
      void this.#ask().then((leads) => {
        if (leads) request(name, payload, answered)
        else answered(undefined)
      })
    }
  }

  #isSure(): boolean {
    return !this.#isStopped && this.#parts.clock.now() - this.#sureAt < TAB_BOUNDS.unsureMsMin
  }

  #ask(): Promise<boolean> {
    if (this.#isStopped) return Promise.resolve(false)
    this.#asking ??= this.#parts
      .leads()
      .catch(() => false)
      .then((leads) => this.#told(leads))
    return this.#asking
  }

  #told(leads: boolean): boolean {
    this.#asking = undefined
    if (this.#isStopped) return false
    if (leads) this.#sureAt = this.#parts.clock.now()
    else this.#parts.lost()
    return leads
  }

  /** While turns follow each other closely nobody can have taken the lead: that takes longer. */
  #arm(): void {
    this.#timer = this.#parts.clock.after(TAB_BOUNDS.aliveMs, () => {
      if (this.#isSure()) this.#sureAt = this.#parts.clock.now()
      else void this.#ask()
      this.#arm()
    })
  }
}
