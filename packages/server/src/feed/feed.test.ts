import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogEvent } from '@madang/protocol'
import fc from 'fast-check'
import { type FeedEffect, type FeedInput, type FeedState, newFeed, reduceFeed } from './feed.ts'
import type { FeedBounds } from './feed-limits.ts'
import { inPresentState } from './tail.ts'
import { idOf, type ModelEntry, ModelLog } from './testing/model-log.ts'

const bounds: FeedBounds = {
  tailEventsMax: 6,
  feedPendingEventsMax: 8,
  holeGraceMs: 100,
  repairPauseMsMin: 250,
  repairPauseMsMax: 2_000,
}
const channel = idOf(1)
const pageEvents = 5

/** Performs a feed by hand, and checks after every step what must always hold. */
class Bench {
  readonly model = new ModelLog()
  state: FeedState = newFeed
  now = 0
  delivered: LogEvent[] = []
  asked: number | undefined
  dueAt: number | undefined
  counts: string[] = []
  openedAt: number | undefined

  append(entry?: ModelEntry): LogEvent {
    return this.model.append(channel, entry)
  }

  step(input: FeedInput): readonly FeedEffect[] {
    const before = this.state
    const frozen = JSON.stringify(before)
    const [state, effects] = reduceFeed(before, input, this.now, bounds)
    assert.equal(JSON.stringify(before), frozen, 'the reducer changes nothing that it was given')
    this.state = state
    for (const effect of effects) this.#perform(effect)
    this.check()
    return effects
  }

  open(): void {
    this.step({ type: 'opened', head: this.model.log(channel).length })
    this.openedAt ??= this.state.head
  }

  frame(seq: number): void {
    const event = this.model.log(channel)[seq - 1]
    if (event !== undefined) this.step({ type: 'event', event })
  }

  page(type: 'page' | 'past', after: number): void {
    const { events, head } = this.model.page(channel, after, pageEvents)
    this.step({ type, events, head })
  }

  answer(): void {
    if (this.asked === undefined) return
    const after = this.asked
    this.asked = undefined
    this.page('page', after)
  }

  fail(chance = 0.5): void {
    if (this.asked === undefined) return
    this.asked = undefined
    this.step({ type: 'repairFailed', chance })
  }

  pass(ms: number): void {
    this.now += ms
    if (this.dueAt === undefined || this.dueAt > this.now) return
    this.dueAt = undefined
    this.step({ type: 'tick' })
  }

  heads(): void {
    this.step({ type: 'heads', head: this.model.log(channel).length })
  }

  check(): void {
    const { state } = this
    assert.ok(state.pending.length <= bounds.feedPendingEventsMax)
    assert.ok(state.tail.length <= bounds.tailEventsMax)
    const waiting = state.pending.map((event) => event.seq)
    assert.deepEqual(
      waiting,
      [...new Set(waiting)].sort((a, b) => a - b),
    )
    if (state.opened) this.#checkOpen(waiting)
  }

  #checkOpen(waiting: readonly number[]): void {
    const { state, openedAt = this.state.head } = this
    assert.ok(waiting.every((seq) => seq > state.head + 1))
    for (const [i, event] of this.delivered.entries()) assert.equal(event.seq, openedAt + 1 + i)
    assert.equal(state.head, openedAt + this.delivered.length)
    const tail = state.tail.map((event) => event.seq)
    assert.deepEqual(
      tail,
      tail.map((_, i) => state.head - tail.length + 1 + i),
    )
    // Something is missing: then something is under way.
    if (state.head < state.known) assert.ok(this.asked !== undefined || this.dueAt !== undefined)
    assert.equal(state.repair.phase === 'reading', this.asked !== undefined)
  }

  #perform(effect: FeedEffect): void {
    if (effect.type === 'deliver') this.delivered.push(effect.event)
    if (effect.type === 'wait') this.dueAt = this.now + effect.ms
    if (effect.type === 'count') this.counts.push(effect.what)
    if (effect.type === 'read') {
      assert.equal(this.asked, undefined, 'one read at a time')
      this.asked = effect.after
    }
  }
}

function opened(events: number): Bench {
  const bench = new Bench()
  for (let i = 0; i < events; i++) bench.append()
  bench.open()
  return bench
}

const types = (effects: readonly FeedEffect[]) => effects.map((effect) => effect.type)

test('an event that follows the head is delivered at once', () => {
  const bench = opened(3)
  const event = bench.append()
  assert.deepEqual(bench.step({ type: 'event', event }), [{ type: 'deliver', event }])
})

test('an event beyond a hole waits, and the store is asked only after the grace', () => {
  const bench = opened(3)
  for (let i = 0; i < 3; i++) bench.append()
  bench.frame(5)
  bench.frame(6)
  assert.deepEqual([bench.delivered.length, bench.dueAt], [0, 100])
  bench.pass(99)
  assert.equal(bench.asked, undefined)
  bench.pass(1)
  assert.equal(bench.asked, 3)
  bench.answer()
  assert.deepEqual([bench.delivered.length, bench.state.repair.phase], [3, 'idle'])
})

test('a hole that its frame fills in time costs no read', () => {
  const bench = opened(0)
  for (let i = 0; i < 2; i++) bench.append()
  bench.frame(2)
  bench.pass(50)
  bench.frame(1)
  assert.equal(bench.delivered.length, 2)
  bench.pass(500)
  assert.ok(!bench.counts.includes('repair_read'))
})

test('each hole has a grace of its own', () => {
  const bench = opened(0)
  for (let i = 0; i < 4; i++) bench.append()
  bench.frame(2)
  bench.pass(90)
  bench.frame(4)
  bench.frame(1)
  bench.pass(10)
  assert.deepEqual([bench.state.head, bench.asked], [2, undefined])
  bench.pass(100)
  assert.equal(bench.asked, 2)
})

test('after a gap a hole is read without waiting', () => {
  const bench = opened(0)
  for (let i = 0; i < 2; i++) bench.append()
  bench.frame(2)
  bench.step({ type: 'gap' })
  assert.equal(bench.asked, 0)
  assert.deepEqual(bench.step({ type: 'gap' }), [])
})

test('repetitions and old events are dropped and counted', () => {
  const bench = opened(2)
  for (let i = 0; i < 3; i++) bench.append()
  for (const seq of [1, 2, 3, 3, 5, 5]) bench.frame(seq)
  assert.equal(bench.delivered.length, 1)
  assert.equal(bench.counts.filter((what) => what === 'event_repeated').length, 4)
})

test('what comes before the head is known moves the head and is delivered to nobody', () => {
  const bench = new Bench()
  for (let i = 0; i < 4; i++) bench.append()
  for (const seq of [2, 4, 3]) bench.frame(seq)
  bench.step({ type: 'opened', head: 2 })
  assert.deepEqual([bench.state.head, bench.delivered.length], [4, 0])
  assert.deepEqual(
    bench.state.tail.map((event) => event.seq),
    [3, 4],
  )
})

test('events that cannot be held are not forgotten: the store is read for them', () => {
  const bench = opened(0)
  for (let i = 0; i < 30; i++) bench.append()
  for (let seq = 2; seq <= 30; seq++) bench.frame(seq)
  assert.equal(bench.state.pending.length, bounds.feedPendingEventsMax)
  assert.ok(bench.counts.includes('event_unheld'))
  for (let i = 0; i < 20; i++) {
    bench.pass(100)
    bench.answer()
  }
  assert.equal(bench.delivered.length, 30)
})

test('a store that fails is asked again, later each time up to a limit', () => {
  const bench = opened(0)
  bench.append()
  bench.heads()
  bench.pass(100)
  const pauses: number[] = []
  for (let i = 0; i < 6; i++) {
    bench.fail(0)
    pauses.push((bench.dueAt ?? 0) - bench.now)
    bench.pass(pauses.at(-1) ?? 0)
  }
  assert.deepEqual(pauses, [125, 250, 500, 1_000, 1_000, 1_000])
  bench.answer()
  assert.deepEqual([bench.delivered.length, bench.state.failures], [1, 0])
})

test('a pause is never more than its whole nor less than its half', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (chance) => {
      const bench = opened(0)
      bench.append()
      bench.heads()
      bench.pass(100)
      bench.fail(chance)
      const pause = (bench.dueAt ?? 0) - bench.now
      assert.ok(pause >= 125 && pause <= 250)
    }),
  )
})

test('an event that the store does not know is forgotten, and what is real goes on', () => {
  const bench = opened(2)
  const forged = new ModelLog()
  for (let i = 0; i < 9; i++) forged.append(channel)
  const [event] = forged.log(channel).slice(-1)
  assert.ok(event)
  bench.step({ type: 'event', event })
  bench.pass(100)
  bench.answer()
  assert.deepEqual([bench.state.pending, bench.state.known], [[], 2])
  assert.ok(bench.counts.includes('event_phantom'))
  bench.pass(10_000)
  assert.equal(bench.asked, undefined)
  bench.append()
  bench.frame(3)
  assert.equal(bench.delivered.length, 1)
})

test('what arrives while the store is read is not taken for forged', () => {
  const bench = opened(0)
  const forged = new ModelLog()
  for (let i = 0; i < 9; i++) forged.append(channel)
  const event = forged.log(channel)[8]
  assert.ok(event)
  bench.step({ type: 'event', event })
  bench.pass(100)
  const { events, head } = bench.model.page(channel, 0, pageEvents)
  for (let i = 0; i < 3; i++) bench.append()
  bench.frame(3)
  bench.asked = undefined
  bench.step({ type: 'page', events, head })
  bench.pass(100)
  bench.answer()
  assert.equal(bench.delivered.length, 3)
})

test('a page that moves nothing is a failure and not a loop', () => {
  const bench = opened(0)
  for (let i = 0; i < 3; i++) bench.append()
  bench.heads()
  bench.pass(100)
  bench.asked = undefined
  const effects = bench.step({ type: 'page', events: [], head: 3 })
  assert.deepEqual(types(effects), ['count', 'wait'])
})

test('a head that is behind ours changes nothing', () => {
  const bench = opened(5)
  assert.deepEqual(bench.step({ type: 'heads', head: 3 }), [])
  assert.equal(bench.state.head, 5)
})

type Act = (bench: Bench) => void
const near = fc.nat(1_000)
const pick = (n: number, bench: Bench) => (n % (bench.model.log(channel).length + 1)) + 1
const act: fc.Arbitrary<Act> = fc.oneof(
  near.map((n) => (bench: Bench) => {
    const kinds = ['created', 'created', 'edited', 'deleted'] as const
    const kind = kinds[n % 4] ?? 'created'
    const event = bench.append(kind === 'created' ? { kind } : { kind, target: pick(n, bench) })
    if (n % 3 === 0) bench.step({ type: 'event', event })
  }),
  near.map((n) => (bench: Bench) => bench.frame(pick(n, bench))),
  near.map((n) => (bench: Bench) => {
    const { length } = bench.model.log(channel)
    bench.frame(Math.max(1, length - (n % 6)))
  }),
  near.map((n) => (bench: Bench) => bench.pass(n % 300)),
  fc.constant((bench: Bench) => bench.answer()),
  near.map((n) => (bench: Bench) => bench.fail(n / 1_001)),
  fc.constant((bench: Bench) => bench.heads()),
  fc.constant((bench: Bench) => void bench.step({ type: 'gap' })),
  fc.constant((bench: Bench) => void bench.step({ type: 'trim' })),
  near.map((n) => (bench: Bench) => {
    if (bench.state.opened) bench.page('past', n % (bench.state.head + 1))
  }),
)

test('whatever is lost, repeated or reordered, every event is delivered once and in order', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), fc.array(act, { maxLength: 120 }), (a, b) => {
      const bench = new Bench()
      for (const one of a) one(bench)
      bench.open()
      for (const one of b) one(bench)
      bench.heads()
      for (let i = 0; i < 200 && bench.state.head < bench.state.known; i++) {
        bench.pass(3_000)
        bench.answer()
      }
      bench.answer()
      const log = bench.model.log(channel)
      assert.equal(bench.state.head, log.length)
      assert.deepEqual(
        bench.delivered.map((event) => event.seq),
        log.slice(bench.openedAt).map((event) => event.seq),
      )
      assert.deepEqual([bench.state.pending, bench.state.repair.phase], [[], 'idle'])
      // I9 and I13: who is served from the tail ends up with what the store would give.
      assert.deepEqual(
        bench.state.tail,
        inPresentState(log).slice(log.length - bench.state.tail.length),
      )
    }),
    { numRuns: 3_000 },
  )
})
