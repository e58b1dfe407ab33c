/** A participant made of our own client. */
import { type ChannelHandle, type Client, createClient, type TimelineMessage } from '@madang/client'
import { Journal } from './journal.ts'
import type { Participant, ParticipantParts } from './participant.ts'
import { Shelf } from './shelf.ts'
import { tapped } from './tap.ts'

export class OurParticipant implements Participant {
  readonly kind = 'ours'
  readonly who: string
  readonly person: string
  readonly #client: Client
  readonly #journal: Journal
  readonly #note: ParticipantParts['note']
  readonly #wanted: readonly string[]
  readonly #handles = new Map<string, ChannelHandle>()
  readonly #shelves = new Map<string, Shelf>()
  readonly #sends = new Set<string>()
  /** Up to where it was read; the client tells the server a little later. */
  readonly #marked = new Map<string, number>()
  /** Looks that are due. */
  readonly #glances = new Map<string, NodeJS.Timeout>()

  constructor({ who, url, person, token, channels, note }: ParticipantParts) {
    this.who = who
    this.person = person
    this.#note = note
    this.#wanted = channels
    this.#journal = new Journal(who, person, channels, note)
    this.#client = createClient({ url, token }, { openLink: tapped(this.#journal, this.#sends) })
  }

  async start(): Promise<void> {
    this.#client.start()
    for (const id of this.#wanted) {
      const handle = this.#client.open(id)
      const shelf = new Shelf(id, this.#journal)
      this.#handles.set(id, handle)
      this.#shelves.set(id, shelf)
      handle.subscribe(() => this.#glance(id))
      await until(handle.subscribe, () => handle.snapshot().loaded)
    }
  }

  send(channel: string, text: string): void {
    const handle = this.#handles.get(channel)
    if (handle === undefined || !this.isMember(channel)) return
    const clientId = handle.send(text)
    this.#sends.add(clientId)
    this.#journal.invoke({ op: clientId, deed: 'send', channel, clientId, text })
  }

  edit(channel: string, text: string, choose: (count: number) => number): void {
    const target = this.#ownSeq(channel, choose)
    if (target !== undefined) void this.#handles.get(channel)?.edit(target, text)
  }

  delete(channel: string, choose: (count: number) => number): void {
    const target = this.#ownSeq(channel, choose)
    if (target !== undefined) void this.#handles.get(channel)?.delete(target)
  }

  read(channel: string): void {
    const handle = this.#handles.get(channel)
    const seq = handle?.snapshot().items.findLast((item) => item.seq !== undefined)?.seq
    if (seq === undefined || !this.isMember(channel)) return
    handle?.markRead(seq)
    this.#marked.set(channel, seq)
  }

  typing(channel: string): void {
    if (this.isMember(channel)) this.#handles.get(channel)?.typing()
  }

  join(channel: string): void {
    if (this.isOnline()) void this.#client.joinChannel(channel)
  }

  leave(channel: string): void {
    if (this.isOnline()) void this.#client.leaveChannel(channel)
  }

  isMember(channel: string): boolean {
    return this.#place(channel)?.role != null
  }

  reconnect(): void {
    this.#client.reconnect()
  }

  isOnline(): boolean {
    return this.#client.session.snapshot().connection.status === 'online'
  }

  waiting(): number {
    const reads = [...this.#marked].filter(
      ([channel, seq]) => this.isMember(channel) && this.#journal.cursor(channel) < seq,
    )
    const sends = [...this.#handles.values()].flatMap((handle) => pendingOf(handle))
    return sends.length + reads.length + this.#journal.unanswered()
  }

  reached(channel: string): number {
    return this.#journal.reached(channel)
  }

  async finish(): Promise<void> {
    for (const [channel, handle] of this.#handles) {
      await this.#readBack(channel, handle)
      const { items, more } = handle.snapshot()
      this.#shelves.get(channel)?.look(items, true)
      for (const { key, seq } of messagesOf(handle)) {
        if (seq !== undefined) this.#journal.learned(key, seq)
      }
      const unread = this.#place(channel)?.unread
      this.#note({
        kind: 'final',
        who: this.who,
        person: this.person,
        channel,
        from: more ? (items[0]?.seq ?? 1) : 1,
        isMember: this.isMember(channel),
        ...(unread !== undefined && { unread }),
        waiting: pendingOf(handle).map(({ key }) => key),
        messages: messagesOf(handle).flatMap(({ seq, text, author, key }) =>
          seq === undefined ? [] : [{ seq, text, author: author.id, clientId: clientIdOf(key) }],
        ),
      })
    }
  }

  /** As far as there is something, or as a client keeps it for somebody who looks at the end. Only members may page. */
  async #readBack(channel: string, handle: ChannelHandle): Promise<void> {
    const first = () => handle.snapshot().items[0]?.seq ?? 0
    for (let before = Number.POSITIVE_INFINITY; first() < before; ) {
      before = first()
      if (this.isMember(channel) && handle.snapshot().more) await handle.loadOlder()
    }
  }

  async stop(): Promise<void> {
    for (const timer of this.#glances.values()) clearTimeout(timer)
    await this.#client.stop()
  }

  /** Looks at what it shows, a little later: dozens of clients in one process would do little else. */
  #glance(channel: string): void {
    if (this.#glances.has(channel)) return
    const look = () => {
      this.#glances.delete(channel)
      const items = this.#handles.get(channel)?.snapshot().items ?? []
      this.#shelves.get(channel)?.look(items)
    }
    this.#glances.set(channel, setTimeout(look, GLANCE_MS))
  }

  #place(channel: string) {
    return this.#client.session.snapshot().channels.find(({ id }) => id === channel)
  }

  /** Of one of the latest own messages that are not deleted. */
  #ownSeq(channel: string, choose: (count: number) => number): number | undefined {
    const handle = this.#handles.get(channel)
    if (handle === undefined || !this.isOnline() || !this.isMember(channel)) return undefined
    const own = messagesOf(handle).filter(
      ({ seq, text, author }) => seq !== undefined && text !== null && author.id === this.person,
    )
    const latest = own.slice(-OWN_RECENT)
    return latest[choose(latest.length)]?.seq
  }
}

const GLANCE_MS = 100
/** Only the latest of one's own messages are changed. */
const OWN_RECENT = 10

const messagesOf = (handle: ChannelHandle): TimelineMessage[] =>
  handle.snapshot().items.filter((item) => item.kind === 'message')

const pendingOf = (handle: ChannelHandle): TimelineMessage[] =>
  messagesOf(handle).filter(({ state }) => state === 'pending')

/** Messages of others are named by their author and client id. */
const clientIdOf = (key: string): string => key.slice(key.indexOf(':') + 1)

function until(
  subscribe: (changed: () => void) => () => void,
  holds: () => boolean,
): Promise<void> {
  if (holds()) return Promise.resolve()
  return new Promise((resolve) => {
    const unsubscribe = subscribe(() => {
      if (!holds()) return
      unsubscribe()
      resolve()
    })
  })
}
