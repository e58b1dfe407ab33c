/** Remembers of which kind channels are, so that messages can be counted by it; what is not known is looked up later, in the background. */
import type { ChannelKind } from '@madang/protocol'

/** Null: there is no such channel. May reject. */
export type KindOf = (channelId: string) => Promise<ChannelKind | null>

const LIMITS = {
  /** Channels whose kind is remembered; those that were used longest ago are forgotten. */
  knownMax: 20_000,
  /** Channels that wait to be looked up; past it a message counts as `unknown`. */
  wantedMax: 2_000,
  /** Channels that are looked up at a time, one after the other. */
  learnedAtOnceMax: 100,
} as const

export class ChannelKinds {
  readonly #kindOf: KindOf
  readonly #known = new Map<string, ChannelKind>()
  /** Channel → messages that wait for its kind. */
  readonly #wanted = new Map<string, number>()
  #unknown = 0

  constructor(kindOf: KindOf) {
    this.#kindOf = kindOf
  }

  of(channelId: string): ChannelKind | undefined {
    return this.#known.get(channelId)
  }

  /** One message of a channel that is not known. */
  wanted(channelId: string): void {
    const messages = this.#wanted.get(channelId)
    if (messages === undefined && this.#wanted.size >= LIMITS.wantedMax) this.#unknown += 1
    else this.#wanted.set(channelId, (messages ?? 0) + 1)
  }

  /** The kinds that are known by now, with the messages that waited for them. What cannot be looked up waits on. */
  async learn(): Promise<readonly (readonly [ChannelKind | 'unknown', number])[]> {
    const learned: [ChannelKind | 'unknown', number][] = []
    if (this.#unknown > 0) learned.push(['unknown', this.#unknown])
    this.#unknown = 0
    for (const channelId of [...this.#wanted.keys()].slice(0, LIMITS.learnedAtOnceMax)) {
      const kind = await this.#kindOf(channelId).catch(() => undefined)
      if (kind === undefined) break
      const messages = this.#wanted.get(channelId) ?? 0
      this.#wanted.delete(channelId)
      if (kind !== null) this.#remember(channelId, kind)
      learned.push([kind ?? 'unknown', messages])
    }
    return learned
  }

  #remember(channelId: string, kind: ChannelKind): void {
    this.#known.set(channelId, kind)
    if (this.#known.size <= LIMITS.knownMax) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}
