/** Writes down what one device hears and asks for, whichever client it is made of. */
import type { LogEvent, MyChannel, Replay } from '@madang/protocol'
import { factsOf } from '../history/facts.ts'
import type { Deed, HintRecord, InvokeRecord, Note } from '../history/record.ts'

/** What every answer has. */
export type AnyAnswer =
  | { readonly ok: true; readonly [name: string]: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly retry: string } }

type Asked = Omit<InvokeRecord, 't' | 'kind' | 'who' | 'person'>

export class Journal {
  readonly who: string
  readonly person: string
  readonly #note: Note
  readonly #channels: ReadonlySet<string>
  /** By channel: everything up to there was heard. */
  readonly #reached = new Map<string, number>()
  /** Operations without an end, and where they are. */
  readonly #open = new Map<string, Pick<Asked, 'deed' | 'channel'>>()
  /** By channel: where the server has said that the person's cursor is. */
  readonly #cursors = new Map<string, number>()
  #conn = 0
  #ops = 0
  #isUp = false

  constructor(who: string, person: string, channels: readonly string[], note: Note) {
    this.who = who
    this.person = person
    this.#channels = new Set(channels)
    this.#note = note
  }

  /** The connection that is tried or used now, counted from 1. */
  get conn(): number {
    return this.#conn
  }

  reached(channel: string): number {
    return this.#reached.get(channel) ?? 0
  }

  /** Operations without an end, but for sends, which are in their client's own keeping. */
  unanswered(): number {
    return [...this.#open.values()].filter(({ deed }) => deed !== 'send').length
  }

  cursor(channel: string): number {
    return this.#cursors.get(channel) ?? 0
  }

  connects(): number {
    this.#conn += 1
    return this.#conn
  }

  up(conn: number, node: string): void {
    this.#isUp = true
    this.#note({ kind: 'link', who: this.who, conn, state: 'up', node })
  }

  down(conn: number, why: string): void {
    // A client that moves is up elsewhere before it lets go.
    if (!this.#isUp || conn !== this.#conn) return
    this.#isUp = false
    this.#note({ kind: 'link', who: this.who, conn, state: 'down', why })
  }

  event(conn: number, event: LogEvent, via: 'live' | 'replay' | 'page'): void {
    if (!this.#channels.has(event.channelId)) return
    const { who, person } = this
    this.#note({ kind: 'wire', who, person, conn, via, ...factsOf(event) })
    if (via !== 'page') this.#reach(event.channelId, event.seq)
  }

  replay(conn: number, replay: Replay): void {
    if (replay.error !== undefined) {
      if (replay.error.retry === 'never') this.hint(conn, 'gone', replay.channelId)
      return
    }
    if (replay.limited) this.hint(conn, 'limited', replay.channelId, { head: replay.head })
    for (const event of replay.events) this.event(conn, event, 'replay')
    this.#reach(replay.channelId, replay.head)
  }

  page(conn: number, events: readonly LogEvent[]): void {
    for (const event of events) this.event(conn, event, 'page')
  }

  hint(
    conn: number,
    what: HintRecord['what'],
    channel: string,
    more: Pick<HintRecord, 'head' | 'cursor' | 'unread'> = {},
  ): void {
    if (!this.#channels.has(channel)) return
    if (more.cursor !== undefined) this.#cursorAt(channel, more.cursor)
    this.#note({ kind: 'hint', who: this.who, person: this.person, conn, what, channel, ...more })
  }

  /** A channel as the server describes it: what a non-member is told of its head counts, too. */
  channel(conn: number, channel: MyChannel): void {
    const { id, head, cursor, unread } = channel
    this.hint(conn, 'channel', id, { head, cursor, unread })
  }

  /** Resolves to the operation's name. */
  invoke(asked: Omit<Asked, 'op'> & { readonly op?: string }): string {
    const op = asked.op ?? this.#newOp(asked.deed)
    this.#note({ kind: 'invoke', who: this.who, person: this.person, ...asked, op })
    this.#open.set(op, asked)
    return op
  }

  tries(op: string, conn: number, code?: string): void {
    this.#note({ kind: 'try', op, who: this.who, conn, ...(code !== undefined && { code }) })
  }

  /** Undefined: nobody knows the outcome. */
  ends(op: string, answer: AnyAnswer | undefined): void {
    const { who } = this
    if (answer?.ok) this.#moveCursor(op, answer)
    this.#open.delete(op)
    if (answer === undefined) this.#note({ kind: 'info', op, who })
    else if (answer.ok) this.#note({ kind: 'ok', op, who, ...factsOfAnswer(answer) })
    else if (isOpen(answer.error.code))
      this.#note({ kind: 'info', op, who, code: answer.error.code })
    else this.#note({ kind: 'fail', op, who, code: answer.error.code })
  }

  /** It was not answered, but the device has read in the log what became of it. */
  learned(op: string, seq: number): void {
    if (this.#open.has(op)) this.ends(op, { ok: true, seq })
  }

  shown(record: {
    readonly channel: string
    readonly seq: number
    readonly author: string
    readonly clientId: string
    readonly how: 'live' | 'own' | 'page'
  }): void {
    this.#note({ kind: 'shown', who: this.who, person: this.person, ...record })
  }

  /** One's own messages are read by oneself. */
  #moveCursor(op: string, { seq, cursor }: { readonly [name: string]: unknown }): void {
    const { deed, channel } = this.#open.get(op) ?? {}
    const to = deed === 'send' ? seq : deed === 'read' ? cursor : undefined
    if (channel !== undefined && typeof to === 'number') this.#cursorAt(channel, to)
  }

  #cursorAt(channel: string, cursor: number): void {
    this.#cursors.set(channel, Math.max(this.cursor(channel), cursor))
  }

  #reach(channel: string, seq: number): void {
    this.#reached.set(channel, Math.max(this.reached(channel), seq))
  }

  #newOp(deed: Deed): string {
    this.#ops += 1
    return `${this.who}/${deed}-${this.#ops}`
  }
}

/** The error table's own words: "the outcome is unknown". */
const isOpen = (code: string): boolean => code === 'internal' || code === 'unavailable'

function factsOfAnswer(answer: { readonly [name: string]: unknown }): object {
  const { seq, id, duplicate, cursor, unread } = answer
  return {
    ...(typeof seq === 'number' && { seq }),
    ...(typeof id === 'string' && { id }),
    ...(duplicate === true && { duplicate }),
    ...(typeof cursor === 'number' && { cursor }),
    ...(typeof unread === 'number' && { unread }),
  }
}
