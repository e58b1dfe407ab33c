/** A reader of a log whose live events, replays and pages come in any order. */
import assert from 'node:assert/strict'
import type { Replay } from '@madang/protocol'
import fc from 'fast-check'
import { BOUNDS } from '../bounds.ts'
import {
  cursorOf,
  hasHole,
  hasMore,
  isAway,
  newTimeline,
  type Page,
  type Timeline,
  withEvent,
  withoutPaging,
  withPage,
  withPaging,
  withReader,
  withReplay,
} from '../timeline.ts'
import type { TimelineItem } from '../types.ts'
import { author, ModelLog } from './model-log.ts'

export const ME = author(0)
export const YOU = author(1)

export const items = (timeline: Timeline): TimelineItem[] => timeline.rows.map((row) => row.item)
export const seqs = (timeline: Timeline): number[] => timeline.rows.map((row) => row.seq)

/** What somebody sees who comes now and loads everything. */
export function fresh(log: ModelLog): TimelineItem[] {
  return items(withReplay(newTimeline(ME.id), log.replay(undefined, Number.POSITIVE_INFINITY)))
}

export function say(log: ModelLog, ...texts: string[]): void {
  for (const text of texts) log.send({ clientId: `c${log.head}`, by: YOU, text })
}

/** What may happen to a log and to a reader of it, in any order. */
export type Move =
  | { readonly do: 'say' | 'join' }
  | { readonly do: 'edit' | 'delete' | 'question'; readonly pick: number }
  /** The next event is delivered; with `skip`, the network loses the one before it. */
  | { readonly do: 'deliver'; readonly skip: boolean; readonly present: boolean }
  | { readonly do: 'repeat'; readonly pick: number }
  | { readonly do: 'ask page' | 'ask newer page'; readonly limit: number }
  /** The reader looks elsewhere; `pick` 0: at the end. */
  | { readonly do: 'look'; readonly pick: number }
  | { readonly do: 'answer page' }
  | { readonly do: 'ask replay'; readonly limit: number }
  | { readonly do: 'answer replay' }
  | { readonly do: 'reconnect'; readonly limit: number }

const pick = fc.nat(30)
const TELL: Move = { do: 'deliver', skip: false, present: false }
/** Bounds that some dozens of moves come up against. */
export const SMALL = {
  timelineRowsMax: 12,
  timelineRowsTrimmed: 4,
  pageEvents: 4,
  heldEventsMax: 8,
}
const limit = fc.integer({ min: 1, max: SMALL.pageEvents })
export const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('say', 'say', 'join') }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('edit', 'edit', 'delete', 'question'), pick }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver'),
      skip: fc.nat(9).map((n) => n === 0),
      present: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat'), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('ask page'), limit }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask newer page'), limit }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look'), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer page') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ask replay'), limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answer replay') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect'), limit }) },
) as fc.Arbitrary<Move>

/** What happens to somebody who reads far back, and is not thrown out of there by every reconnect. */
export const farMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<Move>({ do: 'say' }, TELL, TELL) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('ask page', 'ask newer page'), limit }) },
  { weight: 6, arbitrary: fc.constant<Move>({ do: 'answer page' }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('look'), pick: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 1, arbitrary: fc.constant<Move>({ do: 'reconnect', limit: 40 }) },
  { weight: 4, arbitrary: move },
) as fc.Arbitrary<Move>

const STATES = ['open', 'picked', 'answered'] as const

export class Reader {
  readonly log = new ModelLog()
  timeline: Timeline = newTimeline(ME.id)
  /** Live delivery has come as far as this. */
  delivered = 0
  page: Page | undefined
  replay: Replay | undefined
  /** How often what makes this hard has happened. */
  readonly met = { cuts: 0, pages: 0, newerPages: 0, overtaken: 0, holes: 0, away: 0, back: 0 }
  /** How new the text of each message was when it was last looked at. */
  readonly #ages = new Map<number, number>()

  constructor() {
    say(this.log, ...Array.from({ length: 12 }, (_, index) => `text ${index}`))
    this.make({ do: 'reconnect', limit: 4 })
  }

  make(next: Move): void {
    const looked = this.looked
    this.#make(next)
    // A limited replay, and a log that is given up, begin anew; nothing else takes away what somebody looks at.
    const { window } = this.timeline
    if (looked === undefined || this.timeline.reader === undefined) return
    assert.ok(window && window.first <= looked && looked <= window.end, 'what is looked at stays')
  }

  /** The seq that is looked at, where it is loaded. */
  get looked(): number | undefined {
    const { reader, rows } = this.timeline
    return rows.some(({ seq }) => seq === reader) ? reader : undefined
  }

  #make(next: Move): void {
    const { log } = this
    // Half of the time one of the newest, so that one message is changed again and again.
    const recent = 'pick' in next && next.pick % 2 === 0
    const at =
      'pick' in next ? (recent ? log.head - (next.pick % 4) : 1 + (next.pick % log.head)) : 0
    switch (next.do) {
      case 'say':
        say(log, `text ${log.head}`)
        break
      case 'join':
        log.join(YOU)
        break
      case 'edit':
        log.edit(at, `edit ${log.head}`)
        break
      case 'delete':
        log.delete(at)
        break
      case 'question':
        log.question(at, STATES[log.head % 3] ?? 'open')
        break
      case 'deliver':
        if (next.skip && this.delivered < log.head) this.delivered += 1
        this.deliver(next.present)
        break
      case 'repeat':
        if (at > 0 && at <= this.delivered) this.timeline = withEvent(this.timeline, log.raw(at))
        break
      case 'ask page':
      case 'ask newer page':
        this.ask(next.do === 'ask newer page', next.limit)
        break
      case 'answer page':
        this.answerPage()
        break
      case 'look':
        this.look(next.pick)
        break
      case 'ask replay':
        // A server answers in order with what it delivers: nothing is live past the replay's head before the answer.
        this.answer()
        this.replay = log.replay(cursorOf(this.timeline)?.seq, next.limit)
        this.delivered = log.head
        break
      case 'answer replay':
        this.answer()
        break
      case 'reconnect':
        this.page = undefined
        this.timeline = withoutPaging(this.timeline)
        this.replay = log.replay(cursorOf(this.timeline)?.seq, next.limit)
        this.delivered = log.head
        this.answer()
        break
    }
  }

  get first(): number {
    return this.timeline.window?.first ?? 0
  }

  ask(newer: boolean, limit: number): void {
    if (this.page || !(newer ? isAway : hasMore)(this.timeline)) return
    this.timeline = withPaging(this.timeline, newer)
    const wanted = this.timeline.paging
    if (wanted) this.page = { wanted, ...this.log.asked(wanted, limit) }
  }

  answerPage(): void {
    const { page } = this
    if (!page) return
    this.met.overtaken += this.timeline.meanwhile.length
    this.met['before' in page.wanted ? 'pages' : 'newerPages'] += 1
    const before = this.timeline
    this.timeline = withPage(before, page)
    if (isAway(before) && !isAway(this.timeline)) this.met.back += 1
    this.page = undefined
  }

  /** Nearer to the beginning than to the end, most of the time: that is where it matters. */
  look(pick: number): void {
    const { rows } = this.timeline
    const at = rows[pick % 3 === 0 ? pick % Math.max(1, rows.length) : 0]?.seq
    this.timeline = withReader(this.timeline, pick === 0 ? undefined : at)
  }

  deliver(present: boolean): void {
    if (this.delivered >= this.log.head) return
    this.delivered += 1
    const event = present ? this.log.present(this.delivered) : this.log.raw(this.delivered)
    this.timeline = withEvent(this.timeline, event)
  }

  answer(): void {
    const { first } = this
    if (hasHole(this.timeline)) this.met.holes += 1
    if (this.replay) this.timeline = withReplay(this.timeline, this.replay)
    if (this.first > first && first > 0) this.met.cuts += 1
    this.replay = undefined
  }

  /** Everything calms down, and the reader loads the whole past. An event that was lost last is found by the next replay only. */
  settle(): void {
    this.answer()
    while (this.delivered < this.log.head) this.deliver(false)
    for (
      let round = 0;
      round < 5 && (round === 0 || cursorOf(this.timeline) === null);
      round += 1
    ) {
      this.make({ do: 'ask replay', limit: 1_000 })
      this.answer()
    }
    assert.ok(!hasHole(this.timeline))
    this.make({ do: 'answer page' })
    this.make({ do: 'answer page' })
    this.toEnd()
  }

  /** Reads on until the newest is there. */
  toEnd(): void {
    for (let pages = 0; isAway(this.timeline); pages += 1) {
      assert.ok(pages < 100, 'the end is reached')
      const last = this.timeline.rows.at(-1)?.seq
      this.timeline = withReader(this.timeline, last)
      this.ask(true, 3)
      this.answerPage()
      this.check()
    }
  }

  /** Reads back until the first is there. Resolves to everything that was shown on the way. */
  toBeginning(): Map<number, TimelineItem> {
    const shown = new Map<number, TimelineItem>()
    for (let pages = 0; ; pages += 1) {
      assert.ok(pages < 100, 'the beginning is reached')
      for (const { seq, item } of this.timeline.rows) shown.set(seq, item)
      if (!hasMore(this.timeline)) return shown
      this.timeline = withReader(this.timeline, this.timeline.rows[0]?.seq ?? 1)
      this.ask(false, 3)
      this.answerPage()
      this.check()
    }
  }

  check(): void {
    const { window, rows, meanwhile } = this.timeline
    const expected = window
      ? this.log.shown().filter((seq) => seq >= window.first && seq <= window.end)
      : []
    assert.ok(!window || window.end <= window.last)
    assert.ok(rows.length <= BOUNDS.timelineRowsMax, `${rows.length} rows`)
    assert.ok(meanwhile.length <= BOUNDS.heldEventsMax, `${meanwhile.length} kept for a page`)
    this.met.away += isAway(this.timeline) ? 1 : 0
    assert.deepEqual(seqs(this.timeline), expected, 'the window has each event once, and no hole')
    assert.ok(this.timeline.held.every((event) => !window || event.seq > window.last))
    for (const { seq, item } of this.timeline.rows) {
      if (item.kind !== 'message') continue
      const age = item.text === null ? Number.POSITIVE_INFINITY : Number(/\d+/.exec(item.text)?.[0])
      assert.ok(age >= (this.#ages.get(seq) ?? 0), 'no text goes back to an older one')
      this.#ages.set(seq, age)
    }
  }
}
