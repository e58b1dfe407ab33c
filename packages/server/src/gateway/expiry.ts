/** Ends connections when the session or token that they came with ends. */
import { errorBody } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'
import type { Session } from './session.ts'

export class Expiry {
  readonly #clock: Clock
  readonly #timers = new Map<Session, Timer>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  watch(session: Session): void {
    const { expiresAt } = session
    if (expiresAt === undefined) return
    const leftMs = expiresAt - this.#clock.now()
    // A timer takes no longer time than some weeks; the rest is waited for afterwards.
    const waitMs = Math.min(Math.max(0, leftMs), GATEWAY_BOUNDS.timerMsMax)
    const timer = this.#clock.after(waitMs, () => this.#look(session, expiresAt))
    this.#timers.set(session, timer)
  }

  forget(session: Session): void {
    this.#timers.get(session)?.cancel()
    this.#timers.delete(session)
  }

  stop(): void {
    for (const session of [...this.#timers.keys()]) this.forget(session)
  }

  #look(session: Session, expiresAt: number): void {
    if (this.#clock.now() < expiresAt) this.watch(session)
    else session.connection.close(errorBody('session_expired'), false)
  }
}
