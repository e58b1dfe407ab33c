/** What other nodes ask of this one for their operators, by its back door: its figures, what it saw of what is followed, and to drain. */
import { check, FollowTarget, type NodeFigures, type TraceEntry } from '@madang/protocol'
import type { Follower } from './follower.ts'

export interface NodeDeskParts {
  readonly figures: () => Promise<NodeFigures>
  readonly follower: Follower
  /** Begins to drain this node and then to end it, as SIGTERM does. */
  readonly drain: () => void
}

export interface DeskAnswer {
  readonly status: number
  readonly body: string
}

/** The paths of a node's desk. Versions of nodes run side by side: a new meaning is a new path. */
export const DESK_PATHS = {
  figures: '/ops/v1/figures',
  follow: '/ops/v1/follow',
  drain: '/ops/v1/drain',
} as const

export class NodeDesk {
  readonly #parts: NodeDeskParts

  constructor(parts: NodeDeskParts) {
    this.#parts = parts
  }

  figures(): Promise<NodeFigures> {
    return this.#parts.figures()
  }

  follow(target: FollowTarget): readonly TraceEntry[] {
    return this.#parts.follower.ask(target)
  }

  drain(): void {
    this.#parts.drain()
  }

  /** A request that is known to be another node's. Never rejects. */
  async answer(path: string, body: string): Promise<DeskAnswer> {
    try {
      return await this.#answer(path, body)
    } catch {
      return { status: 500, body: '{}' }
    }
  }

  async #answer(path: string, body: string): Promise<DeskAnswer> {
    switch (path) {
      case DESK_PATHS.figures:
        return ok(await this.figures())
      case DESK_PATHS.follow: {
        const target = check(FollowTarget, JSON.parse(body))
        return target.success
          ? ok({ entries: this.follow(target.data) })
          : { status: 400, body: '{}' }
      }
      case DESK_PATHS.drain:
        this.drain()
        return ok({})
      default:
        return { status: 404, body: '{}' }
    }
  }
}

const ok = (value: object): DeskAnswer => ({ status: 200, body: JSON.stringify(value) })
