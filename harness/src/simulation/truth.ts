/** What the store has committed so far in a simulated run, and who belonged where. */
import type { Id, LogEvent } from '@madang/protocol'

export interface Message {
  readonly seq: number
  readonly author: Id
  /** Null: deleted. */
  readonly text: string | null
  readonly edited: boolean
}

export class Truth {
  readonly #logs = new Map<Id, LogEvent[]>()
  /** Channel → seq of a message → every text that it ever had. */
  readonly #texts = new Map<Id, Map<number, Set<string | null>>>()
  /** Channel → person → the last seq that they may see. */
  readonly #ends = new Map<Id, Map<Id, number>>()
  /** Channel and person of each membership. */
  readonly #roles = new Set<string>()
  /** By author and client id. */
  readonly #sent = new Map<string, number>()
  /** Channels that the community watches: only a ban keeps somebody out. */
  readonly #watched: ReadonlySet<Id>

  constructor(watched: ReadonlySet<Id> = new Set()) {
    this.#watched = watched
  }

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
    if (event.kind === 'created') {
      texts.set(event.seq, new Set([event.text]))
      this.#sent.set(`${event.author.id} ${event.clientId}`, event.seq)
    }
    if (event.kind === 'edited') texts.get(event.target)?.add(event.text)
    if (event.kind === 'deleted') texts.get(event.target)?.add(null)
    this.#move(event)
    return log.length === event.seq
  }

  #move(event: LogEvent): void {
    const ends = at(this.#ends, event.channelId, () => new Map<Id, number>())
    const forever = Number.POSITIVE_INFINITY
    if (this.#watched.has(event.channelId)) {
      if (event.kind === 'banned') ends.set(event.subject.id, event.seq)
      if (event.kind === 'unbanned') ends.set(event.subject.id, forever)
    }
    if (event.kind === 'joined' || event.kind === 'invited') {
      this.#roles.add(`${event.channelId} ${event.subject.id}`)
      ends.set(event.subject.id, forever)
    } else if (event.kind === 'left' || event.kind === 'kicked' || event.kind === 'banned') {
      this.#roles.delete(`${event.channelId} ${event.subject.id}`)
      if (this.#watched.has(event.channelId)) return
      if (ends.get(event.subject.id) === forever) ends.set(event.subject.id, event.seq)
    }
  }

  /** The seq of what somebody sent under this client id. */
  sent(author: Id, clientId: string): number | undefined {
    return this.#sent.get(`${author} ${clientId}`)
  }

  hadText(channelId: Id, seq: number, text: string | null): boolean {
    return this.#texts.get(channelId)?.get(seq)?.has(text) ?? false
  }

  isWatched(channelId: Id): boolean {
    return this.#watched.has(channelId)
  }

  /** Infinite for a member, and in a channel that is watched; 0 for somebody who never was one. */
  lastVisible(channelId: Id, personId: Id): number {
    const never = this.#watched.has(channelId) ? Number.POSITIVE_INFINITY : 0
    return this.#ends.get(channelId)?.get(personId) ?? never
  }

  isMember(channelId: Id, personId: Id): boolean {
    return this.#roles.has(`${channelId} ${personId}`)
  }

  /** The messages as whoever reads the log from its beginning has them. */
  messages(channelId: Id): ReadonlyMap<number, Message> {
    const messages = new Map<number, Message>()
    for (const event of this.log(channelId)) {
      const { kind, seq } = event
      if (kind === 'created') {
        const { text, author } = event
        messages.set(seq, { seq, author: author.id, text, edited: false })
      } else if (kind === 'edited' || kind === 'deleted') {
        const target = messages.get(event.target)
        if (target === undefined || target.text === null) continue
        const change = kind === 'edited' ? { text: event.text, edited: true } : { text: null }
        messages.set(event.target, { ...target, ...change })
      }
    }
    return messages
  }

  /** Messages after the cursor by others, not deleted. */
  unread(channelId: Id, personId: Id, cursor: number): number {
    let count = 0
    for (const { seq, author, text } of this.messages(channelId).values()) {
      if (seq > cursor && author !== personId && text !== null) count += 1
    }
    return count
  }
}

function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
