/** Decides where a stock client goes on that came back, by what it has to say so with. */
import { type Id, LIMITS, type MyChannel } from '@madang/protocol'
import { GATEWAY_BOUNDS } from '../bounds.ts'
import type { From } from '../opening.ts'
import { type Offset, placeKey } from './offset.ts'

export interface Resumption {
  /** The last seq that it surely has, in the channels that it could name. */
  readonly seqs: ReadonlyMap<Id, number>
  /** In every other channel what was made since then, in ms since 1970, is repeated, whether or not it has it. */
  readonly since: number
  /** Whether it named all channels that it had open. */
  readonly whole: boolean
  /** Whether nothing is known that it would not be given: what Socket.IO calls recovered. */
  readonly complete: boolean
}

/** `channels` are the person's as of now: what is theirs no more is not among them. */
export function resumptionOf(offset: Offset, channels: readonly MyChannel[]): Resumption {
  const byKey = new Map(channels.map((channel) => [placeKey(channel.id, channel.epoch), channel]))
  const seqs = new Map<Id, number>()
  let complete = true
  for (const { key, seq } of offset.places) {
    const channel = byKey.get(key)
    if (channel === undefined) complete = false
    else {
      seqs.set(channel.id, seq)
      complete &&= seq <= channel.head && channel.head - seq <= LIMITS.replayEventsMax
    }
  }
  return { seqs, since: offset.at - GATEWAY_BOUNDS.resumeOverlapMs, whole: offset.whole, complete }
}

export function fromOf({ seqs, since }: Resumption, channelId: Id): From {
  return seqs.get(channelId) ?? { since }
}
