/** Takes each event of the channels that are read here, in order, to whoever is to have it, and nobody else. */
import type { LogEvent } from '@madang/protocol'
import type { FeedListener } from '../feed/feeds.ts'
import type { Digests } from './digests.ts'
import { type LocalChannels, openRoom } from './local-channels.ts'
import { removalIn } from './removals.ts'
import type { Seats } from './seats.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Typing } from './typing.ts'
import type { Wire } from './wire.ts'

export interface FanOutParts {
  readonly wire: Wire<Session>
  readonly channels: LocalChannels
  readonly sessions: Sessions
  readonly seats: Seats
  readonly digests: Digests
  readonly typing: Typing
}

export class FanOut implements FeedListener {
  readonly #parts: FanOutParts

  constructor(parts: FanOutParts) {
    this.#parts = parts
  }

  deliver(event: LogEvent): void {
    const { channels, wire, digests, typing } = this.#parts
    const channel = channels.get(event.channelId)
    if (channel === undefined) return
    channel.passed(event)
    wire.emitTo(openRoom(channel.id), 'event', event)
    // Who is removed is told so, and out of the rooms before anything later is delivered.
    this.#remove(event)
    digests.moved(channel)
    if (event.kind === 'created') typing.stopped(channel.id, event.author.id)
  }

  #remove(event: LogEvent): void {
    const removal = removalIn(event)
    if (removal === undefined) return
    const { sessions, seats, typing } = this.#parts
    for (const session of sessions.of(removal.personId)) {
      const seat = session.seats.get(event.channelId)
      // Whoever is known to have belonged after this came back before we heard of it.
      if (seat === undefined || event.seq <= seat.since) continue
      seats.evict(session, seat, removal.reason)
      // A live channel is theirs to watch all the same, which only the store can say.
      sessions.unsure.add(session)
    }
    typing.stopped(event.channelId, removal.personId)
  }
}
