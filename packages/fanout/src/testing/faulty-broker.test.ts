import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { brokerCases } from '../broker.case.ts'
import { MemoryHub } from '../brokers/memory.ts'
import { systemClock } from '../clock.ts'
import { FakeClock } from './fake-clock.ts'
import { type FaultRates, FaultyBroker } from './faulty-broker.ts'
import { Recorder } from './recorder.ts'

brokerCases({
  name: 'faulty without a fault',
  async newCluster() {
    const hub = new MemoryHub({ frameBytesMax: 1_000_000 })
    return {
      frameBytesMax: hub.frameBytesMax,
      newBroker: () => new FaultyBroker(hub.newBroker(), { seed: 1, clock: systemClock }),
      topics: async () => hub.topics,
      outage: {
        cut: async () => hub.cut(),
        heal: async () => hub.heal(),
        queueFramesMax: hub.queueFramesMax,
      },
      stop: async () => {},
    }
  },
})

/** What one node hears of a hundred frames on two topics. */
async function hears(seed: number, rates: FaultRates): Promise<Recorder> {
  const clock = new FakeClock()
  const hub = new MemoryHub({ defer: (run) => void clock.after(0, run) })
  const from = hub.newBroker()
  const to = new FaultyBroker(hub.newBroker(), { seed, clock, rates, delayMsMax: 50 })
  const heard = new Recorder()
  await from.start(new Recorder())
  await to.start(heard)
  await Promise.all([to.subscribe('t'), to.subscribe('u')])
  for (let i = 0; i < 100; i++) {
    from.publish(i % 3 === 0 ? 'u' : 't', Buffer.from(`${i}`))
    clock.advance(i % 7)
  }
  clock.advance(1_000)
  assert.equal(clock.timers, 0)
  return heard
}

const numbers = (texts: readonly string[]) => texts.map(Number)
const ascending = (list: number[]) => list.every((n, i) => n >= (list[i - 1] ?? 0))

test('the same seed gives the same faults', async () => {
  const rates = { drop: 0.2, duplicate: 0.2, delay: 0.2, reorder: 0.2 }
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const [one, two] = [await hears(seed, rates), await hears(seed, rates)]
      assert.deepEqual(one.frames, two.frames)
    }),
    { numRuns: 20 },
  )
})

test('each fault does what it says and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const dropped = await hears(seed, { drop: 0.5 })
      assert.ok(dropped.frames.length < 100 && ascending(numbers(dropped.texts('t'))))
      const delayed = await hears(seed, { delay: 0.5 })
      assert.equal(delayed.frames.length, 100)
      assert.ok(ascending(numbers(delayed.texts('t'))) && ascending(numbers(delayed.texts('u'))))
      const repeated = await hears(seed, { duplicate: 0.5 })
      assert.ok(repeated.frames.length > 100)
      assert.equal(new Set(repeated.frames.map((one) => one.bytes.toString())).size, 100)
      const reordered = await hears(seed, { reorder: 0.5 })
      assert.equal(reordered.frames.length, 100)
      assert.ok(!ascending(numbers(reordered.texts('t'))))
    }),
    { numRuns: 20 },
  )
})

test('a cut is told, loses frames both ways, and ends with a gap', async () => {
  const clock = new FakeClock()
  const hub = new MemoryHub({ defer: (run) => void clock.after(0, run) })
  const other = hub.newBroker()
  const broker = new FaultyBroker(hub.newBroker(), { seed: 1, clock })
  const [heard, heardByOther] = [new Recorder(), new Recorder()]
  await broker.start(heard)
  await other.start(heardByOther)
  await Promise.all([broker.subscribe('t'), other.subscribe('t')])
  broker.cut()
  other.publish('t', Buffer.from('lost'))
  broker.publish('t', Buffer.from('lost'))
  clock.advance(10)
  broker.heal()
  other.publish('t', Buffer.from('kept'))
  clock.advance(10)
  assert.deepEqual(heard.texts('t'), ['kept'])
  assert.deepEqual(heardByOther.texts('t'), [])
  assert.deepEqual(
    heard.healths.map((health) => health.connected),
    [true, false, true],
  )
  assert.deepEqual(heard.gaps, [undefined])
  broker.gap('t')
  assert.deepEqual(heard.gaps, [undefined, 't'])
})
