// The same rate on several nodes that tell each other what was taken: never more in all than the stated bound, and they come to agree.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Buckets, DEBT_BURSTS_MAX, QUIET_SHARE } from './buckets.ts'

const INTERVAL_MS = 1_000
const KEY = 'ann'
const rate = { burst: 16, perSecond: 8 }

/** Nodes that tell each other once a second; each note is on its way for `latencyMs`, and is heard in the order of its sending. */
class Fleet {
  readonly nodes: Buckets[]
  readonly #latencyMs: number
  #notes: { readonly from: number; readonly tokens: number; readonly at: number }[] = []
  now = 0
  given = 0
  notes = 0

  constructor(size: number, latencyMs: number) {
    this.nodes = Array.from({ length: size }, () => new Buckets(rate, 10, { shared: true }))
    this.#latencyMs = latencyMs
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left--) {
      this.now++
      if (this.now % INTERVAL_MS === 0) this.#tell()
      for (const note of this.#notes.filter(({ at }) => at <= this.now)) this.#hear(note)
      this.#notes = this.#notes.filter(({ at }) => at > this.now)
    }
  }

  ask(node: number, times: number): void {
    for (let i = 0; i < times; i++) {
      if (this.nodes[node]?.take(KEY, this.now) === 0) this.given++
    }
  }

  /** `nodes`: a bit for each. */
  askSome(nodes: number, times: number): void {
    for (const node of this.nodes.keys()) if (nodes & (1 << node)) this.ask(node, times)
  }

  /** Without taking anything: how long each would have a request wait, were it to come now. */
  waits(): number[] {
    return this.nodes.map((node) => probe(node, this.now))
  }

  #tell(): void {
    for (const [from, node] of this.nodes.entries()) {
      for (const [, tokens] of node.untold(1_000)) {
        this.notes++
        this.#notes.push({ from, tokens, at: this.now + this.#latencyMs })
      }
    }
  }

  #hear({ from, tokens }: { readonly from: number; readonly tokens: number }): void {
    for (const [to, node] of this.nodes.entries()) if (to !== from) node.owe(KEY, tokens, this.now)
  }
}

/** A refusal changes nothing, so asking is harmless where it is refused; a node that gives has no wait. */
function probe(node: Buckets, now: number): number {
  return node.take(KEY, now)
}

/** What is promised: see `RateNotes`. */
function bound(nodes: number, ms: number, latencyMs: number): number {
  const used = (forMs: number) => rate.burst + (forMs / 1_000) * rate.perSecond
  const late = INTERVAL_MS + latencyMs
  return used(ms) * (1 + (nodes - 1) * QUIET_SHARE) + (nodes - 1) * used(late)
}

const fleets = fc.record({
  size: fc.integer({ min: 2, max: 6 }),
  latencyMs: fc.constantFrom(1, 5, 300, 1_500),
  steps: fc.array(
    fc.record({
      nodes: fc.nat(63),
      times: fc.nat(40),
      pauseMs: fc.constantFrom(0, 1, 50, 700, 3_000),
    }),
    { minLength: 1, maxLength: 60, size: 'large' },
  ),
})

describe('a rate on several nodes', () => {
  it('gives no more in all than is promised, whoever asks where and when', () => {
    fc.assert(
      fc.property(fleets, ({ size, latencyMs, steps }) => {
        const fleet = new Fleet(size, latencyMs)
        for (const { nodes, times, pauseMs } of steps) {
          fleet.askSome(nodes, times)
          assert.ok(fleet.given <= bound(size, fleet.now, latencyMs) + 1e-6, `${fleet.given}`)
          fleet.pass(pauseMs)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('gives a flood on all of them about what one node would, in the long run', () => {
    const fleet = new Fleet(3, 5)
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < 10; i++) {
        for (const node of fleet.nodes.keys()) fleet.ask(node, 5)
        fleet.pass(100)
      }
    }
    const alone = rate.burst + 60 * rate.perSecond
    assert.ok(
      fleet.given >= alone * 0.8,
      `${fleet.given} of ${alone}: people are held back too much`,
    )
    assert.ok(fleet.given <= bound(3, 60_000, 5), `${fleet.given} of ${alone}`)
    assert.ok(fleet.given < 2 * alone, `${fleet.given}: as much as without a word`)
    assert.ok(fleet.notes <= 3 * 60, `${fleet.notes} notes`)
  })

  it('comes to the same on every node, but for what is used without a word and is on its way', () => {
    fc.assert(
      fc.property(fleets, ({ size, latencyMs, steps }) => {
        const fleet = new Fleet(size, latencyMs)
        for (const { nodes, times, pauseMs } of steps) {
          fleet.askSome(nodes, times)
          fleet.pass(Math.min(pauseMs, 50))
        }
        fleet.pass(INTERVAL_MS + latencyMs + 1)
        const waits = fleet.waits()
        const quietMs =
          (size * QUIET_SHARE * (rate.burst + (fleet.now / 1_000) * rate.perSecond) + 1) *
          (1_000 / rate.perSecond)
        const slackMs = INTERVAL_MS + latencyMs + quietMs
        assert.ok(Math.max(...waits) - Math.min(...waits) <= slackMs, waits.join())
      }),
      { numRuns: 60 },
    )
  })

  it('costs no note where nobody uses more than the quiet share', () => {
    const fleet = new Fleet(4, 5)
    for (let i = 0; i < 200; i++) {
      fleet.ask(i % 4, 1)
      fleet.pass(260)
    }
    assert.deepEqual([fleet.given, fleet.notes], [200, 0])
  })

  it('makes nobody wait for longer than so many bursts, whatever notes say', () => {
    const buckets = new Buckets(rate, 10, { shared: true })
    buckets.owe(KEY, Number.MAX_SAFE_INTEGER, 0)
    buckets.owe(KEY, Number.MAX_SAFE_INTEGER, 0)
    const waitMs = buckets.take(KEY, 0)
    assert.ok(
      waitMs <= DEBT_BURSTS_MAX * rate.burst * (1_000 / rate.perSecond) + 1_000 / rate.perSecond,
    )
    assert.equal(buckets.take(KEY, waitMs), 0)
  })

  it('keeps nothing to tell where there is nobody to tell, nor ever more than its keys', () => {
    const alone = new Buckets(rate, 10)
    for (let i = 0; i < 16; i++) alone.take(KEY, 0)
    assert.deepEqual(alone.untold(10), [])
    const shared = new Buckets(rate, 10, { shared: true })
    for (let key = 0; key < 100; key++) for (let i = 0; i < 16; i++) shared.take(`k${key}`, 0)
    assert.deepEqual(
      shared.untold(4).map(([key]) => key),
      ['k0', 'k1', 'k2', 'k3'],
    )
    assert.equal(shared.untold(1_000).length, 6)
  })
})
