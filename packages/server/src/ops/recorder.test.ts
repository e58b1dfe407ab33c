import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChannelKind, LogEvent } from '@madang/protocol'
import type { StatRow } from '../store/stats.ts'
import { createFakeClock } from '../testing/clock.ts'
import { type OpenTarget, RECORDER_LIMITS, Recorder, type StatsTarget } from './recorder.ts'
import { type Sample, Sampler } from './sampler.ts'

const hour = 3_600_000
const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A target that can be away, stand still, or be looked into. */
class Target implements StatsTarget {
  readonly rows = new Map<string, StatRow>()
  writes = 0
  opened = 0
  state: 'there' | 'away' | 'still' = 'there'
  #waiting: (() => void)[] = []

  async open(): Promise<OpenTarget> {
    await this.#pass()
    this.opened += 1
    return {
      writeStats: async (rows) => {
        await this.#pass()
        this.writes += 1
        for (const row of rows) this.rows.set(`${row.at} ${row.node} ${row.name}`, row)
      },
      stats: async () => {
        await this.#pass()
        return [...this.rows.values()]
      },
      close: async () => {},
    }
  }

  goOn(): void {
    this.state = 'there'
    for (const resume of this.#waiting.splice(0)) resume()
  }

  total(name: string): number {
    return [...this.rows.values()].reduce(
      (sum, row) => sum + (row.name === name ? row.value : 0),
      0,
    )
  }

  async #pass(): Promise<void> {
    if (this.state === 'away') throw new Error('away')
    if (this.state === 'still') await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}

function ground(kindOf: (id: string) => Promise<ChannelKind | null> = async () => 'text') {
  const clock = createFakeClock()
  const target = new Target()
  const outcomes: string[] = []
  const recorder = new Recorder({
    ...{ node: 'n1', clock, random: () => 0.5, target, kindOf },
    report: (outcome) => outcomes.push(outcome),
  })
  recorder.start()
  const events = (count: number, channel = 1, kind = 'created') =>
    recorder.committed(
      Array.from({ length: count }, () => ({ kind, channelId: idOf(channel) }) as LogEvent),
    )
  const flushed = () => clock.advance(RECORDER_LIMITS.flushMs)
  return { clock, target, recorder, outcomes, events, flushed }
}

test('messages are counted by kind of channel and events by theirs, in one write for many', async () => {
  const { target, events, flushed, recorder } = ground(async (id) =>
    id === idOf(1) ? 'text' : id === idOf(2) ? 'live' : null,
  )
  events(5)
  events(3, 2)
  events(1, 3)
  events(2, 1, 'edited')
  assert.equal(target.writes, 0)
  await flushed()
  assert.equal(target.writes, 1)
  const names = [
    'messages.text',
    'messages.live',
    'messages.unknown',
    'events.created',
    'events.edited',
  ]
  assert.deepEqual(
    names.map((name) => target.total(name)),
    [5, 3, 1, 9, 2],
  )
  await flushed()
  assert.equal(target.writes, 1, 'what has not changed is not written again')
  events(1)
  await flushed()
  assert.equal(target.total('messages.text'), 6)
  await recorder.stop()
})

test('a target that is away costs nothing, and gets all of it when it is back, once', async () => {
  const { target, events, flushed, outcomes, recorder } = ground()
  target.state = 'away'
  for (let n = 0; n < 5; n += 1) {
    events(10)
    await flushed()
  }
  assert.deepEqual([target.rows.size, new Set(outcomes)], [0, new Set(['failed'])])
  target.goOn()
  await flushed()
  assert.equal(target.total('messages.text'), 50)
  await recorder.stop()
})

test('a target that stands still is given up after a bound and opened anew; a late write changes nothing', async () => {
  const { target, events, flushed, outcomes, recorder, clock } = ground()
  events(1)
  await flushed()
  target.state = 'still'
  events(4)
  await flushed()
  assert.ok(!outcomes.includes('late'))
  await clock.advance(RECORDER_LIMITS.writeMsMax)
  assert.equal(outcomes.at(-1), 'late')
  events(1)
  target.goOn()
  await flushed()
  await flushed()
  assert.deepEqual([target.total('messages.text'), target.opened], [6, 2])
  await recorder.stop()
})

test('an hour ends while the target is away: both hours are kept apart', async () => {
  const { clock, target, events, flushed, recorder } = ground()
  await clock.advance(hour - (clock.now() % hour))
  target.state = 'away'
  events(7)
  await clock.advance(hour)
  events(2)
  await flushed()
  target.goOn()
  await flushed()
  const rows = [...target.rows.values()].filter(({ name }) => name === 'events.created')
  assert.deepEqual(rows.map(({ value }) => value).toSorted(), [2, 7])
  const [first = 0, second = 0] = rows.map(({ at }) => at).toSorted((a, b) => a - b)
  assert.equal(second - first, hour)
  await recorder.stop()
})

test('what waits is bounded, and what does not fit is counted as lost', async () => {
  const { clock, target, events, flushed, outcomes, recorder } = ground()
  target.state = 'away'
  for (let n = 0; n < RECORDER_LIMITS.rowsMax + 50; n += 1) events(1, 1, `kind ${n}`)
  await flushed()
  assert.ok(outcomes.includes('lost'))
  await recorder.stop()
  assert.equal(clock.pending, 0)
})

test('samples are written by five minutes, and what has begun when the node stops', async () => {
  const { clock, target, recorder } = ground()
  const cpu = { ms: 0 }
  const sampler = new Sampler({
    clock,
    totals: async () => ({ messagesIn: 0, deliveriesOut: 0, requests: 0 }),
    cpuMs: () => cpu.ms,
    residentBytes: () => 1_000,
    gauge: { start() {}, look: () => ({ lagMs: 3, utilization: 0.5 }), stop() {} },
  })
  const samples: Sample[] = []
  sampler.onSample((sample) => samples.push(sample))
  recorder.watch(sampler, () => 4)
  sampler.start()
  await clock.advance(300_000 - (clock.now() % 300_000))
  for (let n = 0; n < 61; n += 1) {
    cpu.ms += 2_500
    await clock.advance(5_000)
  }
  await clock.advance(RECORDER_LIMITS.flushMs)
  const names = () => [...target.rows.values()].filter(({ name }) => name === 'cpu')
  const full = names().at(-1)
  assert.ok(full !== undefined && Math.abs(full.value - 0.5) < 0.01, String(full?.value))
  assert.equal([...target.rows.values()].find(({ name }) => name === 'connections')?.value, 4)
  const before = names().length
  sampler.stop()
  await recorder.stop()
  assert.equal(names().length, before + 1)
  assert.ok(samples.length > 60)
})

test('a target that stands still holds the end of a node up no longer than its bound', async () => {
  const { clock, target, events, flushed, recorder } = ground()
  events(1)
  await flushed()
  target.state = 'still'
  events(1)
  let isStopped = false
  const stopped = recorder.stop().then(() => {
    isStopped = true
  })
  await clock.advance(RECORDER_LIMITS.stopMsMax - 1)
  assert.equal(isStopped, false)
  await clock.advance(1)
  await stopped
  await clock.advance(RECORDER_LIMITS.writeMsMax)
  assert.equal(clock.pending, 0)
})

test('with no target nothing is counted, kept or timed', async () => {
  const clock = createFakeClock()
  const recorder = new Recorder({
    ...{ node: 'n1', clock, random: () => 0, target: undefined },
    kindOf: () => assert.fail('nobody is asked'),
    report: () => assert.fail('nothing is told'),
  })
  recorder.start()
  recorder.committed([{ kind: 'created', channelId: idOf(1) } as LogEvent])
  assert.equal(clock.pending, 0)
  assert.deepEqual((await recorder.read({})).hours, [])
  await recorder.stop()
})
