// Nodes that die, a broker that goes away, frames that come late: what is local is served at once, and who did not answer is named.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Broker } from '../broker.ts'
import type { Clock } from '../clock.ts'
import { AdapterGround, type AdapterGroundOptions, until } from '../testing/adapter-ground.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { FaultyBroker } from '../testing/faulty-broker.ts'
import type { IncompleteError } from './questions.ts'

interface Faulty {
  readonly ground: AdapterGround
  readonly brokers: readonly FaultyBroker[]
  readonly clock: FakeClock
}

/** Time stands still unless a test moves it: no node is ever silent by accident. */
async function withFaults(
  run: (faulty: Faulty) => Promise<void>,
  options: Partial<AdapterGroundOptions> = {},
): Promise<void> {
  const clock = new FakeClock()
  const brokers: FaultyBroker[] = []
  const wrap = (broker: Broker) => {
    const faulty = new FaultyBroker(broker, { seed: 1, clock })
    brokers.push(faulty)
    return faulty
  }
  const adapter = { clock: clock as Clock, ...options.adapter }
  const ground = await AdapterGround.open({ nodes: 3, wrap, ...options, adapter })
  try {
    await run({ ground, brokers, clock })
  } finally {
    await ground.close()
  }
}

const incomplete = (ground: AdapterGround, node = 0) =>
  ground.events[node]?.flatMap((event) =>
    event.kind === 'incomplete'
      ? [[event.request, event.missing.map((name) => name.slice(0, 6))]]
      : [],
  )

suite('a node that is gone', () => {
  test('is not waited for once its silence is known', () =>
    withFaults(async ({ ground, brokers, clock }) => {
      await ground.people(3)
      brokers[2]?.cut()
      await clock.run(12_000)
      assert.equal(await ground.adapter(0).serverCount(), 2)
      assert.equal((await ground.io(0).fetchSockets()).length, 2)
      assert.deepEqual(incomplete(ground), [])
      assert.equal(
        ground.events[0]?.some((event) => event.kind === 'node-dead'),
        true,
      )
      brokers[2]?.heal()
      await clock.run(3_000)
      assert.equal(await ground.adapter(0).serverCount(), 3)
      assert.equal((await ground.io(0).fetchSockets()).length, 3)
    }))

  test('is named where it did not answer in time, and what the others said is there', () =>
    withFaults(async ({ ground, brokers, clock }) => {
      const pairs = await ground.people(3)
      for (const io of ground.nodes) io.on('sse', (answer: (from: string) => void) => answer('yes'))
      brokers[2]?.cut()
      const asked = Promise.all([
        ground.io(0).fetchSockets(),
        ground.io(0).allSockets(),
        ground
          .io(0)
          .serverSideEmitWithAck('sse')
          .catch((error: IncompleteError) => error),
        Promise.resolve(
          ground.adapter(0).addSockets({ rooms: new Set(), except: new Set() }, ['r']),
        ),
      ])
      await clock.run(5_000)
      const [sockets, ids, error] = await asked
      assert.deepEqual([sockets.length, ids.size], [2, 2])
      assert.match((error as Error).message, /^timeout reached: missing 1 responses, of node 2 \(/)
      assert.deepEqual((error as IncompleteError).responses, ['yes'])
      assert.deepEqual(
        incomplete(ground)
          ?.map(([request, missing]) => `${request} ${missing}`)
          .sort(),
        ['allSockets node 2', 'fetchSockets node 2', 'serverSideEmit node 2', 'socketsJoin node 2'],
      )
      assert.equal(pairs[1]?.socket.rooms.has('r'), true)
    }))

  test('and that dies while it is waited for is waited for no more', () =>
    withFaults(async ({ ground, clock }) => {
      const pairs = await ground.people(3)
      for (const { client } of pairs.slice(0, 2))
        client.on('ask', (answer: (a: number) => void) => answer(1))
      let heard = false
      pairs[2]?.client.on('ask', () => {
        heard = true
      })
      const asked = ground.io(0).timeout(60_000).emitWithAck('ask')
      await until('the third was asked', () => heard)
      for (let turn = 0; turn < 5; turn++) await settle()
      const gone = ground.adapter(2).close()
      assert.deepEqual(await asked, [1, 1])
      await gone
      assert.equal(await ground.adapter(0).serverCount(), 2)
      assert.equal(clock.timers > 0, true)
    }))

  test('with rejectIncomplete is a reason to reject, with what is there', () =>
    withFaults(
      async ({ ground, brokers, clock }) => {
        brokers[1]?.cut()
        const asked = assert.rejects(ground.io(0).fetchSockets(), { name: 'IncompleteError' })
        await clock.run(5_000)
        await asked
      },
      { adapter: { rejectIncomplete: true } },
    ))

  test('is none that only lacks the namespace', () =>
    withFaults(async ({ ground }) => {
      for (const node of [0, 1]) ground.io(node).of('/some')
      const { adapter } = ground.io(0).of('/some')
      await until('they have met', async () => (await adapter.serverCount()) === 2)
      assert.deepEqual(await ground.io(0).of('/some').fetchSockets(), [])
      assert.deepEqual(incomplete(ground), [])
    }))

  test('is not taken from the silence of a while in which one was held up oneself', async () => {
    const clock = new FakeClock()
    let heldUpMs = 0
    const slow: Clock = {
      monotonic: () => clock.monotonic() + heldUpMs,
      after: (delayMs, run) => clock.after(delayMs, run),
    }
    const run = async ({ ground }: Faulty) => {
      heldUpMs = 60_000
      clock.advance(2_500)
      assert.equal(await ground.adapter(0).serverCount(), 3)
    }
    await withFaults(run, { adapter: { clock: slow } })
  })
})

suite('a broker that is away', () => {
  test('delays nothing that is local, and requests name all the others at once', () =>
    withFaults(async ({ ground, brokers }) => {
      const [a, b] = await ground.people(3)
      assert.ok(a && b)
      await a.socket.join('r')
      await b.socket.join('r')
      brokers[0]?.cut()
      ground.io(0).to('r').emit('a')
      a.socket.emit('b')
      assert.deepEqual(await ground.heard([a, b]), [[['a'], ['b']], []])
      assert.equal((await ground.io(0).fetchSockets()).length, 1)
      await assert.rejects(ground.io(0).serverSideEmitWithAck('sse'), /missing 2 responses/)
      assert.deepEqual(incomplete(ground)?.length, 2)
      assert.equal(ground.adapter(0).exchange.health.connected, false)
      // Whoever is cut off does not take the others for dead.
      assert.equal(await ground.adapter(0).serverCount(), 3)
      brokers[0]?.heal()
      ground.io(0).to('r').emit('c')
      assert.deepEqual(await ground.heard([a, b]), [[['c']], [['c']]])
      assert.equal(ground.adapter(0).exchange.counters.gaps, 1)
    }))

  test('takes joins all the same, which hold when it is back', () =>
    withFaults(async ({ ground }) => {
      const [a] = await ground.people(3)
      assert.ok(a)
      ground.hub.cut()
      await a.socket.join('r')
      ground.hub.heal()
      await until('all know', () => ground.events.every((events) => events.at(-1)?.kind === 'gap'))
      ground.io(1).to('r').emit('a')
      assert.deepEqual(await ground.heard([a]), [[['a']]])
    }))

  test('from the start, or that breaks its promises, harms nobody', async () => {
    const fails = () => Promise.reject(new Error('broken'))
    const broken: Broker = {
      name: 'broken',
      droppedFrames: 0,
      start: fails,
      subscribe: fails,
      unsubscribe: fails,
      publish: () => {
        throw new Error('broken')
      },
      stop: fails,
    }
    const ground = await AdapterGround.open({ nodes: 1, wrap: () => broken })
    const [a] = await ground.people(1)
    assert.ok(a)
    await a.socket.join('r')
    ground.io(0).to('r').emit('a')
    assert.deepEqual(await ground.heard([a]), [[['a']]])
    assert.equal((await ground.io(0).fetchSockets()).length, 1)
    await ground.close()
    assert.ok(ground.events[0]?.some(({ kind }) => kind === 'error'))
  })
})

test('what a listener of the application throws is thrown as anywhere, and the next frame is taken', () =>
  withFaults(async ({ ground }) => {
    await ground.people(3)
    const thrown: unknown[] = []
    process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error))
    try {
      ground.io(1).on('sse', () => {
        throw new Error('of the application')
      })
      ground.io(0).serverSideEmit('sse')
      ground.io(0).emit('a')
      assert.deepEqual(await ground.heard(), Array(3).fill([['a']]))
    } finally {
      process.setUncaughtExceptionCaptureCallback(null)
    }
    assert.deepEqual(thrown.map(String), ['Error: of the application'])
  }))

suite('frames that come late', () => {
  test('do not let a command overtake the emits before it, though each room has a topic of its own', () =>
    withFaults(async ({ ground, brokers, clock }) => {
      const pairs = await ground.people(3, '/', ['websocket'])
      for (const { socket } of pairs) await socket.join('r')
      const [, b] = pairs
      assert.ok(b && brokers[1])
      brokers[1].setRates({ delay: 1 })
      ground.io(0).to('r').emit('bye')
      for (let turn = 0; turn < 3; turn++) await settle()
      // It waits there now, and everything after it on its topic; other topics do not.
      brokers[1].setRates({})
      ground.io(0).in('r').disconnectSockets()
      const heard = new Promise((resolve) =>
        b.client.once('disconnect', () => resolve([...b.heard])),
      )
      for (let i = 0; i < 5; i++) await clock.run(100)
      assert.deepEqual(await heard, [['bye']])
    }))

  test('and twice are taken once where they went out on several topics', () =>
    withFaults(async ({ ground, brokers, clock }) => {
      const pairs = await ground.people(3)
      for (const { socket } of pairs) await socket.join(['r', 's'])
      for (const broker of brokers) broker.setRates({ duplicate: 1, delay: 0.5 })
      for (let i = 0; i < 20; i++) ground.io(0).to('r').to('s').emit('a', i)
      for (let i = 0; i < 5; i++) await clock.run(100)
      for (const events of await ground.heard()) assert.equal(events.length, 20)
    }))
})
