/** Brings seats that are not open to where they get digests, in the background, and tries again where that fails. */
import type { Core } from '../core/core.ts'
import type { Entered, Feeds } from '../feed/feeds.ts'
import { refusalOf } from './answers.ts'
import type { Digests } from './digests.ts'
import type { Naps } from './naps.ts'
import type { Seat, Seats } from './seats.ts'
import type { Session } from './session.ts'
import type { GatewayReport, Settings } from './settings.ts'

export interface DigestingParts {
  readonly core: Core
  readonly feeds: Feeds
  readonly seats: Seats
  readonly digests: Digests
  readonly naps: Naps
  readonly report: GatewayReport
  readonly settings: Settings
}

export class Digesting {
  readonly #parts: DigestingParts

  constructor(parts: DigestingParts) {
    this.#parts = parts
  }

  /** The session has been told `ready`. */
  begin(session: Session, seat: Seat): void {
    this.#parts.seats.rest(session, seat)
    if (!seat.settled) void this.#settle(session, seat)
    else if (seat.channel.tally === undefined) void this.#count(session, seat)
    else this.#parts.seats.digest(session, seat)
  }

  /** Nobody here has counted the channel yet: those who had it open began at its latest page. What they know of it may be older than the count. */
  async #count(session: Session, seat: Seat): Promise<void> {
    const { core, seats, digests, naps, settings } = this.#parts
    const { channel } = seat
    while (isResting(seat) && !naps.stopped) {
      try {
        const place = await core.reading.readable(session.person, channel.id)
        seats.count(seat, place)
        if (channel.tally === undefined || !isResting(seat)) continue
        seats.digest(session, seat)
        digests.tell(session, channel)
        return
      } catch (error) {
        this.#look(error)
        await naps.nap(settings.bounds.watchRetryMs)
      }
    }
  }

  async #settle(session: Session, seat: Seat): Promise<void> {
    while (isWaiting(seat) && !this.#parts.naps.stopped) {
      try {
        await this.#parts.seats.watched(seat)
        await this.#enter(session, seat)
        if (isWaiting(seat)) await this.#refresh(session, seat)
      } catch (error) {
        this.#look(error)
        if (!isWaiting(seat)) return
        await this.#parts.naps.nap(this.#parts.settings.bounds.watchRetryMs)
      }
    }
  }

  async #enter(session: Session, seat: Seat): Promise<void> {
    const { feeds, seats, digests } = this.#parts
    const admit = (entered: Entered) => {
      if (!isWaiting(seat)) return
      seats.settle(session, seat, entered)
      if (!seat.settled) return
      seats.digest(session, seat)
      if (entered.head > seat.since) digests.tell(session, seat.channel)
    }
    await feeds.enter(seat.channel.id, seat.since, admit)
  }

  /** Too much has happened since the person's place was read: it is read anew, and then entered there. */
  async #refresh(session: Session, seat: Seat): Promise<void> {
    const { core, seats } = this.#parts
    const channel = await core.reading.readable(session.person, seat.channel.id)
    seats.known(seat, channel)
  }

  #look(error: unknown): void {
    const { report, settings } = this.#parts
    if (refusalOf(error, settings.bounds.storeRetryMs) !== undefined) return
    report.error('a channel could not be watched', { error })
  }
}

function isWaiting(seat: Seat): boolean {
  return !seat.settled && isResting(seat)
}

function isResting(seat: Seat): boolean {
  return !seat.gone && seat.state === 'digest'
}
