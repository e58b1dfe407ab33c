/** What operators follow through this node: for each of them the last steps, as long as somebody asks for them, and nothing else. */
import type { FollowTarget, TraceEntry, TraceStep } from '@madang/protocol'
import type { Clock } from '../clock.ts'

export const FOLLOW_LIMITS = {
  /** What is followed at a time on one node; past it the one that was asked for longest ago ends. */
  followsMax: 16,
  /** Steps that are kept of one; the oldest go first. */
  entriesMax: 1_000,
  /** It ends so long after it was last asked for, in ms. */
  idleMsMax: 30_000,
} as const

/** What happened, to whom and where. */
export interface Step {
  readonly step: TraceStep
  readonly kind?: string
  readonly channelId?: string
  readonly seq?: number
  readonly eventId?: string
  /** Everybody whom it concerns: its author, and who it is about. */
  readonly personIds?: readonly string[]
  readonly count?: number
  readonly tookMs?: number
  readonly detail?: string
}

interface Follow {
  readonly target: FollowTarget
  readonly entries: TraceEntry[]
  askedAt: number
}

export class Follower {
  readonly #node: string
  readonly #clock: Clock
  readonly #follows = new Map<string, Follow>()
  #last = 0

  constructor(node: string, clock: Clock) {
    this.#node = node
    this.#clock = clock
  }

  /** Asked before a step is even described: while nobody follows, this is all that following costs. */
  get isFollowing(): boolean {
    return this.#follows.size > 0
  }

  /** Begins to follow, or goes on with it; what was seen of it since it began. */
  ask(target: FollowTarget): readonly TraceEntry[] {
    this.#sweep()
    const key = JSON.stringify(target)
    const known = this.#follows.get(key)
    const follow = known ?? { target, entries: [], askedAt: 0 }
    follow.askedAt = this.#clock.monotonic()
    // The one that was asked for last is last in the map.
    this.#follows.delete(key)
    this.#follows.set(key, follow)
    if (this.#follows.size > FOLLOW_LIMITS.followsMax) {
      const [oldest] = this.#follows.keys()
      if (oldest !== undefined) this.#follows.delete(oldest)
    }
    return follow.entries
  }

  note(step: Step): void {
    this.#sweep()
    for (const { target, entries } of this.#follows.values()) {
      if (!concerns(target, step)) continue
      entries.push(this.#entry(step))
      if (entries.length > FOLLOW_LIMITS.entriesMax) entries.shift()
    }
  }

  stop(): void {
    this.#follows.clear()
  }

  #entry({ personIds, ...facts }: Step): TraceEntry {
    this.#last += 1
    const [personId] = personIds ?? []
    return {
      ...{ id: this.#last, node: this.#node, at: this.#clock.now(), ...facts },
      ...(personId !== undefined && { personId }),
    }
  }

  #sweep(): void {
    const from = this.#clock.monotonic() - FOLLOW_LIMITS.idleMsMax
    for (const [key, { askedAt }] of this.#follows) if (askedAt < from) this.#follows.delete(key)
  }
}

function concerns(target: FollowTarget, step: Step): boolean {
  if ('personId' in target) return step.personIds?.includes(target.personId) ?? false
  if ('channelId' in target) return step.channelId === target.channelId
  return step.eventId === target.messageId
}
