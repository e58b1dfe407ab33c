/** Looks into the store for what no note may have told: sessions that are void, and people whose places have changed. So nothing that keeps people out needs a broker. */
import { errorBody, type Id } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import type { Core } from '../core/core.ts'
import { refusalOf } from './answers.ts'
import type { Reconciling } from './reconciling.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { GatewayReport, Settings } from './settings.ts'

export interface InspectionParts {
  readonly core: Core
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly sessions: Sessions
  readonly reconciling: Pick<Reconciling, 'places'>
  readonly report: GatewayReport
  readonly settings: Settings
}

/**
 * Everybody is looked at seldom while notes arrive, and every two seconds while they do not; those of whom it is not sure that every note of theirs arrived, with the next
 * look. One look is at work at a time, asks for hundreds of connections at once, and is not repeated at once where it took long: 50,000 people of a SQLite
 * store take half a second.
 */
export class Inspection {
  readonly #parts: InspectionParts
  #timer: Timer | undefined
  #dueAt = Number.POSITIVE_INFINITY
  #everybodyAt = Number.POSITIVE_INFINITY
  #running = false
  /** How long the last look took. */
  #tookMs = 0
  #stopped = false

  constructor(parts: InspectionParts) {
    this.#parts = parts
  }

  start(): void {
    this.#rest()
    this.#schedule(this.#pause())
  }

  /** Notes may have been lost: everybody is looked at within a second, at random, so that all nodes do not ask at once. */
  soon(): void {
    this.#everybodyAt = 0
    this.#schedule(this.#parts.random() * this.#parts.settings.bounds.inspectSpreadMsMax)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #rest(): void {
    const { clock, settings } = this.#parts
    this.#everybodyAt = clock.monotonic() + this.#jittered(settings.bounds.inspectIntervalMs)
  }

  #pause(): number {
    const { inspectAwayIntervalMs, inspectIntervalMs, inspectShareMin } =
      this.#parts.settings.bounds
    const fair = Math.min(this.#tookMs * inspectShareMin, inspectIntervalMs)
    return this.#jittered(Math.max(inspectAwayIntervalMs, fair))
  }

  #jittered(ms: number): number {
    return ms * (0.8 + 0.4 * this.#parts.random())
  }

  /** An earlier time that is set stays. */
  #schedule(ms: number): void {
    const { clock } = this.#parts
    const dueAt = clock.monotonic() + ms
    if (this.#stopped || this.#running || dueAt >= this.#dueAt) return
    this.#timer?.cancel()
    this.#dueAt = dueAt
    this.#timer = clock.after(ms, () => void this.#run())
  }

  async #run(): Promise<void> {
    const { clock, sessions, settings } = this.#parts
    this.#dueAt = Number.POSITIVE_INFINITY
    this.#running = true
    const everybody = settings.brokerAway() || clock.monotonic() >= this.#everybodyAt
    if (everybody) this.#rest()
    const beganAt = clock.monotonic()
    const done = await this.#inspect(everybody ? sessions.all() : [...sessions.unsure])
    this.#tookMs = clock.monotonic() - beganAt
    // Whoever was to be looked at still is.
    if (everybody && !done) this.#everybodyAt = 0
    this.#running = false
    this.#schedule(this.#everybodyAt === 0 && done ? 0 : this.#pause())
  }

  /** Whether the store has answered for all of them. */
  async #inspect(sessions: readonly Session[]): Promise<boolean> {
    const { report, settings } = this.#parts
    const { inspectSessionsMax } = settings.bounds
    try {
      for (let at = 0; at < sessions.length && !this.#stopped; at += inspectSessionsMax) {
        const part = sessions.slice(at, at + inspectSessionsMax)
        await this.#revoke(part)
        await this.#compare(part)
      }
      return true
    } catch (error) {
      if (this.#stopped) return true
      report.inspection('failed', 1)
      if (refusalOf(error, settings.bounds.storeRetryMs) === undefined) {
        report.error('connections could not be inspected', { error })
      }
      return false
    }
  }

  async #revoke(sessions: readonly Session[]): Promise<void> {
    const { core, report } = this.#parts
    const ids = new Set(sessions.flatMap(({ sessionId }) => sessionId ?? []))
    if (ids.size === 0) return
    const gone = new Set(await core.people.voidSessions([...ids]))
    for (const session of sessions) {
      if (session.ended || session.sessionId === undefined || !gone.has(session.sessionId)) continue
      report.inspection('session_void', 1)
      session.connection.close(errorBody('session_expired'), false)
    }
  }

  async #compare(sessions: readonly Session[]): Promise<void> {
    const { core, sessions: all, reconciling, report } = this.#parts
    const left = sessions.filter(({ ended }) => !ended)
    if (left.length === 0) return
    // Whoever becomes unsure while the store is asked is looked at again.
    for (const session of left) all.unsure.delete(session)
    const versions = await core.reading
      .placeVersions([...new Set(left.map(({ person }) => person.id))])
      .catch((error) => {
        for (const session of left) if (!session.ended) all.unsure.add(session)
        throw error
      })
    const changed = new Set<Id>()
    for (const { ended, person, version } of left) {
      if (!ended && version !== versions.get(person.id)) changed.add(person.id)
    }
    if (changed.size > 0) report.inspection('places_changed', changed.size)
    for (const personId of changed) reconciling.places(personId)
  }
}
