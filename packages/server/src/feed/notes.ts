/** Notes between nodes: what is told once and may be lost (typing, presence, notices to a person). */
import type { Dispatcher } from './dispatcher.ts'
import type { FrameHandler } from './frame-handlers.ts'
import type { Note, NoteKind } from './frame-kinds.ts'
import type { NodeTopic } from './topics.ts'

/**
 * At most once, unlike events: whoever needs more looks at the store when `onGap` tells of a loss. Register handlers before the
 * dispatcher starts; they must not throw. Between nodes a note comes after the events that its node published before it on the
 * same topic, but an event may still wait for a hole to be filled.
 */
export interface Notes {
  /** Notes of this kind, from any node, this one included, on topics that this node holds: here, or for a feed. One handler per kind. */
  on<K extends NoteKind>(kind: K, handler: FrameHandler<K>): void
  /** Notes may have been lost on this topic or, without one, on all. */
  onGap(handler: (topic?: NodeTopic) => void): void
  /** Holds the topic until as many `release` have followed. Resolves when notes that any node publishes from now on will arrive here; never rejects. */
  hold(topic: NodeTopic): Promise<void>
  release(topic: NodeTopic): void
  /** Tells whoever holds the topic: on this node at once, in this very call; on others through the broker. False where the broker dropped it. */
  publish(topic: NodeTopic, note: Note): boolean
  /** Lets every topic go that is held here. Calling it twice is calling it once. */
  stop(): void
}

export function createNotes(dispatcher: Dispatcher): Notes {
  return new NodeNotes(dispatcher)
}

class NodeNotes implements Notes {
  readonly #dispatcher: Dispatcher
  readonly #holders = new Map<NodeTopic, number>()
  #stopped = false

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher
  }

  on<K extends NoteKind>(kind: K, handler: FrameHandler<K>): void {
    this.#dispatcher.handle(kind, handler)
  }

  onGap(handler: (topic?: NodeTopic) => void): void {
    this.#dispatcher.onGap(handler)
  }

  hold(topic: NodeTopic): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    this.#holders.set(topic, (this.#holders.get(topic) ?? 0) + 1)
    return this.#dispatcher.hold(topic)
  }

  release(topic: NodeTopic): void {
    const holders = this.#holders.get(topic)
    if (holders === undefined) return
    if (holders === 1) this.#holders.delete(topic)
    else this.#holders.set(topic, holders - 1)
    this.#dispatcher.release(topic)
  }

  publish(topic: NodeTopic, note: Note): boolean {
    if (this.#stopped) return false
    const taken = this.#dispatcher.publish(topic, note)
    this.#dispatcher.tell(topic, note)
    return taken
  }

  stop(): void {
    this.#stopped = true
    for (const [topic, holders] of this.#holders) {
      for (let i = 0; i < holders; i++) this.#dispatcher.release(topic)
    }
    this.#holders.clear()
  }
}
