/** What the store has committed so far in a simulated run, and who belonged where. */
import type { Id, LogEvent } from '@madang/protocol'

export class Truth {
  readonly #logs = new Map<Id, LogEvent[]>()
  /** Channel → seq of a message → every text that it ever had. */
  readonly #texts = new Map<Id, Map<number, Set<string | null>>>()
  /** Channel → person → the last seq that they may see. */
  readonly #ends = new Map<Id, Map<Id, number>>()

  get channels(): readonly Id[] {
    return [...this.#logs.keys()]
  }

  log(channelId: Id): readonly LogEvent[] {
    return this.#logs.get(channelId) ?? []
  }

  /** False where the log would have a hole. */
  commit(event: LogEvent): boolean {
    const { channelId } = event
    const log = at(this.#logs, channelId, () => [])
    log.push(event)
    const texts = at(this.#texts, channelId, () => new Map<number, Set<string | null>>())
    if (event.kind === 'created') texts.set(event.seq, new Set([event.text]))
    if (event.kind === 'edited') texts.get(event.target)?.add(event.text)
    if (event.kind === 'deleted') texts.get(event.target)?.add(null)
    this.#move(event)
    return log.length === event.seq
  }

  #move(event: LogEvent): void {
    const ends = at(this.#ends, event.channelId, () => new Map<Id, number>())
    if (event.kind === 'joined' || event.kind === 'invited') {
      ends.set(event.subject.id, Number.POSITIVE_INFINITY)
    } else if (event.kind === 'left' || event.kind === 'kicked' || event.kind === 'banned') {
      if (ends.get(event.subject.id) === Number.POSITIVE_INFINITY) {
        ends.set(event.subject.id, event.seq)
      }
    }
  }

  hadText(channelId: Id, seq: number, text: string | null): boolean {
    return this.#texts.get(channelId)?.get(seq)?.has(text) ?? false
  }

  /** Infinite for a member; 0 for somebody who never was one. */
  lastVisible(channelId: Id, personId: Id): number {
    return this.#ends.get(channelId)?.get(personId) ?? 0
  }

  isMember(channelId: Id, personId: Id): boolean {
    return this.lastVisible(channelId, personId) === Number.POSITIVE_INFINITY
  }
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
