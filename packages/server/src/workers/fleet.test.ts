import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  backOffMs,
  countOf,
  type Fleet,
  type FleetEffect,
  type FleetEvent,
  newFleet,
  step,
} from './fleet.ts'
import { WORKER_LIMITS } from './limits.ts'

/** A fleet with a clock of its own, and everything that it asked for. */
class Run {
  fleet: Fleet
  nowMs = 0
  readonly effects: FleetEffect[] = []

  constructor(wanted: number) {
    this.fleet = newFleet(wanted)
    this.take({ kind: 'begin' })
  }

  take(...events: FleetEvent[]): FleetEffect[] {
    const from = this.effects.length
    for (const event of events) {
      const { fleet, effects } = step(this.fleet, event, this.nowMs, () => 0.5)
      this.fleet = fleet
      this.effects.push(...effects)
    }
    return this.effects.slice(from)
  }

  ready = (...ids: number[]) => this.take(...ids.map((id) => ({ kind: 'ready', id }) as const))
  ended = (id: number, code: number | null = 0) => this.take({ kind: 'ended', id, code })
  after(ms: number): FleetEffect[] {
    this.nowMs += ms
    return this.take({ kind: 'time' })
  }

  /** Up, with workers 1 to `wanted`. */
  static up(wanted: number): Run {
    const run = new Run(wanted)
    run.ready(...Array.from({ length: wanted }, (_, at) => at + 1))
    assert.equal(run.fleet.phase, 'running')
    return run
  }
}

/** In short: 'fork 2', 'shut 1', 'leave 1 retire', 'kill 3', 'up', 'end 0'. Alarms and words are left out. */
const told = (effects: readonly FleetEffect[]): string[] =>
  effects.flatMap((effect) => {
    switch (effect.do) {
      case 'fork':
      case 'kill':
      case 'shut':
        return `${effect.do} ${effect.id}`
      case 'leave':
        return `leave ${effect.id} ${effect.how}`
      case 'end':
        return `end ${effect.code}`
      case 'up':
        return 'up'
      default:
        return []
    }
  })

describe('a fleet that starts', () => {
  it('sends the first worker alone, then the others, and is up when all are ready', () => {
    const run = new Run(3)
    assert.deepEqual(told(run.effects), ['fork 1'])
    assert.deepEqual(told(run.ready(1)), ['fork 2', 'fork 3'])
    assert.deepEqual(told(run.ready(3)), [])
    assert.deepEqual(told(run.ready(2)), ['up'])
  })

  it('tries again after a wait, and gives up after so many failures', () => {
    const run = new Run(3)
    assert.deepEqual(told(run.ended(1, 1)), [])
    assert.deepEqual(told(run.after(1_000)), ['fork 2'])
    run.ended(2, null)
    assert.deepEqual(told(run.after(1_000)), ['fork 3'])
    const last = run.ended(3, 1)
    assert.deepEqual(told(last), ['end 1'])
    assert.match(JSON.stringify(last), /No worker could start \(3 attempts\)/)
    assert.deepEqual(run.take({ kind: 'reload', wanted: 2 }, { kind: 'stop' }), [])
  })

  it('gives up at once where a setting is wrong', () => {
    const run = new Run(3)
    assert.deepEqual(told(run.ended(1, 78)), ['end 78'])
  })

  it('never gives up once a worker was ready', () => {
    const run = new Run(2)
    run.ready(1)
    run.ended(1, 1)
    for (let failures = 0; failures < 50; failures++) {
      run.after(WORKER_LIMITS.retryMsMax)
      const starting = run.fleet.workers.filter(({ state }) => state === 'starting')
      assert.equal(starting.length, 2)
      for (const { id } of starting) run.ended(id, 1)
    }
    assert.equal(run.fleet.phase, 'starting')
  })

  it('kills a worker that does not become ready', () => {
    const run = new Run(2)
    assert.deepEqual(told(run.after(WORKER_LIMITS.startMsMax)), ['kill 1'])
    assert.deepEqual(told(run.after(WORKER_LIMITS.startMsMax)), [], 'once')
    run.ended(1, null)
    assert.deepEqual(told(run.after(1_000)), ['fork 2'])
  })
})

describe('a worker that ends by itself', () => {
  it('is replaced, later each time that it happens again', () => {
    const run = Run.up(2)
    const waits: number[] = []
    for (let failures = 0; failures < 12; failures++) {
      const id = run.fleet.lastId
      const wake = run.ended(id, 1).findLast((effect) => effect.do === 'wake')
      waits.push(wake?.do === 'wake' ? wake.inMs : 0)
      assert.deepEqual(told(run.after(waits.at(-1) ?? 0)), [`fork ${id + 1}`])
      run.ready(id + 1)
    }
    assert.deepEqual(
      waits,
      [...waits].sort((a, b) => a - b),
    )
    assert.ok((waits[0] ?? 0) <= WORKER_LIMITS.retryMsMin)
    assert.equal(waits.at(-1), WORKER_LIMITS.retryMsMax * 0.75)
    assert.equal(run.fleet.replaced, 12)
  })

  it('is the first failure again after it was healthy', () => {
    const run = Run.up(1)
    for (let failures = 0; failures < 5; failures++) {
      run.ended(run.fleet.lastId, 1)
      run.after(WORKER_LIMITS.retryMsMax)
      run.ready(run.fleet.lastId)
    }
    assert.equal(run.fleet.failures, 5)
    run.after(WORKER_LIMITS.healthyMsMin)
    run.ended(run.fleet.lastId, null)
    assert.equal(run.fleet.failures, 1)
  })

  it('waits between half of it and all of it', () => {
    assert.equal(backOffMs(1, 0), WORKER_LIMITS.retryMsMin / 2)
    assert.ok(backOffMs(1, 0.999) < WORKER_LIMITS.retryMsMin)
    assert.equal(backOffMs(1_000, 0), WORKER_LIMITS.retryMsMax / 2)
  })

  it('leaves by itself where it alone was told to, and another comes at once', () => {
    const run = Run.up(2)
    assert.deepEqual(told(run.take({ kind: 'told', id: 1 })), ['leave 1 retire', 'fork 3'])
    assert.deepEqual(told(run.take({ kind: 'told', id: 1 })), [])
    assert.deepEqual(told(run.ended(1)), [])
    assert.equal(run.fleet.failures, 0)
  })
})

describe('a reload', () => {
  it('has the new workers ready before the first old one leaves, and the old ones leave one by one', () => {
    const run = Run.up(2)
    assert.deepEqual(told(run.take({ kind: 'reload', wanted: 2 })), ['fork 3'])
    assert.deepEqual(told(run.ready(3)), ['fork 4'])
    // Both at once, so that nobody who leaves the first comes to the second.
    assert.deepEqual(told(run.ready(4)), ['shut 1', 'shut 2', 'leave 1 retire'])
    assert.deepEqual(told(run.ended(1)), ['leave 2 retire'])
    assert.deepEqual(told(run.ended(2)), [])
    assert.deepEqual(countOf(run.fleet), { starting: 0, ready: 2, leaving: 0 })
  })

  it('works again and again, and once more for all that were asked for meanwhile', () => {
    const run = Run.up(1)
    run.take({ kind: 'reload', wanted: 1 })
    run.take({ kind: 'reload', wanted: 9 }, { kind: 'reload', wanted: 2 })
    run.ready(2)
    assert.deepEqual(told(run.ended(1)), ['fork 3'])
    assert.deepEqual(told(run.ready(3)), ['fork 4'])
    assert.deepEqual(told(run.ready(4)), ['shut 2', 'leave 2 retire'])
    assert.deepEqual(told(run.ended(2)), [])
    assert.equal(run.fleet.current.wanted, 2)
  })

  it('waits for the start', () => {
    const run = new Run(1)
    assert.deepEqual(told(run.take({ kind: 'reload', wanted: 1 })), [])
    assert.deepEqual(told(run.ready(1)), ['up', 'fork 2'])
  })

  it('whose first worker cannot start leaves the present ones alone, and so does a later one', () => {
    for (const readyBefore of [0, 1]) {
      const run = Run.up(2)
      run.take({ kind: 'reload', wanted: 2 })
      if (readyBefore > 0) run.ready(3)
      const effects = told(run.ended(3 + readyBefore, 78))
      assert.deepEqual(effects, readyBefore > 0 ? ['leave 3 retire'] : [])
      run.ended(3)
      assert.deepEqual(countOf(run.fleet), { starting: 0, ready: 2, leaving: 0 })
      assert.deepEqual(told(run.take({ kind: 'reload', wanted: 2 })), [`fork ${run.fleet.lastId}`])
    }
  })

  it('goes on while present workers end: the present are replaced, the old are not', () => {
    const run = Run.up(2)
    run.take({ kind: 'reload', wanted: 2 })
    run.ended(1, 1)
    assert.deepEqual(told(run.after(1_000)), ['fork 4'])
    run.ready(3)
    assert.deepEqual(told(run.ready(5)), ['shut 2', 'shut 4', 'leave 2 retire'])
    assert.deepEqual(told(run.ended(2, null)), ['leave 4 retire'])
    assert.deepEqual(told(run.after(60_000)), ['kill 4'])
  })
})

describe('a fleet that stops', () => {
  it('tells all of them at once, and ends after the last', () => {
    const run = Run.up(2)
    run.take({ kind: 'reload', wanted: 2 })
    assert.deepEqual(told(run.take({ kind: 'stop' })), [
      'leave 1 stop',
      'leave 2 stop',
      'leave 3 stop',
    ])
    assert.deepEqual(told(run.take({ kind: 'stop' }, { kind: 'told', id: 1 })), [])
    assert.deepEqual(told(run.ended(1)), [])
    run.ended(3, 1)
    assert.deepEqual(told(run.after(WORKER_LIMITS.leaveMsMax)), ['kill 2'])
    assert.deepEqual(told(run.ended(2, null)), ['end 0'])
  })
})

describe('whatever happens to a fleet', () => {
  const anyEvent = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('ready'), pick: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('ended'), pick: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('told'), pick: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reload'), pick: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('time'), pick: fc.nat(40_000) }) },
  )
  const eventOf = (run: Run, kind: string, pick: number): FleetEvent => {
    const { workers } = run.fleet
    const id = workers[pick % Math.max(1, workers.length)]?.id ?? 0
    switch (kind) {
      case 'ready':
      case 'told':
        return { kind, id }
      case 'ended':
        return { kind, id, code: pick % 3 === 0 ? null : pick % 2 }
      case 'reload':
        return { kind, wanted: 1 + (pick % 4) }
      default:
        run.nowMs += pick
        return { kind: 'time' }
    }
  }

  it('orders only what exists, never lets the last that serves go by a reload, and comes to rest whole', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(anyEvent, { maxLength: 60 }),
        (n, events) => {
          const run = new Run(n)
          for (const { kind, pick } of events) {
            const before = countOf(run.fleet).ready
            const event = eventOf(run, kind, pick)
            run.take(event)
            const isLoss = event.kind === 'ended' || event.kind === 'told'
            if (!isLoss && before > 0) assert.ok(countOf(run.fleet).ready > 0, kind)
          }
          const forked = run.effects.flatMap((effect) => (effect.do === 'fork' ? effect.id : []))
          assert.deepEqual(forked, [...new Set(forked)])
          if (run.fleet.phase === 'ended') return
          calm(run)
          assert.equal(run.fleet.phase, 'running')
          const { current } = run.fleet
          assert.deepEqual(countOf(run.fleet), { starting: 0, ready: current.wanted, leaving: 0 })
          run.take({ kind: 'stop' })
          for (const { id } of run.fleet.workers) run.ended(id)
          assert.equal(run.fleet.phase, 'ended')
        },
      ),
    )
  })

  /** From now on everything goes well. */
  function calm(run: Run): void {
    for (let round = 0; round < 100; round++) {
      run.after(WORKER_LIMITS.retryMsMax)
      for (const { id, state } of run.fleet.workers) {
        if (state === 'starting') run.ready(id)
        if (state === 'leaving') run.ended(id)
      }
    }
  }
})
