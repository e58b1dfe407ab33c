import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { holdMs, type Load, measured, noLoad, quietMs, windowMs } from './window.ts'

const windowMsMax = 50

/** The load after `seconds` of events at this rate, all to connections that were written to a moment ago. */
function loadOf(eventsPerSecond: number, sockets: number, seconds = 3): Load {
  let load = noLoad
  for (let i = 1; i <= eventsPerSecond * seconds; i++) {
    load = measured(load, sockets, (i * 1_000) / eventsPerSecond)
  }
  return load
}

interface Row {
  readonly eventsPerSecond: number
  readonly sockets: number
  readonly busy?: number
  readonly sinceLastMs?: number
  readonly from: number
  readonly to: number
}

const rows: readonly Row[] = [
  { eventsPerSecond: 1, sockets: 10, from: 0, to: 0 },
  { eventsPerSecond: 100, sockets: 10, from: 0, to: 0 },
  { eventsPerSecond: 10, sockets: 200, from: 0, to: 0 },
  { eventsPerSecond: 25, sockets: 1_000, from: 20, to: 30 },
  { eventsPerSecond: 100, sockets: 1_000, from: 50, to: 50 },
  { eventsPerSecond: 500, sockets: 1_000, from: 50, to: 50 },
  { eventsPerSecond: 500, sockets: 100_000, from: 50, to: 50 },
  { eventsPerSecond: 30, sockets: 10, busy: 0.7, from: 0, to: 0 },
  { eventsPerSecond: 30, sockets: 10, busy: 0.85, from: 20, to: 30 },
  { eventsPerSecond: 30, sockets: 10, busy: 1, from: 50, to: 50 },
  { eventsPerSecond: 500, sockets: 1_000, busy: 1, sinceLastMs: quietMs, from: 0, to: 0 },
]

for (const { eventsPerSecond, sockets, busy = 0, sinceLastMs = 10, from, to } of rows) {
  const when = `${eventsPerSecond} a second to ${sockets}, loop ${busy * 100} % busy, ${sinceLastMs} ms since the last`
  test(`the window is ${from} to ${to} ms: ${when}`, () => {
    const load = loadOf(eventsPerSecond, sockets)
    const window = windowMs(load, { sinceLastMs, busy }, windowMsMax, load.at)
    assert.ok(window >= from && window <= to, `${window} ms`)
  })
}

test('load that ends is forgotten within a second', () => {
  const load = loadOf(500, 1_000)
  const input = { sinceLastMs: 10, busy: 0 }
  assert.equal(windowMs(load, input, windowMsMax, load.at), 50)
  assert.equal(windowMs(load, input, windowMsMax, load.at + 1_500), 0)
})

const events = fc.array(
  fc.record({
    afterMs: fc.nat(3_000),
    joinable: fc.nat(200_000),
    busy: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
)

test('nothing is held longer than the most, a quiet room never, and the first of a burst never', () => {
  fc.assert(
    fc.property(events, fc.nat(200), (list, max) => {
      let [load, now] = [noLoad, 0]
      for (const { afterMs, joinable, busy } of list) {
        now += afterMs
        const window = windowMs(load, { sinceLastMs: afterMs, busy }, max, now)
        assert.ok(window >= 0 && window <= max)
        if (afterMs >= quietMs) assert.equal(window, 0)
        assert.equal(holdMs(window, window), 0)
        assert.equal(holdMs(window, Number.POSITIVE_INFINITY), 0)
        assert.ok(holdMs(window, afterMs) <= max)
        load = measured(load, joinable, now)
      }
    }),
  )
})

test('more load never makes the window smaller', () => {
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.nat(1e6),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (a, b, busy) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((joinable) =>
          windowMs(measured(noLoad, joinable, 0), { sinceLastMs: 0, busy }, windowMsMax, 0),
        )
        assert.ok((less ?? 0) <= (more ?? 0))
      },
    ),
  )
})
