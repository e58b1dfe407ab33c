/** Who is there: what this node knows of the others. It decides nothing by a clock of its own; `now` is handed in, in ms. */

export interface Member {
  /** For an operator's eyes. */
  readonly name: string
  revision: number
  readonly namespaces: Set<string>
  lastSeenAt: number
}

/** `ask`: what is known of the sender is not what it now has, and it has to say hello. */
export type Heard = 'fine' | 'ask'

export class Members {
  readonly #members = new Map<string, Member>()
  readonly #byNamespace = new Map<string, Set<string>>()

  get size(): number {
    return this.#members.size
  }

  names(nodes: Iterable<string> = this.#members.keys()): string[] {
    return [...nodes].map((node) => `${this.#members.get(node)?.name ?? 'unknown'} (${node})`)
  }

  /** The nodes that have this namespace. */
  with(nsp: string): ReadonlySet<string> {
    return this.#byNamespace.get(nsp) ?? nobody
  }

  has(node: string): boolean {
    return this.#members.has(node)
  }

  /** True: it is new. */
  hello(
    node: string,
    about: { readonly name: string; readonly revision: number; readonly namespaces: string[] },
    now: number,
  ): boolean {
    const before = this.#members.get(node)
    // A hello that was overtaken by a change must not undo it.
    if (before !== undefined && before.revision > about.revision) return false
    this.remove(node)
    const member = {
      name: about.name,
      revision: about.revision,
      namespaces: new Set<string>(),
      lastSeenAt: now,
    }
    this.#members.set(node, member)
    for (const nsp of about.namespaces) this.#open(node, member, nsp)
    return before === undefined
  }

  change(
    node: string,
    revision: number,
    opened: readonly string[],
    closed: readonly string[],
  ): Heard {
    const member = this.#members.get(node)
    if (member === undefined) return 'ask'
    if (revision <= member.revision) return 'fine'
    if (revision !== member.revision + 1) return 'ask'
    member.revision = revision
    for (const nsp of closed) this.#close(node, member, nsp)
    for (const nsp of opened) this.#open(node, member, nsp)
    return 'fine'
  }

  beat(node: string, revision: number): Heard {
    const member = this.#members.get(node)
    return member !== undefined && member.revision >= revision ? 'fine' : 'ask'
  }

  /** Any frame of a node says that it lives. */
  seen(node: string, now: number): void {
    const member = this.#members.get(node)
    if (member !== undefined) member.lastSeenAt = now
  }

  /** Nobody could be heard for a while, which says nothing about them. */
  seenAll(now: number): void {
    for (const member of this.#members.values()) member.lastSeenAt = now
  }

  /** Those who were silent for longer than they may. */
  silent(now: number, deadAfterMs: number): string[] {
    return [...this.#members]
      .filter(([, member]) => now - member.lastSeenAt > deadAfterMs)
      .map(([node]) => node)
  }

  remove(node: string): boolean {
    const member = this.#members.get(node)
    if (member === undefined) return false
    for (const nsp of member.namespaces) this.#close(node, member, nsp)
    return this.#members.delete(node)
  }

  #open(node: string, member: Member, nsp: string): void {
    member.namespaces.add(nsp)
    const nodes = this.#byNamespace.get(nsp)
    if (nodes === undefined) this.#byNamespace.set(nsp, new Set([node]))
    else nodes.add(node)
  }

  #close(node: string, member: Member, nsp: string): void {
    member.namespaces.delete(nsp)
    const nodes = this.#byNamespace.get(nsp)
    if (nodes?.delete(node) && nodes.size === 0) this.#byNamespace.delete(nsp)
  }
}

const nobody: ReadonlySet<string> = new Set()
