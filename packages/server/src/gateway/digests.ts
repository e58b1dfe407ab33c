/** Tells those who belong to a channel without having it open that it has moved, at a bounded price. */
import type { Clock } from '../clock.ts'
import { digestRoom, type LocalChannel } from './local-channels.ts'
import { Pace } from './pace.ts'
import type { Session } from './session.ts'
import type { Wire } from './wire.ts'

export interface DigestsParts {
  readonly clock: Clock
  readonly wire: Wire<Session>
  readonly digestIntervalMs: number
}

export class Digests {
  readonly #wire: Wire<Session>
  readonly #pace: Pace<LocalChannel>

  constructor({ clock, wire, digestIntervalMs }: DigestsParts) {
    this.#wire = wire
    this.#pace = new Pace({
      clock,
      intervalMs: digestIntervalMs,
      run: (channel) => this.#tell(channel),
    })
  }

  /** The channel has moved. */
  moved(channel: LocalChannel): void {
    if (channel.tally !== undefined) this.#pace.touch(channel)
  }

  /** One connection has come into the room and does not know yet that the channel has moved. */
  tell(session: Session, channel: LocalChannel): void {
    const digest = digestOf(channel)
    if (digest !== undefined) session.connection.emit('digest', digest)
  }

  stop(): void {
    this.#pace.stop()
  }

  #tell(channel: LocalChannel): void {
    const digest = digestOf(channel)
    if (digest !== undefined) this.#wire.emitTo(digestRoom(channel.id), 'digest', digest)
  }
}

function digestOf({ id, communityId, tally }: LocalChannel) {
  return tally && { channelId: id, communityId, head: tally.head, messages: tally.messages }
}
