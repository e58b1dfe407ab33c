/** Brings connections to where their person belongs now: after a notice, and after notices may have been lost. */
import type { Id, MyChannel, MyCommunity, Person, Replay } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import type { Core } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import type { Belongings } from '../store/store.ts'
import { refusalOf } from './answers.ts'
import type { Digesting } from './digesting.ts'
import { within } from './manner.ts'
import type { Naps } from './naps.ts'
import type { Opening } from './opening.ts'
import { memberRoom, type Presence } from './presence.ts'
import type { Seat, Seats } from './seats.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { GatewayReport, Settings } from './settings.ts'

export interface ReconcilingParts {
  readonly core: Core
  readonly clock: Clock
  readonly sessions: Sessions
  readonly seats: Seats
  readonly opening: Opening
  readonly digesting: Digesting
  readonly presence: Presence
  readonly naps: Naps
  readonly report: GatewayReport
  readonly settings: Settings
}

export class Reconciling {
  readonly #parts: ReconcilingParts
  /** People whose places are to be read anew, and those whose are being read. */
  readonly #wanted = new Set<Id>()
  readonly #running = new Set<Id>()

  constructor(parts: ReconcilingParts) {
    this.#parts = parts
  }

  /** The person's place in the channel was made or changed. */
  channel(personId: Id, channelId: Id): void {
    const [session] = this.#concerned(personId, channelId)
    if (session !== undefined) void this.#channel(session.person, channelId)
  }

  /** Any of the person's places may have changed. Calls of the same moment are one. */
  places(personId: Id): void {
    this.#wanted.add(personId)
    this.#work()
  }

  #work(): void {
    for (const personId of this.#wanted) {
      if (this.#running.size >= this.#parts.settings.bounds.reconcilesRunningMax) return
      if (this.#running.has(personId)) continue
      this.#wanted.delete(personId)
      this.#running.add(personId)
      void this.#reconcile(personId).finally(() => {
        this.#running.delete(personId)
        this.#work()
      })
    }
  }

  async #reconcile(personId: Id): Promise<void> {
    const { core, sessions, naps, settings } = this.#parts
    if (sessions.of(personId).size === 0) return
    try {
      const belongings = await core.reading.belongings(personId)
      for (const session of sessions.of(personId)) {
        this.#inTurn(session, () => this.#bring(session, belongings))
      }
    } catch (error) {
      if (this.#keepsOut(personId, error)) return
      if (!this.#isPassing(error)) return
      await naps.nap(settings.bounds.watchRetryMs)
      this.#wanted.add(personId)
    }
  }

  async #channel(person: Person, channelId: Id): Promise<void> {
    try {
      const channel = await this.#parts.core.reading.readable(person, channelId)
      for (const session of this.#concerned(person.id, channelId)) {
        this.#inTurn(session, () => this.#place(session, channel))
      }
    } catch (error) {
      if (this.#isPassing(error)) this.places(person.id)
    }
  }

  async #bring(session: Session, whole: Belongings): Promise<void> {
    const { version } = whole
    const { communities, channels } = within(whole, session.manner) ?? NOWHERE
    const members = communities.filter(({ role }) => role !== null)
    for (const community of members) this.#enter(session, community)
    const ids = new Set(members.map(({ id }) => id))
    for (const known of [...session.communities.values()]) {
      if (!ids.has(known.id)) this.#leave(session, known)
    }
    for (const channel of channels) {
      const seat = session.seats.get(channel.id)
      // Whoever was put out and brought back before either was heard of here stays: the removal that is still on its way is history.
      if (seat === undefined) await this.#place(session, channel)
      else {
        this.#parts.seats.known(seat, channel)
        if (!session.named.has(channel.id)) this.#parts.seats.name(session, seat, channel)
      }
    }
    this.#forget(session, new Set(channels.map(({ id }) => id)))
    if (this.#doubts(session, new Set(channels.map(({ id }) => id)))) {
      this.#parts.sessions.unsure.add(session)
    } else session.version = version
  }

  /** Whether the session has seats that the store does not know of. Each ends by its event within a moment, or was taken just now; one that stays ends here. */
  #doubts(session: Session, known: ReadonlySet<Id>): boolean {
    const { clock, seats, settings } = this.#parts
    const now = clock.monotonic()
    let doubts = false
    for (const seat of [...session.seats.values()]) {
      const isKnown = known.has(seat.channel.id) || session.joining.has(seat.channel.id)
      seat.doubtedAt = isKnown ? undefined : (seat.doubtedAt ?? now)
      if (seat.doubtedAt === undefined) continue
      if (now - seat.doubtedAt >= settings.bounds.doubtMs) seats.evict(session, seat, 'left')
      else doubts = true
    }
    return doubts && !session.ended
  }

  #enter(session: Session, community: MyCommunity): void {
    const { presence } = this.#parts
    const known = session.communities.get(community.id)
    if (session.ended || (known !== undefined && isSame(known, community))) return
    session.communities.set(community.id, community)
    if (known === undefined) presence.come(community.id, session.person)
    session.connection.emit('community', { community })
    if (known !== undefined) return
    session.connection.emit('presence', { ...presence.whole(community.id), offline: [] })
    session.connection.join(memberRoom(community.id))
  }

  /** The channels that the person was a member of end by events of their own; what they only watched ends here. */
  #leave(session: Session, known: MyCommunity): void {
    if (session.ended) return
    session.communities.delete(known.id)
    session.connection.leave(memberRoom(known.id))
    this.#parts.presence.go(known.id, session.person.id)
    for (const seat of [...session.seats.values()]) {
      if (seat.channel.communityId !== known.id) continue
      if (!seat.member) this.#parts.seats.evict(session, seat, 'left')
      // With the community the client forgets its channels, be it that some are theirs again before their ends are heard of here.
      session.named.delete(seat.channel.id)
    }
    session.connection.emit('community', { community: { ...known, role: null } })
  }

  /** The channel is the person's as of its head. Who has everything open has this open as well, from there on. */
  async #place(session: Session, channel: MyChannel): Promise<void> {
    const { scope } = session.manner
    if (scope !== undefined && channel.communityId !== scope) return
    if (session.ended || session.joining.has(channel.id)) return
    const { seats, opening, digesting, settings } = this.#parts
    const known = session.seats.has(channel.id)
    const seat = seats.take(session, channel)
    if (known) seats.name(session, seat, channel)
    else if (session.opensAll && session.open < settings.limits.openChannelsMax) {
      const commit = await opening.open(session, [{ seat, from: channel.head }])
      if (!session.ended) commit(([replay]) => this.#give(session, seat, channel, replay))
    } else {
      seats.name(session, seat, channel)
      digesting.begin(session, seat)
    }
  }

  /** What the person could watch and did not have open ends without an event. */
  #forget(session: Session, known: ReadonlySet<Id>): void {
    if (session.ended) return
    for (const channelId of [...session.named]) {
      if (known.has(channelId) || session.seats.has(channelId)) continue
      if (session.joining.has(channelId)) continue
      session.named.delete(channelId)
      session.connection.emit('gone', { channelId, reason: 'left' })
    }
  }

  /** The channel, and what there is of it, to somebody who has not been put out of it meanwhile. */
  #give(session: Session, seat: Seat, channel: MyChannel, replay: Replay | undefined): void {
    if (replay === undefined || replay.error?.code === 'not_member') return
    this.#parts.seats.name(session, seat, channel)
    for (const event of replay.events) session.connection.emit('event', event)
  }

  /** The person's connections, but for those that are joining the channel right now: their answer tells them. */
  #concerned(personId: Id, channelId: Id): readonly Session[] {
    return [...this.#parts.sessions.of(personId)].filter(({ joining }) => !joining.has(channelId))
  }

  #inTurn(session: Session, work: () => Promise<void>): void {
    session.turn(work).catch((error) => this.#isPassing(error))
  }

  /** Whoever was disabled has no place at all: all of their connections end. */
  #keepsOut(personId: Id, error: unknown): boolean {
    if (!(error instanceof Refusal) || error.body.code !== 'banned') return false
    for (const { connection } of [...this.#parts.sessions.of(personId)]) {
      connection.close(error.body, false)
    }
    return true
  }

  /** Whether the store will answer later; anything but a refusal is told to the operator. */
  #isPassing(error: unknown): boolean {
    const { report, settings } = this.#parts
    const refusal = refusalOf(error, settings.bounds.storeRetryMs)
    if (refusal === undefined) report.error('a person’s places could not be read', { error })
    return refusal === undefined || refusal.retry !== 'never'
  }
}

const NOWHERE: Pick<Belongings, 'communities' | 'channels'> = { communities: [], channels: [] }

function isSame(a: MyCommunity, b: MyCommunity): boolean {
  return a.role === b.role && a.name === b.name && a.visibility === b.visibility
}
