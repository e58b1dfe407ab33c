/** Knows every channel that somebody on this node reads, as far as the gateway needs it. */
import type { Id, LogEvent, MyChannel } from '@madang/protocol'
import type { Hold } from './hold.ts'
import { counted, type Tally } from './tally.ts'

/** The room of those who have the channel open, and of those who get its digests. */
export const openRoom = (channelId: Id): string => `c:${channelId}`
export const digestRoom = (channelId: Id): string => `d:${channelId}`

export class LocalChannel {
  readonly id: Id
  readonly communityId: Id
  readonly epoch: string
  /** Seats in it, of whichever state. */
  seats = 0
  /** Openings under way: they keep what comes in meanwhile. */
  readonly holds = new Set<Hold>()
  /** Undefined until the first reader has entered. */
  tally: Tally | undefined

  constructor({ id, communityId, epoch }: MyChannel) {
    this.id = id
    this.communityId = communityId
    this.epoch = epoch
  }

  passed(event: LogEvent): void {
    if (this.tally !== undefined) this.tally = counted(this.tally, event)
    for (const hold of this.holds) hold.passed(event)
  }
}

export class LocalChannels {
  readonly #channels = new Map<Id, LocalChannel>()

  get size(): number {
    return this.#channels.size
  }

  get(channelId: Id): LocalChannel | undefined {
    return this.#channels.get(channelId)
  }

  take(channel: MyChannel): LocalChannel {
    const local = this.#channels.get(channel.id) ?? new LocalChannel(channel)
    this.#channels.set(channel.id, local)
    local.seats++
    return local
  }

  release(local: LocalChannel): void {
    if (--local.seats === 0) this.#channels.delete(local.id)
  }
}
