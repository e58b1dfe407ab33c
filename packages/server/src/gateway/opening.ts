/** Opens channels for a connection: hands over what it missed, then the live events, with no hole and no overlap between the two. */
import {
  type Cursor,
  type ErrorBody,
  errorBody,
  type Id,
  type LogEvent,
  type Replay,
} from '@madang/protocol'
import type { Core } from '../core/core.ts'
import type { Entered, Feeds } from '../feed/feeds.ts'
import { refusalOf } from './answers.ts'
import type { Digesting } from './digesting.ts'
import type { Hold } from './hold.ts'
import { bytesOf, fitting } from './page-size.ts'
import type { Seat, Seats } from './seats.ts'
import type { Session } from './session.ts'
import type { GatewayReport, Settings } from './settings.ts'

export interface OpeningParts {
  readonly core: Core
  readonly feeds: Feeds
  readonly seats: Seats
  readonly digesting: Digesting
  readonly report: GatewayReport
  readonly settings: Settings
}

/** After which seq a seat is to be opened; null: the latest page is wanted; `here`: nothing that was, only what will be; `since`: what was made from then on, in ms since 1970. */
export type From = number | null | 'here' | { readonly since: number }

export interface Want {
  readonly seat: Seat
  readonly from: From
}

/** What a client's cursors come to: seats that can be opened, and answers for those that cannot. */
export interface Plan {
  readonly wants: readonly Want[]
  readonly failed: readonly Replay[]
}

/** What a reader is handed over; live events go on after `head`. */
interface Past {
  readonly events: readonly LogEvent[]
  readonly head: number
  readonly limited: boolean
}

interface Prepared {
  readonly seat: Seat
  readonly hold: Hold
  readonly past: Past
}

interface Failed {
  readonly seat: Seat
  readonly error: ErrorBody
}

/** Ends an opening: `tell` is called once, with what to tell, and the live events follow it in the same turn. */
export type Commit = (tell: (replays: Replay[]) => void) => void

/**
 * While a seat is being opened its connection gets nothing of the channel, and what comes in is kept from the moment of entry on. So several channels can be
 * handed over at once: `commit` tells all replays, then what was kept, then puts the connection among the live readers, and nothing comes in between.
 *
 * A removal that is committed meanwhile wins. What is known of the person's place is as of a seq of the log; the entry begins there at the latest, so the
 * removal is either among what the entry gives, or is delivered after it and finds the seat.
 */
export class Opening {
  readonly #parts: OpeningParts

  constructor(parts: OpeningParts) {
    this.#parts = parts
  }

  /** Takes a seat in each channel that the person may read, up to the limit of open channels. Never rejects. */
  async plan(session: Session, cursors: Readonly<Record<Id, Cursor>>): Promise<Plan> {
    const looked = await Promise.all(
      Object.entries(cursors).map(async ([channelId, cursor]) => {
        const found = session.seats.get(channelId) ?? (await this.#seat(session, channelId))
        return { channelId, cursor, found }
      }),
    )
    const wants: Want[] = []
    const failed: Replay[] = []
    const full = errorBody('limit_reached', { limit: 'openChannelsMax' })
    let room = this.#parts.settings.limits.openChannelsMax - session.open
    for (const { channelId, cursor, found } of looked) {
      if (!('channel' in found)) failed.push(failedReplay(channelId, '0', found))
      else if (found.state === 'digest' && room-- <= 0) failed.push(failedAt(found, full))
      else wants.push({ seat: found, from: fromOf(found, cursor) })
    }
    return { wants, failed }
  }

  /** Within the session's turn. Never rejects: what fails is told with its replay. */
  async open(session: Session, wants: readonly Want[]): Promise<Commit> {
    const outcomes = await Promise.all(wants.map((want) => this.#prepare(session, want)))
    return (tell) => this.#commit(session, outcomes, tell)
  }

  async #seat(session: Session, channelId: Id): Promise<Seat | ErrorBody> {
    try {
      const channel = await this.#parts.core.reading.readable(session.person, channelId)
      const { scope } = session.manner
      if (scope !== undefined && channel.communityId !== scope) return errorBody('not_found')
      const seat = this.#parts.seats.take(session, channel)
      // Who opens a channel that has become theirs is told so first, also where the notice is late: what they get of it then counts on top of that.
      if (session.ready && seat.member && !session.named.has(channelId)) {
        this.#parts.seats.name(session, seat, channel)
      }
      return seat
    } catch (error) {
      return this.#errorOf(error)
    }
  }

  async #prepare(session: Session, { seat, from }: Want): Promise<Prepared | Failed> {
    const hold = this.#parts.seats.hold(session, seat)
    try {
      await this.#parts.seats.watched(seat)
      const past = await this.#handOver(session, seat, hold, from)
      seat.settled = true
      return { seat, hold, past }
    } catch (error) {
      return { seat, error: this.#errorOf(error) }
    }
  }

  async #handOver(session: Session, seat: Seat, hold: Hold, from: From): Promise<Past> {
    if (typeof from === 'object' && from !== null) {
      return this.#since(session, seat, hold, from.since)
    }
    const entered = await this.#enter(session, seat, hold, from === 'here' ? null : from)
    return this.#past(session, seat, from, entered)
  }

  /** Most channels were quiet: so a few events are read first, and as many as may be repeated only where those are all younger. */
  async #since(session: Session, seat: Seat, hold: Hold, since: number): Promise<Past> {
    const { limits, bounds } = this.#parts.settings
    for (const back of [bounds.sinceEventsFirst, limits.replayEventsMax]) {
      const cursor = Math.max(0, seat.since - back)
      const { outcome, events, head } = await this.#enter(session, seat, hold, cursor)
      if (outcome === 'limited') return this.#latest(session, seat, head)
      const first = events.findIndex(({ createdAt }) => createdAt >= since)
      if (first === 0 && cursor > 0) continue
      return { events: first === -1 ? [] : events.slice(first), head, limited: false }
    }
    return this.#latest(session, seat, hold.entered?.head ?? 0)
  }

  #enter(session: Session, seat: Seat, hold: Hold, wanted: number | null): Promise<Entered> {
    const { feeds, seats } = this.#parts
    const cursor = seat.settled ? wanted : Math.min(wanted ?? seat.since, seat.since)
    return new Promise((resolve, reject) => {
      const admit = (entered: Entered) => {
        hold.enter(entered)
        seats.settle(session, seat, entered)
        resolve(entered)
      }
      feeds.enter(seat.channel.id, cursor, admit).catch(reject)
    })
  }

  async #past(
    session: Session,
    seat: Seat,
    from: Exclude<From, { since: number }>,
    entered: Entered,
  ): Promise<Past> {
    const { outcome, head } = entered
    if (from === null || (outcome === 'limited' && from !== 'here')) {
      return this.#latest(session, seat, head)
    }
    if (from !== 'here') {
      // No log of this epoch ever gave such a cursor: what the person's place was read from is younger than it.
      if (from > head) return this.#latest(session, seat, head)
      return { events: entered.events.filter(({ seq }) => seq > from), head, limited: false }
    }
    if (outcome === 'limited') {
      const channel = await this.#parts.core.reading.readable(session.person, seat.channel.id)
      this.#parts.seats.count(seat, channel)
    }
    return { events: [], head, limited: false }
  }

  /** Core reads first and looks after it whether the person may: so that is looked at after the entry. */
  async #latest(session: Session, { channel }: Seat, head: number): Promise<Past> {
    const { limits, bounds } = this.#parts.settings
    const page = await this.#parts.core.reading.history(session.person, {
      channelId: channel.id,
      limit: limits.replayPageEvents,
    })
    // A store reads what was committed before it was asked, so the page does not end before the entry.
    if (page.head < head) throw new Error('a page of history ends before the feed')
    await this.#reach(channel.id, page.head)
    const events = fitting(page.events, bounds.pageBytesMax, 'newest')
    return { events, head: page.head, limited: true }
  }

  /** The page may know more than this node has heard of: live events go on after the page, so what it contains has to be past. */
  async #reach(channelId: Id, head: number): Promise<void> {
    const { feeds } = this.#parts
    if ((feeds.head(channelId) ?? 0) < head) await feeds.enter(channelId, head, () => {})
  }

  #commit(
    session: Session,
    outcomes: readonly (Prepared | Failed)[],
    tell: (replays: Replay[]) => void,
  ): void {
    const opened: Prepared[] = []
    let bytes = 0
    const replays = outcomes.map((outcome): Replay => {
      const { seat } = outcome
      if (seat.gone) return failedAt(seat, errorBody('not_member'))
      if ('error' in outcome) return failedAt(seat, outcome.error)
      if (outcome.hold.overflowed)
        return failedAt(seat, errorBody('busy', { limit: 'heldEventsMax' }))
      opened.push(outcome)
      bytes += outcome.past.events.reduce((sum, event) => sum + bytesOf(event), 0)
      const fits = bytes <= this.#parts.settings.bounds.replayBytesMax
      return replayOf(seat, fits ? outcome.past : { ...outcome.past, events: [], limited: true })
    })
    tell(replays)
    for (const { error, limited, events } of replays) {
      const outcome = error !== undefined ? 'failed' : limited ? 'limited' : 'complete'
      this.#parts.report.replayed(outcome, events.length)
    }
    for (const prepared of opened) this.#goLive(session, prepared)
    for (const { seat } of outcomes) if (seat.state === 'opening') this.#setAside(session, seat)
  }

  #goLive(session: Session, { seat, hold, past }: Prepared): void {
    if (seat.gone) return
    for (const event of hold.after(past.head)) session.connection.emit('event', event)
    this.#parts.seats.open(session, seat)
  }

  /** A member whose channel could not be opened gets its digests; a watcher has nothing there. */
  #setAside(session: Session, seat: Seat): void {
    if (seat.member) this.#parts.digesting.begin(session, seat)
    else this.#parts.seats.giveUp(session, seat)
  }

  #errorOf(thrown: unknown): ErrorBody {
    const refusal = refusalOf(thrown, this.#parts.settings.bounds.storeRetryMs)
    if (refusal !== undefined) return refusal
    this.#parts.report.error('a channel could not be opened', { error: thrown })
    return errorBody('internal')
  }
}

function replayOf({ channel }: Seat, { events, head, limited }: Past): Replay {
  return { channelId: channel.id, epoch: channel.epoch, head, events: [...events], limited }
}

function failedAt({ channel }: Seat, error: ErrorBody): Replay {
  return failedReplay(channel.id, channel.epoch, error)
}

export function failedReplay(channelId: Id, epoch: string, error: ErrorBody): Replay {
  return { channelId, epoch, head: 0, events: [], limited: false, error }
}

/** A cursor of another epoch is void. */
function fromOf({ channel }: Seat, cursor: Cursor): From {
  if (cursor === null || typeof cursor === 'number') return cursor
  return cursor.epoch === channel.epoch ? cursor.seq : null
}
