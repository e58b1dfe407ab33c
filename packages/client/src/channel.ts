/** One channel as a screen shows it: its timeline, what is unsent, who types. Performs paging and typing. */
import type { Author, ErrorBody, Id, LogEvent, Person, Replay } from '@madang/protocol'
import { CLIENT_LIMITS as LIMITS } from '@madang/protocol/client-limits'
import { BOUNDS } from './bounds.ts'
import type { Environment } from './environment.ts'
import type { Answer, Link } from './link.ts'
import { Machine } from './machine.ts'
import type { Draft, Entry, Receipt } from './outbox.ts'
import { type PageOutcome, Paging } from './paging.ts'
import { errorFrom } from './refusals.ts'
import {
  cursorOf,
  hasMore,
  isAway,
  isBehind,
  newTimeline,
  type PageWanted,
  type Timeline,
  unreadAfter,
  withAcknowledged,
  withEvent,
  withoutPaging,
  withPage,
  withPaging,
  withReader,
  withReplay,
} from './timeline.ts'
import { messageKey } from './timeline-row.ts'
import type { ChannelView, TimelineMessage } from './types.ts'
import {
  type Composing,
  type ComposingEffect,
  type ComposingInput,
  nobodyElse,
  notComposing,
  type Others,
  type OthersInput,
  stepComposing,
  stepOthers,
} from './typing.ts'
import { LazyView } from './view.ts'

export interface ChannelParts {
  readonly id: Id
  readonly environment: Environment
  /** Undefined while there is no connection. */
  link(): Link | undefined
  /** Who we are, as far as we know. */
  self(): Person | undefined
  /** What is unsent here. */
  entries(): readonly Entry[]
  /** Messages of ours were read from the log. */
  seen(clientIds: ReadonlySet<string>): void
  /** The window reaches further back: what is unread may be counted in it now. */
  paged(): void
}

/** Who writes while we do not know who we are: the first time that a browser is here, offline. */
const NOBODY: Author = { id: '', name: '' }

export class Channel {
  readonly id: Id
  readonly view: LazyView<ChannelView>
  readonly #parts: ChannelParts
  readonly #composing: Machine<Composing, ComposingInput, ComposingEffect>
  readonly #others: Machine<Others, OthersInput, never>
  readonly #paging: Paging
  #timeline: Timeline
  #error: ErrorBody | undefined

  constructor(parts: ChannelParts) {
    this.id = parts.id
    this.#parts = parts
    this.#timeline = newTimeline(parts.self()?.id)
    const { clock, dice } = parts.environment
    this.view = new LazyView(clock, () => this.#compute())
    this.#composing = new Machine<Composing, ComposingInput, ComposingEffect>({
      initial: notComposing,
      step: stepComposing,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: ({ typing }) =>
        parts.link()?.request('typing', { channelId: parts.id, typing }, () => {}),
    })
    this.#others = new Machine<Others, OthersInput, never>({
      initial: nobodyElse,
      step: stepOthers,
      timer: { kind: 'timer' },
      clock,
      dice,
      perform: () => {},
      changed: () => this.view.invalidate(),
    })
    this.#paging = new Paging({
      clock,
      dice,
      hasMore: (newer) => (newer ? isAway : hasMore)(this.#timeline),
      ask: (newer, settled) => this.#ask(newer, settled),
      changed: () => this.view.invalidate(),
    })
  }

  get cursor(): { readonly seq: number; readonly epoch: string } | null {
    return cursorOf(this.#timeline)
  }

  /** Whether the server has to be asked for what is missing. */
  get isBehind(): boolean {
    return isBehind(this.#timeline)
  }

  /** Whether there is something to show, or nothing that could be. */
  get #isLoaded(): boolean {
    return (
      this.#timeline.window !== undefined &&
      (this.#timeline.rows.length > 0 || !hasMore(this.#timeline))
    )
  }

  /** Undefined where the window does not reach from the cursor to the head. */
  unreadAfter(cursor: number, head: number): number | undefined {
    return unreadAfter(this.#timeline, cursor, head)
  }

  takeEvent(event: LogEvent): void {
    this.#become(withEvent(this.#timeline, event))
    if (event.kind === 'created') {
      this.#others.dispatch({ kind: 'wrote', personId: event.author.id })
    }
    this.#tellSeen([event])
  }

  takeReplay(replay: Replay): void {
    const error = errorFrom(replay.error)
    if (error?.retry === 'never') {
      this.takeGone(error)
      return
    }
    this.#error = error
    this.#become(withReplay(this.#timeline, replay))
    this.#tellSeen(replay.events)
    this.view.invalidate()
    // A reader who is far behind in many channels gets some of them without their page: each is asked for by itself.
    if (!this.#isLoaded) void this.load(false)
  }

  takeReceipt(draft: Draft, { id, seq, createdAt }: Receipt): void {
    const { clientId, channelId, text, lane = 'chat' } = draft
    const author = this.#author()
    this.#become(
      withAcknowledged(this.#timeline, {
        kind: 'created',
        id,
        channelId,
        seq,
        createdAt,
        author,
        clientId,
        lane,
        text,
        ...(lane === 'question' && { question: 'open' as const }),
      }),
    )
  }

  takeTyping(people: readonly Author[]): void {
    this.#others.dispatch({ kind: 'told', people, self: this.#parts.self()?.id })
  }

  /** What was unsent may have been stored before the page was loaded anew. */
  takeRestored(): void {
    this.#parts.seen(
      new Set(
        this.#timeline.rows
          .filter(({ item }) => item.kind === 'message' && item.author.id === this.#timeline.self)
          .map((row) => row.clientId ?? ''),
      ),
    )
  }

  /** Whoever turns out to be somebody else begins with nothing: what the other could read may not be theirs. */
  setSelf(self: Id): void {
    if (this.#timeline.self !== self) this.#become(newTimeline(self))
  }

  /** It is ours no more: nothing of it is kept. */
  takeGone(error: ErrorBody): void {
    this.#become(newTimeline(this.#timeline.self))
    this.#error = error
    this.#others.dispatch({ kind: 'lost' })
    this.#paging.stop()
    this.view.invalidate()
  }

  online(): void {
    this.#paging.advance()
  }

  /** What was asked on the connection before is asked again on this one. */
  moved(): void {
    this.#paging.lost()
    this.#become(withoutPaging(this.#timeline))
  }

  lost(): void {
    this.moved()
    this.#others.dispatch({ kind: 'lost' })
  }

  key(): void {
    this.#composing.dispatch({ kind: 'key' })
  }

  doneTyping(): void {
    this.#composing.dispatch({ kind: 'done' })
  }

  /** Waits for the connection where there is none. */
  load(newer: boolean): Promise<void> {
    return this.#paging.load(newer)
  }

  lookAt(seq: number | undefined): void {
    this.#timeline = withReader(this.#timeline, seq)
  }

  stop(): void {
    this.doneTyping()
    this.#others.dispatch({ kind: 'lost' })
    this.#paging.stop()
    this.view.stop()
  }

  #ask(newer: boolean, settled: (outcome: PageOutcome) => void): boolean {
    const link = this.#parts.link()
    if (!link) return false
    this.#become(withPaging(this.#timeline, newer))
    const wanted = this.#timeline.paging
    if (!wanted) return false
    // As many as are there already, so that the first page is there at once, and whoever goes on waits for few.
    const { length } = this.#timeline.rows
    const limit = Math.min(BOUNDS.pageEvents, Math.max(LIMITS.historyEventsDefault, length))
    link.request('history', { channelId: this.id, ...wanted, limit }, (answer) => {
      // Lost with its connection: it is asked for again on the next.
      if (this.#parts.link() === link) settled(this.#takePage(wanted, answer))
    })
    return true
  }

  #takePage(wanted: PageWanted, answer: Answer<'history'> | undefined): PageOutcome {
    if (answer?.ok) {
      this.#error = undefined
      this.#become(withPage(this.#timeline, { ...answer, wanted }))
      this.#parts.paged()
      this.#tellSeen(answer.events)
      return { kind: 'done' }
    }
    this.#become(withoutPaging(this.#timeline))
    const error = errorFrom(answer?.error)
    if (error?.retry !== 'never') return { kind: 'again', error }
    this.#error = error
    return { kind: 'done' }
  }

  #become(next: Timeline): void {
    if (next === this.#timeline) return
    this.#timeline = next
    this.view.invalidate()
  }

  #tellSeen(events: readonly LogEvent[]): void {
    const self = this.#parts.self()?.id
    const own = events.filter((event) => event.kind === 'created' && event.author.id === self)
    if (own.length === 0) return
    this.#parts.seen(new Set(own.map((event) => ('clientId' in event ? event.clientId : ''))))
  }

  #author(): Author {
    const self = this.#parts.self()
    return self ? { id: self.id, name: self.name } : NOBODY
  }

  #compute(): ChannelView {
    const { rows, ahead } = this.#timeline
    return {
      items: [
        ...rows.map((row) => row.item),
        ...ahead.map((row) => row.item),
        ...this.#parts.entries().map((entry) => this.#unsent(entry)),
      ],
      more: hasMore(this.#timeline),
      newer: isAway(this.#timeline),
      loadingOlder: this.#paging.isUnderway(false),
      loadingNewer: this.#paging.isUnderway(true),
      loaded: this.#isLoaded,
      typing: this.#others.state.people,
      ...(this.#error && { error: this.#error }),
    }
  }

  #unsent({ draft, state }: Entry): TimelineMessage {
    const { clientId, text, lane = 'chat', createdAt, error } = draft
    const author = this.#author()
    return {
      kind: 'message',
      key: messageKey(clientId, author.id, author.id),
      state: state === 'failed' ? 'failed' : 'pending',
      seq: undefined,
      author,
      text,
      lane,
      createdAt,
      edited: false,
      ...(error && { error }),
    }
  }
}
