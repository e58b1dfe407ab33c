/** Tells a connection who it is, where it belongs and what it missed: the first thing that it gets. */
import { type Id, type Replay, WIRE_VERSION } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { spreadMs } from './arrivals.ts'
import { fromOf } from './dialects/resumption.ts'
import type { Digesting } from './digesting.ts'
import type { Opening, Plan } from './opening.ts'
import { memberRoom, type Presence } from './presence.ts'
import type { ReplayGate } from './replay-gate.ts'
import type { Seat, Seats } from './seats.ts'
import type { Arrival, Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'

export interface GreetingParts {
  readonly clock: Clock
  readonly sessions: Sessions
  readonly seats: Seats
  readonly opening: Opening
  readonly digesting: Digesting
  readonly presence: Presence
  readonly settings: Settings
  readonly gate: ReplayGate
}

export class Greeting {
  readonly #parts: GreetingParts

  constructor(parts: GreetingParts) {
    this.#parts = parts
  }

  /** Within the session's turn. */
  async greet(session: Session): Promise<void> {
    const { arrival } = session
    session.arrival = undefined
    if (arrival === undefined || !isReplay(arrival)) return this.#greet(session, arrival)
    const { gate } = this.#parts
    await gate.enter()
    try {
      await this.#greet(session, arrival)
    } finally {
      gate.leave(session.replayed)
    }
  }

  async #greet(session: Session, arrival: Arrival | undefined): Promise<void> {
    const { seats, opening, digesting, presence } = this.#parts
    if (session.ended || arrival === undefined) return
    for (const community of arrival.belongings.communities) {
      session.communities.set(community.id, community)
      presence.come(community.id, session.person)
    }
    for (const channel of arrival.belongings.channels) seats.take(session, channel)
    const { wants, failed } = await this.#plan(session, arrival)
    const opened = new Set(wants.map(({ seat }) => seat))
    const resting = [...session.seats.values()].filter((seat) => !opened.has(seat))
    const commit = await opening.open(session, wants)
    if (session.ended) return
    commit((replays) => this.#tell(session, arrival, [...replays, ...failed]))
    for (const seat of resting) if (!seat.gone) digesting.begin(session, seat)
  }

  /** Whoever names no channels has all of their own open, from here on, or from where they were. */
  async #plan(session: Session, { cursors, resumption }: Arrival): Promise<Plan> {
    const { opening, settings } = this.#parts
    if (cursors !== undefined) return opening.plan(session, cursors)
    const opens = seatsToOpen(session, resumption).slice(0, settings.limits.openChannelsMax)
    const from = ({ channel }: Seat) => (resumption ? fromOf(resumption, channel.id) : 'here')
    return { wants: opens.map((seat) => ({ seat, from: from(seat) })), failed: [] }
  }

  #tell(session: Session, { belongings, signedIn }: Arrival, replays: Replay[]): void {
    const { clock, presence, sessions, settings } = this.#parts
    const { connects, bounds } = settings
    const communities: Id[] = [...session.communities.keys()]
    session.ready = true
    session.replayed = replays.reduce((sum, { events }) => sum + events.length, 0)
    for (const seat of session.seats.values()) seat.told = true
    for (const { id } of belongings.channels) if (session.seats.has(id)) session.named.add(id)
    session.connection.emit('ready', {
      wire: WIRE_VERSION,
      node: settings.node,
      ...(connects && { spreadMs: spreadMs(sessions.size, connects, bounds.spreadMsMax) }),
      serverTime: clock.now(),
      person: session.person,
      ...(signedIn !== undefined && { session: signedIn }),
      communities: [...session.communities.values()],
      channels: belongings.channels.filter(({ id }) => session.seats.has(id)),
      open: replays.flatMap(({ channelId, error }) => (error === undefined ? channelId : [])),
      replays,
      presence: communities.map((communityId) => presence.whole(communityId)),
    })
    for (const communityId of communities) session.connection.join(memberRoom(communityId))
  }
}

/** Whoever opens channels where it was is given something of their past. */
const isReplay = ({ cursors = {}, resumption }: Arrival): boolean =>
  resumption !== undefined || Object.keys(cursors).length > 0

/** Who opens channels one by one and comes back has those open that it had, or, where nobody knows which, all of its own. */
function seatsToOpen(session: Session, resumption: Arrival['resumption']): Seat[] {
  const all = [...session.seats.values()]
  if (session.manner.opens === 'all') return all
  if (resumption === undefined) return []
  return resumption.whole ? all.filter(({ channel }) => resumption.seqs.has(channel.id)) : all
}
