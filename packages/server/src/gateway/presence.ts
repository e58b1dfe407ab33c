/** Lets the members of a community see who is online, on whichever node. */
import type { Author, DownPayload, Id } from '@madang/protocol'
import type { Clock, Timer } from '../clock.ts'
import type { FrameBody } from '../feed/frame-kinds.ts'
import type { Notes } from '../feed/notes.ts'
import { communityOf, communityTopic, type NodeTopic } from '../feed/topics.ts'
import { Pace } from './pace.ts'
import { PresenceBook } from './presence-book.ts'
import type { Session } from './session.ts'
import type { Wire } from './wire.ts'

/** The room of a community's members. */
export const memberRoom = (communityId: Id): string => `m:${communityId}`

export interface PresenceParts {
  readonly clock: Clock
  readonly notes: Notes
  readonly wire: Pick<Wire<Session>, 'emitTo'>
  /** This process's name, which no process before it had: what is said under it is said of this life. */
  readonly node: string
  /** Told which node said something. */
  readonly alive: (node: string) => void
  readonly limits: { readonly presenceIntervalMs: number; readonly presencePeopleMax: number }
  readonly bounds: {
    readonly presenceRepeatMs: number
    readonly presenceSilenceMsMax: number
    readonly presenceGapMs: number
    readonly presenceNoteIntervalMs: number
    readonly presenceNotePeopleMax: number
  }
}

type Note = FrameBody<'presence'>

/** One community with members on this node. */
class Hall {
  readonly book: PresenceBook
  /** This node's own people, with how many connections each. */
  readonly own = new Map<Id, { readonly author: Author; connections: number }>()
  /** Who has come, or gone (undefined), since the other nodes were told. */
  readonly unsaid = new Map<Id, Author | undefined>()
  /** The other nodes have not been told of it, nor asked. */
  isNew = true

  constructor(peopleMax: number) {
    this.book = new PresenceBook(peopleMax)
  }

  authors(): Author[] {
    return [...this.own.values()].map(({ author }) => author)
  }
}

export class Presence {
  readonly #parts: PresenceParts
  readonly #halls = new Map<Id, Hall>()
  /** Of what people are told. */
  readonly #pace: Pace<Id>
  /** Of what the other nodes are told. */
  readonly #notePace: Pace<Id>
  #timer: Timer | undefined
  #afterGap: Timer | undefined
  #stopped = false

  constructor(parts: PresenceParts) {
    this.#parts = parts
    this.#pace = new Pace({
      clock: parts.clock,
      intervalMs: parts.limits.presenceIntervalMs,
      run: (communityId) => this.#tell(communityId),
    })
    this.#notePace = new Pace({
      clock: parts.clock,
      intervalMs: parts.bounds.presenceNoteIntervalMs,
      run: (communityId) => this.#say(communityId),
    })
    parts.notes.on('presence', (_, note) => this.#heard(note))
    parts.notes.onGap((topic) => this.#missed(topic))
  }

  /** Communities with somebody on this node. */
  get size(): number {
    return this.#halls.size
  }

  start(): void {
    const { clock, bounds } = this.#parts
    this.#timer ??= clock.every(bounds.presenceRepeatMs, () => this.#repeat())
  }

  /** One more connection of a member. */
  come(communityId: Id, { id, name }: Author): void {
    const hall = this.#halls.get(communityId) ?? this.#begin(communityId)
    const present = hall.own.get(id)
    if (present !== undefined) {
      present.connections++
      return
    }
    const author = { id, name }
    hall.own.set(id, { author, connections: 1 })
    hall.unsaid.set(id, author)
    this.#change(communityId, hall, { online: [author], offline: [] })
  }

  /** One connection less. */
  go(communityId: Id, personId: Id): void {
    const hall = this.#halls.get(communityId)
    const present = hall?.own.get(personId)
    if (hall === undefined || present === undefined || --present.connections > 0) return
    hall.own.delete(personId)
    hall.unsaid.set(personId, undefined)
    this.#change(communityId, hall, { online: [], offline: [personId] })
    if (hall.own.size === 0) this.#end(communityId)
  }

  /** Everybody who was there is offline, at once. */
  nodeDied(node: string): void {
    for (const [communityId, { book }] of this.#halls) {
      if (book.forget(node)) this.#pace.touch(communityId)
    }
  }

  whole(communityId: Id): DownPayload<'ready'>['presence'][number] {
    return {
      communityId,
      ...(this.#halls.get(communityId)?.book.whole() ?? { online: [], count: 0 }),
    }
  }

  stop(): void {
    this.#timer?.cancel()
    this.#afterGap?.cancel()
    this.#stopped = true
    this.#pace.stop()
    this.#notePace.stop()
    for (const [communityId, hall] of this.#halls) {
      for (const id of hall.own.keys()) hall.unsaid.set(id, undefined)
      hall.own.clear()
      this.#end(communityId)
    }
  }

  #begin(communityId: Id): Hall {
    const hall = new Hall(this.#parts.limits.presencePeopleMax)
    this.#halls.set(communityId, hall)
    void this.#parts.notes.hold(communityTopic(communityId))
    return hall
  }

  /** Nobody is there any more, which the others are told at once: what comes next begins anew. */
  #end(communityId: Id): void {
    this.#say(communityId)
    this.#halls.delete(communityId)
    this.#parts.notes.release(communityTopic(communityId))
  }

  #change(communityId: Id, hall: Hall, change: Pick<Note, 'online' | 'offline'>): void {
    hall.book.heard(this.#parts.node, { ...change, whole: false }, this.#parts.clock.monotonic())
    this.#notePace.touch(communityId)
    this.#touch(communityId, change)
  }

  /** Tells the other nodes who has come and gone since. */
  #say(communityId: Id): void {
    const hall = this.#halls.get(communityId)
    if (hall === undefined) return
    if (hall.isNew && hall.own.size > 0) {
      this.#publishWhole(communityId, hall, true)
      return
    }
    for (const part of inParts([...hall.unsaid], this.#parts.bounds.presenceNotePeopleMax)) {
      const online = part.flatMap(([, author]) => author ?? [])
      const offline = part.flatMap(([id, author]) => (author === undefined ? id : []))
      this.#publish(communityId, { online, offline, whole: false, ask: false })
    }
    hall.unsaid.clear()
  }

  /** Who goes may be back in a moment: a page that is loaded anew is no news. */
  #touch(communityId: Id, { online }: Pick<Note, 'online'>): void {
    if (online.length > 0) this.#pace.touch(communityId)
    else this.#pace.touchLater(communityId)
  }

  #publish(communityId: Id, change: Omit<Note, 'communityId' | 'node'>): void {
    const body = { communityId, node: this.#parts.node, ...change }
    this.#parts.notes.publish(communityTopic(communityId), { kind: 'presence', body })
  }

  #heard(note: Note): void {
    const hall = this.#halls.get(note.communityId)
    if (hall === undefined || note.node === this.#parts.node) return
    this.#parts.alive(note.node)
    hall.book.heard(note.node, note, this.#parts.clock.monotonic())
    if (note.ask) this.#publishWhole(note.communityId, hall)
    this.#touch(note.communityId, note)
  }

  /**
   * What others said meanwhile may be lost, and what was said here as well. Where the whole broker was away every node finds that out at about the same time, so each
   * says again who is there, when the others listen again; where it is one topic, the others are asked.
   */
  #missed(topic: NodeTopic | undefined): void {
    const { clock, bounds } = this.#parts
    if (this.#stopped) return
    if (topic === undefined) {
      this.#afterGap ??= clock.after(bounds.presenceGapMs, () => {
        this.#afterGap = undefined
        this.#repeat()
      })
      return
    }
    const communityId = communityOf(topic)
    const hall = communityId === undefined ? undefined : this.#halls.get(communityId)
    if (communityId !== undefined && hall) this.#publishWhole(communityId, hall, true)
  }

  /** In as many notes as it needs: the first takes the place of what was known, the others add to it. */
  #publishWhole(communityId: Id, hall: Hall, ask = false): void {
    const parts = inParts(hall.authors(), this.#parts.bounds.presenceNotePeopleMax)
    for (const [at, online] of parts.entries()) {
      this.#publish(communityId, { online, offline: [], whole: at === 0, ask: ask && at === 0 })
    }
    if (ask) hall.isNew = false
    hall.unsaid.clear()
  }

  /** A note may be lost and a node may die: each repeats itself, and is forgotten when it does not. */
  #repeat(): void {
    const silentSince = this.#parts.clock.monotonic() - this.#parts.bounds.presenceSilenceMsMax
    for (const [communityId, hall] of this.#halls) {
      this.#publishWhole(communityId, hall)
      hall.book.forgetBefore(silentSince, this.#parts.node)
      this.#pace.touch(communityId)
    }
  }

  #tell(communityId: Id): void {
    const change = this.#halls.get(communityId)?.book.untold()
    if (change === undefined) return
    const payload = { communityId, ...change }
    this.#parts.wire.emitTo(memberRoom(communityId), 'presence', payload, { droppable: true })
  }
}

function inParts<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size))
}
