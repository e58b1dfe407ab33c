/** A reader of a log whose live events, replays and pages come in any order. */
import assert from 'node:assert/strict'
import type { Replay } from '@madang/protocol'
import fc from 'fast-check'
import {
  cursorOf,
  hasHole,
  hasMore,
  newTimeline,
  type Page,
  type Timeline,
  withEvent,
  withPage,
  withPaging,
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
  | { readonly do: 'ask page'; readonly limit: number }
  | { readonly do: 'answer page' }
  | { readonly do: 'ask replay'; readonly limit: number }
  | { readonly do: 'answer replay' }
  | { readonly do: 'reconnect'; readonly limit: number }

const pick = fc.nat(30)
const limit = fc.integer({ min: 1, max: 6 })
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
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer page') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ask replay'), limit }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answer replay') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect'), limit }) },
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
  readonly met = { cuts: 0, pages: 0, overtaken: 0, holes: 0 }
  /** How new the text of each message was when it was last looked at. */
  readonly #ages = new Map<number, number>()

  constructor() {
    say(this.log, ...Array.from({ length: 12 }, (_, index) => `text ${index}`))
    this.make({ do: 'reconnect', limit: 4 })
  }

  make(next: Move): void {
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
        if (this.page || !hasMore(this.timeline)) return
        this.timeline = withPaging(this.timeline)
        this.page = { before: this.first, ...log.page(this.first, next.limit) }
        break
      case 'answer page':
        this.met.overtaken += this.timeline.amendments.length
        if (this.page) this.timeline = withPage(this.timeline, this.page)
        if (this.page) this.met.pages += 1
        this.page = undefined
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
        this.timeline = { ...this.timeline, paging: undefined, amendments: [] }
        this.replay = log.replay(cursorOf(this.timeline)?.seq, next.limit)
        this.delivered = log.head
        this.answer()
        break
    }
  }

  get first(): number {
    return this.timeline.window?.first ?? 0
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
    while (hasMore(this.timeline)) {
      this.make({ do: 'ask page', limit: 3 })
      this.make({ do: 'answer page' })
    }
  }

  check(): void {
    const { window } = this.timeline
    const expected = window
      ? this.log.shown().filter((seq) => seq >= window.first && seq <= window.last)
      : []
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
