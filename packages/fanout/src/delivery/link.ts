/** What is held for connections: chains of events, one link shared by all connections that hold the same events. */
import type { EncodedEvent } from './writer.ts'

/** The last of the events that a connection holds, and those before it. */
export class Link {
  readonly event: EncodedEvent
  readonly compress: boolean
  readonly before: Link | undefined
  /** Of all frames up to this one. */
  readonly bytes: number
  #joined: Buffer | undefined

  constructor(event: EncodedEvent, compress: boolean, before: Link | undefined) {
    this.event = event
    this.compress = compress
    this.before = before
    this.bytes = event.frame.length + (before?.bytes ?? 0)
  }

  /** All frames in one Buffer; joined once, however many connections hold them. */
  joined(): Buffer {
    this.#joined ??= this.before === undefined ? this.event.frame : this.#join()
    return this.#joined
  }

  /** Oldest first. */
  all(): Link[] {
    const links: Link[] = []
    for (let link: Link | undefined = this; link !== undefined; link = link.before) links.push(link)
    return links.reverse()
  }

  #join(): Buffer {
    const joined = Buffer.allocUnsafe(this.bytes)
    for (let link: Link | undefined = this; link !== undefined; link = link.before) {
      const { frame } = link.event
      joined.set(frame, link.bytes - frame.length)
    }
    return joined
  }
}

/** One event's way onto chains. Almost all sockets of a room hold the same, so the last answer is nearly always the next one. */
export class Extension {
  readonly #event: EncodedEvent
  readonly #compress: boolean
  #from: Link | undefined
  #to: Link | undefined
  #others: Map<Link | undefined, Link> | undefined

  constructor(event: EncodedEvent, compress: boolean) {
    this.#event = event
    this.#compress = compress
  }

  after(from: Link | undefined): Link {
    if (this.#to !== undefined && this.#from === from) return this.#to
    const to = this.#others?.get(from) ?? new Link(this.#event, this.#compress, from)
    if (this.#to !== undefined) {
      this.#others ??= new Map([[this.#from, this.#to]])
      this.#others.set(from, to)
    }
    this.#from = from
    this.#to = to
    return to
  }
}
