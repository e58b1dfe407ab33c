import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DRAIN_LIMITS as LIMITS } from './limits.ts'
import { drainMsMax, newPacer, type Orders, type Pacer, stepPacer, underWay } from './pacer.ts'

const WINDOW_MS = 10_000
const none: Orders = { tell: 0, close: 0, giveUp: 0, cut: 0 }

/** A pacer that a test leads through time; every move of it is written down. */
class Course {
  pacer: Pacer
  now = 0
  readonly orders: { readonly at: number; readonly orders: Orders }[] = []

  constructor(movers: number, closers: number, windowMs = WINDOW_MS) {
    this.pacer = newPacer(movers, closers, windowMs, 0)
  }

  tick(lagMs = 0): Orders {
    const [pacer, orders] = stepPacer(this.pacer, { kind: 'tick', lagMs }, this.now)
    this.pacer = pacer
    this.orders.push({ at: this.now, orders })
    return orders
  }

  /** Ticks until `until`; each told mover goes after `staysMs` of its own. */
  run(until: number, staysMs: (now: number) => number, lagMs = () => 0): void {
    const leaving: { toldAtMs: number; atMs: number }[] = []
    for (; this.now <= until; this.now += LIMITS.tickMs) {
      for (const one of leaving.filter(({ atMs }) => atMs <= this.now)) {
        leaving.splice(leaving.indexOf(one), 1)
        this.moved(one.toldAtMs)
      }
      const { tell, giveUp, cut } = this.tick(lagMs())
      leaving.splice(0, giveUp + cut)
      for (let i = 0; i < tell; i++) {
        leaving.push({ toldAtMs: this.now, atMs: this.now + staysMs(this.now) })
      }
    }
  }

  moved(toldAtMs: number): void {
    this.pacer = stepPacer(this.pacer, { kind: 'moved', toldAtMs }, this.now)[0]
  }

  sum(name: keyof Orders, from = 0, until = Number.POSITIVE_INFINITY): number {
    const some = this.orders.filter(({ at }) => at >= from && at < until)
    return some.reduce((sum, { orders }) => sum + orders[name], 0)
  }
}

describe('the pace of a drain', () => {
  it('doubles with each round of moves that the others take', () => {
    const course = new Course(5_000, 0)
    course.run(WINDOW_MS, () => 500)
    assert.equal(course.sum('tell', 0, 500), LIMITS.windowFirst)
    assert.equal(course.sum('tell', 500, 1_000), 2 * LIMITS.windowFirst)
    assert.equal(course.sum('tell'), 5_000)
    assert.deepEqual([course.sum('cut'), course.sum('giveUp')], [0, 0])
  })

  it('narrows where movers stay, and whoever is told then is told seldom', () => {
    const course = new Course(5_000, 0)
    // From the second second on the others take one in a while.
    course.run(9_000, (now) => (now < 1_000 ? 300 : now % 1_000 === 0 ? 600 : 60_000))
    const told = course.sum('tell', 4_000, 9_000)
    assert.ok(course.pacer.window <= 4 * LIMITS.windowMin + LIMITS.windowFirst)
    assert.ok(told < 100, `${told} were told while the others refused`)
  })

  it('tells and closes nobody while the loop lags', () => {
    const course = new Course(500, 500)
    course.run(
      3_000,
      () => 300,
      () => LIMITS.lagMsMax + 1,
    )
    assert.deepEqual([course.sum('tell'), course.sum('close')], [0, 0])
    assert.equal(course.pacer.window, LIMITS.windowMin)
  })

  it('closes stock clients evenly, the first at once', () => {
    const course = new Course(0, 100)
    course.run(WINDOW_MS, () => 0)
    assert.equal(course.orders[0]?.orders.close, 1)
    for (let from = 0; from < WINDOW_MS; from += 1_000) {
      const closed = course.sum('close', from, from + 1_000)
      assert.ok(closed >= 9 && closed <= 11, `${closed} in the second from ${from}`)
    }
    assert.equal(course.sum('close'), 100)
  })

  it('closes stock clients at half the pace while movers stay', () => {
    const course = new Course(500, 1_000)
    course.run(8_000, () => 60_000)
    const [before, during] = [course.sum('close', 0, 2_000), course.sum('close', 2_500, 4_500)]
    assert.ok(during <= before / 2 + 10, `${before} before, ${during} while they stayed`)
  })

  it('gives those up that stay where nobody goes, and keeps them where somebody does', () => {
    const alone = new Course(3, 0)
    alone.run(WINDOW_MS, () => 60_000)
    assert.equal(alone.sum('giveUp', 0, LIMITS.graceMsMax), 0)
    assert.equal(alone.sum('giveUp', LIMITS.graceMsMax, LIMITS.graceMsMax + 200), 3)

    const crowded = new Course(40, 0)
    let told = 0
    crowded.run(WINDOW_MS, () => (told++ % 4 === 0 ? 60_000 : 2_500))
    assert.equal(crowded.sum('giveUp', 0, WINDOW_MS), 0)
  })

  it('of no window is one order', () => {
    const course = new Course(300, 400, 0)
    assert.deepEqual(course.tick(), { ...none, tell: 300, close: 400 })
  })

  it('fits into what a process has for it', () => {
    for (let windowMs = 0; windowMs <= 20_000; windowMs += 500) {
      assert.ok(drainMsMax(windowMs) >= windowMs + LIMITS.graceMsMin)
      assert.ok(drainMsMax(windowMs) <= 22_000)
    }
    assert.equal(drainMsMax(10_000), LIMITS.drainMsUsual)
  })

  it('counts whoever goes or comes before its turn', () => {
    const start = newPacer(2, 2, WINDOW_MS, 0)
    const after = (['gone', 'gone', 'gone', 'came'] as const).reduce(
      (pacer, kind) => stepPacer(pacer, { kind, as: 'mover' }, 0)[0],
      start,
    )
    assert.deepEqual([after.movers, after.closers], [1, 2])
    const [other] = stepPacer(start, { kind: 'came', as: 'closer' }, 0)
    assert.deepEqual([other.movers, other.closers], [2, 3])
  })
})

/** What happens in each stretch of a drain: before its window is over, after it, and when it is cut. */
const TABLE = [
  { at: 1_000, lagMs: 0, tells: true, closes: true, cuts: false },
  { at: 1_000, lagMs: 500, tells: false, closes: false, cuts: false },
  { at: 12_000, lagMs: 0, tells: true, closes: true, cuts: false },
  { at: 12_000, lagMs: 500, tells: true, closes: true, cuts: false },
  { at: 18_000, lagMs: 0, tells: false, closes: false, cuts: true },
  { at: 18_000, lagMs: 500, tells: false, closes: false, cuts: true },
] as const

describe('a tick', () => {
  for (const { at, lagMs, tells, closes, cuts } of TABLE) {
    it(`at ${at} ms, ${lagMs} ms late: ${tells ? 'tells and closes' : cuts ? 'cuts' : 'waits'}`, () => {
      const pacer = { ...newPacer(100, 100, WINDOW_MS, 0), tickedAt: at - LIMITS.tickMs }
      const [next, orders] = stepPacer(pacer, { kind: 'tick', lagMs }, at)
      assert.deepEqual(
        { tells: orders.tell > 0, closes: orders.close > 0, cuts: orders.cut > 0 },
        { tells, closes, cuts },
      )
      assert.equal(orders.tell + orders.close + orders.cut, 200 - next.movers - next.closers)
    })
  }
})

describe('whatever happens', () => {
  const happening = fc.record({
    passesMs: fc.integer({ min: 0, max: 900 }),
    lagMs: fc.constantFrom(0, 0, 0, 50, 150, 5_000),
    moves: fc.nat(40),
    others: fc.constantFrom('', '', 'came', 'gone'),
    as: fc.constantFrom('mover', 'closer'),
  })

  it('everybody is told, closed or cut once, in time, and no more are under way than may be', () => {
    const property = fc.property(
      fc.nat(400),
      fc.nat(400),
      fc.constantFrom(0, 1_000, 10_000, 20_000),
      fc.array(happening, { maxLength: 120 }),
      (movers, closers, windowMs, happenings) => {
        const course = new Course(movers, closers, windowMs)
        const endsAt = drainMsMax(windowMs)
        let here = movers + closers
        const ordered = () => {
          const { told: before } = course.pacer
          const orders = course.tick(happenings.at(course.orders.length)?.lagMs)
          const wasUnderWay = before.reduce((sum, { count }) => sum + count, 0)
          here -= orders.close + orders.giveUp + orders.cut
          if (course.now < course.pacer.windowEndsAt) {
            assert.ok(underWay(course.pacer) <= Math.max(wasUnderWay, course.pacer.window))
          }
          if (orders.cut > 0) assert.ok(course.now >= course.pacer.cutAt)
          assert.ok(Object.values(orders).every((count) => count >= 0 && Number.isInteger(count)))
        }
        ordered()
        for (const { passesMs, moves, others, as } of happenings) {
          course.now += passesMs
          for (let i = 0; i < moves; i++) {
            const toldAtMs = course.pacer.told[0]?.atMs
            if (toldAtMs === undefined) break
            course.moved(toldAtMs)
            here--
          }
          const { movers: waiting, closers: others2 } = course.pacer
          if (
            others === 'came' ||
            (others === 'gone' && (as === 'mover' ? waiting : others2) > 0)
          ) {
            here += others === 'came' ? 1 : -1
            course.pacer = stepPacer(course.pacer, { kind: others, as }, course.now)[0]
          }
          ordered()
          const { pacer } = course
          assert.equal(here, underWay(pacer) + pacer.movers + pacer.closers)
        }
        course.now = Math.max(course.now, endsAt)
        ordered()
        assert.equal(here, 0)
        assert.equal(underWay(course.pacer), 0)
      },
    )
    fc.assert(property, { numRuns: 300 })
  })
})
