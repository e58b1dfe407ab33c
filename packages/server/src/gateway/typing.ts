/** Lets those who have a channel open see who is typing there, on whichever node. */
import type { Author, Id } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import type { Notes } from '../feed/notes.ts'
import { channelTopic } from '../feed/topics.ts'
import { openRoom } from './local-channels.ts'
import { Pace } from './pace.ts'
import type { Session } from './session.ts'
import {
  expired,
  nobodyTypes,
  people,
  samePeople,
  stopped,
  type TypingList,
  typed,
} from './typing-list.ts'
import type { Wire } from './wire.ts'

export interface TypingParts {
  readonly clock: Clock
  readonly notes: Notes
  readonly wire: Wire<Session>
  readonly limits: { readonly typingIntervalMs: number; readonly typingExpiryMs: number }
  readonly typingPeopleMax: number
}

interface ChannelTyping {
  list: TypingList
  /** What readers were told last. */
  told: TypingList
}

export class Typing {
  readonly #parts: TypingParts
  readonly #channels = new Map<Id, ChannelTyping>()
  /** Signs of people of this node that the others have not been told yet. */
  readonly #signs = new Map<Id, Map<Id, Author>>()
  readonly #publishing: Pace<Id>
  readonly #telling: Pace<Id>
  #timer: Timer | undefined

  constructor(parts: TypingParts) {
    this.#parts = parts
    const { clock, limits } = parts
    const intervalMs = limits.typingIntervalMs
    this.#publishing = new Pace({ clock, intervalMs, run: (id) => this.#publish(id) })
    this.#telling = new Pace({ clock, intervalMs, run: (id) => this.#tell(id) })
    parts.notes.on('typing', (_, { channelId, people }) => this.#heard(channelId, people))
  }

  start(): void {
    const { clock, limits } = this.#parts
    this.#timer ??= clock.every(limits.typingIntervalMs, () => this.#expire())
  }

  /** Channels where somebody types. */
  get size(): number {
    return this.#channels.size
  }

  /** A person of this node types. Other nodes hear of it as well. */
  sign(channelId: Id, author: Author): void {
    const signs = this.#signs.get(channelId) ?? new Map<Id, Author>()
    this.#signs.set(channelId, signs.set(author.id, author))
    this.#publishing.touch(channelId)
  }

  /** A person types no more: they said so, wrote, or are out of the channel. Other nodes find out from what they wrote, or forget it. */
  stopped(channelId: Id, personId: Id): void {
    this.#signs.get(channelId)?.delete(personId)
    const channel = this.#channels.get(channelId)
    if (channel !== undefined) this.#change(channelId, stopped(channel.list, personId))
  }

  stop(): void {
    this.#timer?.cancel()
    this.#publishing.stop()
    this.#telling.stop()
    this.#channels.clear()
    this.#signs.clear()
  }

  #publish(channelId: Id): void {
    const people = [...(this.#signs.get(channelId)?.values() ?? [])]
    this.#signs.delete(channelId)
    if (people.length === 0) return
    // This node hears it like the others, in this very call.
    this.#parts.notes.publish(channelTopic(channelId), {
      kind: 'typing',
      body: { channelId, people: people.slice(0, this.#parts.typingPeopleMax) },
    })
  }

  #heard(channelId: Id, people: readonly Author[]): void {
    const { clock, limits, typingPeopleMax } = this.#parts
    const until = clock.monotonic() + limits.typingExpiryMs
    let list = this.#channels.get(channelId)?.list ?? nobodyTypes
    for (const author of people) list = typed(list, author, until, typingPeopleMax)
    this.#change(channelId, list)
  }

  #change(channelId: Id, list: TypingList): void {
    const channel = this.#channels.get(channelId) ?? { list, told: nobodyTypes }
    channel.list = list
    if (list.size === 0 && channel.told.size === 0) {
      this.#channels.delete(channelId)
      return
    }
    this.#channels.set(channelId, channel)
    if (!samePeople(list, channel.told)) this.#telling.touch(channelId)
  }

  #tell(channelId: Id): void {
    const channel = this.#channels.get(channelId)
    if (channel === undefined || samePeople(channel.list, channel.told)) return
    channel.told = channel.list
    if (channel.list.size === 0) this.#channels.delete(channelId)
    const payload = { channelId, people: people(channel.list) }
    this.#parts.wire.emitTo(openRoom(channelId), 'typing', payload, { droppable: true })
  }

  #expire(): void {
    const now = this.#parts.clock.monotonic()
    for (const [channelId, { list }] of this.#channels) {
      const left = expired(list, now)
      if (left !== list) this.#change(channelId, left)
    }
  }
}
