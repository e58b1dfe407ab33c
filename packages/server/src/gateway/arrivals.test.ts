import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Rate } from '../doors/buckets.ts'
import { type Arrivals, arrive, NO_ARRIVALS, SLOT_MS_MAX, spreadMs } from './arrivals.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'

/** Numbers from 0 up to 1, the same each time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

/** So many clients come at once, and each comes back when it was told to; resolves to what happened in each second. */
function storm(clients: number, rate: Rate, random: () => number) {
  const due = Array.from({ length: clients }, () => 0)
  const asked: number[] = []
  const entered: number[] = []
  let arrivals: Arrivals = NO_ARRIVALS
  let tries = 0
  while (due.length > 0) {
    due.sort((a, b) => b - a)
    const now = due.pop() ?? 0
    tries++
    const second = Math.floor(now / 1_000)
    asked[second] = (asked[second] ?? 0) + 1
    const arrived = arrive(arrivals, rate, now, random())
    arrivals = arrived.arrivals
    if (arrived.waitMs === 0) entered[second] = (entered[second] ?? 0) + 1
    else due.push(now + arrived.waitMs)
  }
  return { asked, entered, tries }
}

test('a storm comes back as an even stream, and not as a storm', () => {
  const rate = { burst: 200, perSecond: 200 }
  const { asked, entered, tries } = storm(3_000, rate, randomFrom(1))
  assert.ok((entered[0] ?? 0) <= 400)
  for (const [second, count] of asked.entries()) {
    if (second > 0) assert.ok(count < 2 * rate.perSecond, `${count} came in second ${second}`)
  }
  assert.ok(entered.length <= 22, `all are in after ${entered.length} s`)
  assert.ok(tries < 2 * 3_000, `${tries} tries`)
})

test('a crowd whose node dies comes back no faster than a node takes newcomers, however long the node took to fill', () => {
  const rate = { burst: 400, perSecond: 400 }
  const random = randomFrom(3)
  for (const crowd of [1, 20, 200, 2_000]) {
    const told = Array.from({ length: crowd }, (_, at) => spreadMs(at + 1, rate, 1_000))
    assert.ok(Math.max(...told) <= Math.min(1_000, crowd * 2.5 + 1))
    const back = told.map((withinMs) => random() * withinMs).sort((a, b) => a - b)
    let arrivals: Arrivals = NO_ARRIVALS
    let refused = 0
    for (const at of back) {
      const arrived = arrive(arrivals, rate, 1_000 + at, random())
      arrivals = arrived.arrivals
      if (arrived.waitMs > 0) refused++
    }
    assert.ok(refused <= Math.max(0, crowd - 400), `${refused} of ${crowd} were told to wait`)
  }
})

test('5,000 that come at once are in within half a minute, although most are refused unread at first', () => {
  const random = randomFrom(7)
  const rate = { burst: 400, perSecond: 400 }
  const knocks = GATEWAY_BOUNDS.knocksPerConnect
  const wide = { burst: rate.burst * knocks, perSecond: rate.perSecond * knocks }
  const due = new Map<number, number[]>([[0, Array.from({ length: 5_000 }, () => 0)]])
  const enteredAt: number[] = []
  let [knocking, entering]: Arrivals[] = [NO_ARRIVALS, NO_ARRIVALS]
  const comeAgain = (at: number, attempts: number) => {
    due.set(Math.ceil(at), [...(due.get(Math.ceil(at)) ?? []), attempts])
  }
  for (let now = 0; due.size > 0; now++) {
    for (const attempts of due.get(now) ?? []) {
      const knocked = arrive(knocking ?? NO_ARRIVALS, wide, now, random())
      knocking = knocked.arrivals
      if (knocked.waitMs > 0) {
        // The back-off of our client, which knows no more than that it failed.
        comeAgain(now + 1 + random() * Math.min(30_000, 1_000 * 2 ** attempts), attempts + 1)
        continue
      }
      const arrived = arrive(entering ?? NO_ARRIVALS, rate, now, random())
      entering = arrived.arrivals
      if (arrived.waitMs === 0) enteredAt.push(now)
      else comeAgain(now + arrived.waitMs + random() * Math.min(1_000, arrived.waitMs), attempts)
    }
    due.delete(now)
  }
  assert.equal(enteredAt.length, 5_000)
  assert.ok((enteredAt[4_750] ?? 0) < 16_000, `95 % after ${enteredAt[4_750]} ms`)
  assert.ok((enteredAt.at(-1) ?? 0) < 45_000, `all after ${enteredAt.at(-1)} ms`)
})

test('nobody waits while there is room', () => {
  const rate = { burst: 5, perSecond: 10 }
  let arrivals = NO_ARRIVALS
  for (let now = 0; now < 5_000; now += 100) {
    const arrived = arrive(arrivals, rate, now, 0.5)
    assert.equal(arrived.waitMs, 0)
    arrivals = arrived.arrivals
  }
})

test('a wait is at least a moment, and at most one and a half of the furthest slot', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          passesMs: fc.nat(50),
          chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        {
          maxLength: 400,
        },
      ),
      fc.integer({ min: 1, max: 500 }),
      (comings, perSecond) => {
        let arrivals = NO_ARRIVALS
        let now = 0
        for (const { passesMs, chance } of comings) {
          now += passesMs
          const arrived = arrive(arrivals, { burst: 3, perSecond }, now, chance)
          arrivals = arrived.arrivals
          assert.ok(arrived.waitMs === 0 || arrived.waitMs >= 1)
          assert.ok(arrived.waitMs <= 1.5 * SLOT_MS_MAX)
          assert.ok(arrivals.lastSlotAt <= now + SLOT_MS_MAX + 1)
        }
      },
    ),
  )
})
