/** Knows every channel that somebody on this node reads, as far as the gateway needs it. */
import type { Id, LogEvent, MyChannel } from '@madang/protocol'
import { placeKey } from './dialects/offset.ts'
import type { Hold } from './hold.ts'
import { counted, type Tally } from './tally.ts'

/** The room of those who have the channel open, and of those who get its digests. */
export const openRoom = (channelId: Id): string => `c:${channelId}`
/** The channel whose room of readers this is. */
export const openChannelOf = (room: string): Id | undefined =>
  room.startsWith('c:') ? room.slice(2) : undefined
export const digestRoom = (channelId: Id): string => `d:${channelId}`
export const isDigestRoom = (room: string): boolean => room.startsWith('d:')

export class LocalChannel {
  readonly id: Id
  readonly communityId: Id
  readonly epoch: string
  name: string
  /** Seats in it, of whichever state. */
  seats = 0
  /** Openings under way: they keep what comes in meanwhile. */
  readonly holds = new Set<Hold>()
  /** Undefined until the first reader has entered. */
  tally: Tally | undefined
  #key: string | undefined

  constructor({ id, communityId, epoch, name }: MyChannel) {
    this.id = id
    this.communityId = communityId
    this.epoch = epoch
    this.name = name
  }

  /** What stands for it in offsets. */
  get key(): string {
    this.#key ??= placeKey(this.id, this.epoch)
    return this.#key
  }

  passed(event: LogEvent): void {
    if (event.kind === 'renamed') this.name = event.name
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
    local.name = channel.name
    local.seats++
    return local
  }

  release(local: LocalChannel): void {
    if (--local.seats === 0) this.#channels.delete(local.id)
  }
}
