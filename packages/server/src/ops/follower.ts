/** What operators follow through this node: the last steps of whatever it was, and, while somebody asks for them, all further ones. */
import type { FollowTarget, TraceEntry, TraceStep } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import { Ring } from './ring.ts'

export const FOLLOW_LIMITS = {
  /**
   * Steps that a node remembers although nobody follows them: who asks for a message knows its id only when it was on its way already. A message has
   * four or five; each takes less than half a µs and at most 400 bytes: follower-cost.test.ts.
   */
  rememberedMax: 10_000,
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
  /** Who did it. */
  readonly personId?: string
  /** Who it is about. */
  readonly subjectId?: string
  readonly count?: number
  readonly tookMs?: number
  readonly detail?: string
}

interface Seen {
  readonly id: number
  readonly at: number
  readonly step: Step
}

interface Follow {
  readonly target: FollowTarget
  readonly entries: TraceEntry[]
  askedAt: number
}

export class Follower {
  readonly #node: string
  readonly #clock: Clock
  readonly #remembered = new Ring<Seen>(FOLLOW_LIMITS.rememberedMax)
  readonly #follows = new Map<string, Follow>()
  #last = 0

  constructor(node: string, clock: Clock) {
    this.#node = node
    this.#clock = clock
  }

  /** Begins to follow, with what is remembered, or goes on with it; what is known of it. */
  ask(target: FollowTarget): readonly TraceEntry[] {
    this.#sweep()
    const key = JSON.stringify(target)
    const follow = this.#follows.get(key) ?? this.#begin(target)
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

  /** Of each event on its way through the node, so that it must cost little. */
  note(step: Step): void {
    this.#last += 1
    const seen = { id: this.#last, at: this.#clock.now(), step }
    this.#remembered.add(seen)
    if (this.#follows.size === 0) return
    this.#sweep()
    for (const { target, entries } of this.#follows.values()) {
      if (!concerns(target, step)) continue
      entries.push(this.#entry(seen))
      if (entries.length > FOLLOW_LIMITS.entriesMax) entries.shift()
    }
  }

  stop(): void {
    this.#follows.clear()
    this.#remembered.clear()
  }

  #begin(target: FollowTarget): Follow {
    const known = [...this.#remembered].filter(({ step }) => concerns(target, step))
    const entries = known.slice(-FOLLOW_LIMITS.entriesMax).map((seen) => this.#entry(seen))
    return { target, entries, askedAt: 0 }
  }

  #entry({ id, at, step: { subjectId, ...facts } }: Seen): TraceEntry {
    return { id, node: this.#node, at, ...facts }
  }

  #sweep(): void {
    const from = this.#clock.monotonic() - FOLLOW_LIMITS.idleMsMax
    for (const [key, { askedAt }] of this.#follows) if (askedAt < from) this.#follows.delete(key)
  }
}

function concerns(target: FollowTarget, step: Step): boolean {
  if ('personId' in target)
    return step.personId === target.personId || step.subjectId === target.personId
  if ('channelId' in target) return step.channelId === target.channelId
  return step.eventId === target.messageId
}
