/** Who is online in one community, over all nodes, as far as this node has heard. Knows no clock and tells nobody: whoever keeps it does. */
import type { Author, Id } from '@madang/protocol'

export interface PresenceChange {
  readonly online: Author[]
  readonly offline: Id[]
  readonly count: number
}

interface NodeBook {
  people: Map<Id, Author>
  heardAt: number
}

export class PresenceBook {
  readonly #peopleMax: number
  readonly #nodes = new Map<string, NodeBook>()
  /** Everybody, with on how many nodes. */
  readonly #online = new Map<Id, { readonly author: Author; nodes: number }>()
  /** Who readers were told is online. */
  readonly #told = new Set<Id>()
  #toldCount = 0
  /** Whether the last that was told was a count only: whoever has come since knows nobody. */
  #counting = false

  /** Above `peopleMax` people, readers are told their count only. */
  constructor(peopleMax: number) {
    this.#peopleMax = peopleMax
  }

  get count(): number {
    return this.#online.size
  }

  get nodes(): number {
    return this.#nodes.size
  }

  /** What changed on a node, or with `whole` everybody who is online there. */
  heard(
    node: string,
    change: {
      readonly online: readonly Author[]
      readonly offline: readonly Id[]
      readonly whole: boolean
    },
    now: number,
  ): void {
    const book = this.#nodes.get(node) ?? { people: new Map(), heardAt: now }
    book.heardAt = now
    this.#nodes.set(node, book)
    if (change.whole) {
      const kept = new Set(change.online.map(({ id }) => id))
      for (const id of book.people.keys()) if (!kept.has(id)) this.#go(book, id)
    }
    for (const id of change.offline) this.#go(book, id)
    for (const author of change.online) this.#come(book, author)
    if (book.people.size === 0) this.#nodes.delete(node)
  }

  /** Whether anybody was known to be there. */
  forget(node: string): boolean {
    const book = this.#nodes.get(node)
    if (book === undefined) return false
    for (const id of [...book.people.keys()]) this.#go(book, id)
    return this.#nodes.delete(node)
  }

  /** Forgets the nodes that were last heard of before, but for `own`. */
  forgetBefore(moment: number, own: string): void {
    for (const [node, book] of this.#nodes) {
      if (node !== own && book.heardAt < moment) this.forget(node)
    }
  }

  /** For a reader who knows nothing yet. */
  whole(): { readonly online: Author[]; readonly count: number } {
    const few = this.count <= this.#peopleMax
    return { online: few ? this.#authors() : [], count: this.count }
  }

  /** What readers who were told everything so far do not know; undefined where that is nothing. */
  untold(): PresenceChange | undefined {
    const change = this.count > this.#peopleMax ? this.#countOnly() : this.#difference()
    this.#toldCount = this.count
    return change
  }

  #countOnly(): PresenceChange | undefined {
    this.#counting = true
    if (this.count === this.#toldCount) return undefined
    return { online: [], offline: [], count: this.count }
  }

  #difference(): PresenceChange | undefined {
    const online = this.#authors().filter(({ id }) => this.#counting || !this.#told.has(id))
    const offline = [...this.#told].filter((id) => !this.#online.has(id))
    this.#counting = false
    for (const { id } of online) this.#told.add(id)
    for (const id of offline) this.#told.delete(id)
    if (online.length === 0 && offline.length === 0) return undefined
    return { online, offline, count: this.count }
  }

  #authors(): Author[] {
    return [...this.#online.values()].map(({ author }) => author)
  }

  #come(book: NodeBook, author: Author): void {
    if (book.people.has(author.id)) return
    book.people.set(author.id, author)
    const entry = this.#online.get(author.id)
    if (entry === undefined) this.#online.set(author.id, { author, nodes: 1 })
    else entry.nodes++
  }

  #go(book: NodeBook, id: Id): void {
    if (!book.people.delete(id)) return
    const entry = this.#online.get(id)
    if (entry !== undefined && --entry.nodes === 0) this.#online.delete(id)
  }
}
