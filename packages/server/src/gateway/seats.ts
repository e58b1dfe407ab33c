/** Takes and gives up the seats that sessions have in channels: each keeps its channel's feed alive, and is found by removals. */
import type { Id, MyChannel } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'
import type { Entered, Feeds } from '../feed/feeds.ts'
import { Hold } from './hold.ts'
import { digestRoom, type LocalChannel, type LocalChannels, openRoom } from './local-channels.ts'
import { type GoneReason, removedBy } from './removals.ts'
import type { Session } from './session.ts'
import { counted, type Tally } from './tally.ts'

/** One connection's place in one channel. */
export interface Seat {
  readonly channel: LocalChannel
  /** Whether the person is a member, not only a watcher of a live channel. */
  member: boolean
  /** The seq at which the person is known to have belonged: removals up to it are history. */
  since: number
  /** The channel's count at that seq. */
  base: Tally
  /** `opening`: gets nothing yet. `open`: gets every event. `digest`: gets digests, once it is settled. */
  state: 'opening' | 'open' | 'digest'
  /** Whether everything after `since` was looked through for a removal. */
  settled: boolean
  /** Resolves when the channel's feed is alive; undefined where that was not tried, or failed. */
  watching: Promise<void> | undefined
  hold: Hold | undefined
  /** Whether the client knows that it has the channel. */
  told: boolean
  /** When the store was first found not to know of it, in ms of the monotonic clock: its end is in the log and on its way, or it was taken after that look. */
  doubtedAt: number | undefined
  /** Given up: whatever is under way for it comes to nothing. */
  gone: boolean
  /** Why the person was put out of the channel; undefined where that was not what ended it. */
  out: GoneReason | undefined
}

export interface SeatsParts {
  readonly feeds: Feeds
  readonly channels: LocalChannels
  readonly heldEventsMax: number
}

export class Seats {
  readonly #parts: SeatsParts

  constructor(parts: SeatsParts) {
    this.#parts = parts
  }

  /**
   * The session's seat in the channel, which the person belongs to as of `channel.head`. Removals find it from now on. It gets
   * nothing before it is opened or settled. Throws `not_member` where the session has ended.
   */
  take(session: Session, channel: MyChannel): Seat {
    const present = session.seats.get(channel.id)
    if (present !== undefined) {
      this.known(present, channel)
      return present
    }
    if (session.ended) throw new Refusal('not_member')
    const seat: Seat = {
      channel: this.#parts.channels.take(channel),
      member: channel.role !== null,
      since: channel.head,
      base: channel,
      state: 'digest',
      settled: false,
      watching: undefined,
      hold: undefined,
      told: false,
      doubtedAt: undefined,
      gone: false,
      out: undefined,
    }
    session.seats.set(channel.id, seat)
    return seat
  }

  /** The person's place was read anew. */
  known(seat: Seat, channel: MyChannel): void {
    if (channel.head < seat.since) return
    seat.member = channel.role !== null
    seat.since = channel.head
    seat.base = channel
  }

  /** Resolves when the channel's feed is alive. Rejects with the store's error, and the next call tries again; with `not_member` where the seat was given up. */
  async watched(seat: Seat): Promise<void> {
    if (seat.gone) throw new Refusal('not_member')
    seat.watching ??= this.#watch(seat)
    await seat.watching
  }

  /** The reader has entered the feed: in this very turn it was delivered everything up to `head`, and nothing later. */
  settle(session: Session, seat: Seat, { outcome, events, head }: Entered): void {
    if (seat.gone || seat.settled || outcome === 'limited') return
    const reason = removedBy(events, session.person.id, seat.since)
    if (reason !== undefined) {
      this.evict(session, seat, reason)
      return
    }
    seat.settled = true
    const tally = events.reduce(counted, { head: seat.base.head, messages: seat.base.messages })
    if (tally.head === head) seat.channel.tally ??= tally
  }

  /** The channel's count, where the feed has not gone past it. */
  count({ channel }: Seat, { head, messages }: MyChannel): void {
    if ((this.#parts.feeds.head(channel.id) ?? 0) <= head) channel.tally ??= { head, messages }
  }

  /** From now on the connection gets nothing of the channel, and what comes in after its entry is kept. */
  hold(session: Session, seat: Seat): Hold {
    this.rest(session, seat)
    const hold = new Hold(this.#parts.heldEventsMax)
    seat.state = 'opening'
    seat.hold = hold
    if (!seat.gone) seat.channel.holds.add(hold)
    return hold
  }

  open(session: Session, seat: Seat): void {
    this.rest(session, seat)
    seat.state = 'open'
    seat.told = true
    session.connection.join(openRoom(seat.channel.id))
  }

  digest(session: Session, seat: Seat): void {
    this.rest(session, seat)
    session.connection.join(digestRoom(seat.channel.id))
  }

  /** The connection gets nothing of the channel, and is found by removals only. */
  rest(session: Session, seat: Seat): void {
    const { id, holds } = seat.channel
    session.connection.leave(openRoom(id))
    session.connection.leave(digestRoom(id))
    if (seat.hold !== undefined) holds.delete(seat.hold)
    seat.hold = undefined
    seat.state = 'digest'
  }

  /** The person is out of the channel: the connection is told so, where it knew that it was in. */
  evict(session: Session, seat: Seat, reason: GoneReason): void {
    if (!seat.gone) seat.out = reason
    this.giveUp(session, seat)
    if (seat.told) this.#tellGone(session, seat, reason)
  }

  /** Tells the client that it has the channel. */
  name(session: Session, seat: Seat, channel: MyChannel): void {
    session.connection.emit('channel', { channel })
    this.tell(session, seat)
  }

  /** The client has just been told that it has the channel. Where a removal was faster it is told that after it, be it once more: the last word counts. */
  tell(session: Session, seat: Seat): void {
    seat.told = true
    if (seat.out !== undefined) this.#tellGone(session, seat, seat.out)
    else if (!seat.gone) session.named.add(seat.channel.id)
  }

  /** Nothing of the channel reaches the connection from now on. Giving up twice is giving up once. */
  giveUp(session: Session, seat: Seat): void {
    if (seat.gone) return
    this.rest(session, seat)
    seat.gone = true
    session.seats.delete(seat.channel.id)
    this.#parts.channels.release(seat.channel)
    seat.watching?.then(
      () => this.#parts.feeds.unwatch(seat.channel.id),
      () => {},
    )
  }

  #tellGone(session: Session, { channel }: Seat, reason: GoneReason): void {
    const channelId: Id = channel.id
    session.named.delete(channelId)
    session.connection.emit('gone', { channelId, reason })
  }

  #watch(seat: Seat): Promise<void> {
    const watching = this.#parts.feeds.watch(seat.channel.id)
    watching.catch(() => {
      seat.watching = undefined
    })
    return watching
  }
}
