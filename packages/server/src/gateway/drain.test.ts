import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { WIRE_VERSION } from '@madang/protocol'
import { DRAIN_LIMITS as LIMITS } from './drain/limits.ts'
import { drainMsMax } from './drain/pacer.ts'
import { type Given, type GivenOptions, given } from './testing/given.ts'
import { overStore } from './testing/over-store.ts'
import { refusedWith, TestClient } from './testing/test-client.ts'

const WINDOW_MS = 10_000
type Manner = 'ours' | 'stock'

interface Scene extends Given {
  readonly clock: FakeClock
  come(manner: Manner): Promise<TestClient>
  /** Drains the first node; `took` is set when that is over. */
  drain(windowMs?: number): { readonly over: Promise<void>; took: number | undefined }
}

async function scene(t: TestContext, options: GivenOptions = {}): Promise<Scene> {
  const clock = new FakeClock()
  const all = await given(t, { clock, ...options })
  let count = 0
  return {
    ...all,
    clock,
    async come(manner) {
      const { token } = count++ % 2 === 0 ? all.ann : all.bob
      const auth = { token, ...(manner === 'ours' && { wire: WIRE_VERSION }) }
      const client = new TestClient(await all.node.wire.connect({ auth }))
      await clock.run(0)
      return client
    },
    drain(windowMs = WINDOW_MS) {
      const begunAt = clock.now()
      const draining = { over: Promise.resolve(), took: undefined as number | undefined }
      draining.over = all.node.gateway.drain(windowMs).then(() => {
        draining.took = clock.now() - begunAt
      })
      return draining
    },
  }
}

/** Lets the client do as ours does: it goes so long after it is told to. */
function goesAfter({ memory }: TestClient, clock: FakeClock, ms: number): void {
  memory.onSeen = ({ event }) => {
    if (event === 'goaway') clock.after(ms, () => memory.close())
  }
}

describe('a drain', () => {
  it('tells our clients to move and waits for them, and closes stock clients one by one', async (t) => {
    const { clock, come, drain, node, ann, reported } = await scene(t)
    const [ours, stock] = [await come('ours'), [] as TestClient[]]
    for (let i = 0; i < 5; i++) stock.push(await come('stock'))
    goesAfter(ours, clock, 300)
    const closed: number[] = []
    const begunAt = clock.now()
    for (const { memory } of stock) {
      memory.onSeen = ({ event }) => {
        assert.notEqual(event, 'goaway')
        if (event === 'closed') closed.push(clock.now() - begunAt)
      }
    }
    const draining = drain()
    assert.equal(await refusedWith(node.wire.connect({ auth: { token: ann.token } })), 'draining')
    await clock.run(WINDOW_MS)
    await draining.over
    assert.equal(new Set(closed).size, 5, `in slots of their own: ${closed}`)
    assert.ok(closed.every((at) => at < WINDOW_MS))
    for (const { memory } of stock) {
      assert.deepEqual(memory.closedBy, { reason: 'draining', reconnect: true })
    }
    assert.equal(ours.memory.closedBy?.reason, 'client closed')
    assert.deepEqual(ours.all('goaway'), [{ withinMs: LIMITS.slotMs }])
    const of = (stage: string) => reported.filter((line) => line === `drained ${stage}`).length
    assert.deepEqual([of('told'), of('moved'), of('closed'), of('cut')], [1, 1, 5, 0])
  })

  it('closes those of ours that have nowhere to go, soon', async (t) => {
    const { clock, come, drain } = await scene(t)
    const clients = [await come('ours'), await come('ours'), await come('ours')]
    const draining = drain()
    await clock.run(LIMITS.graceMsMax + 2 * LIMITS.tickMs)
    await draining.over
    for (const { memory } of clients) {
      assert.deepEqual(memory.closedBy, { reason: 'draining', reconnect: true })
    }
  })

  it('keeps those whom the others refuse for now, as long as they take anybody, and ends in any case', async (t) => {
    const { clock, come, drain, node } = await scene(t, {
      options: { limits: { connectionsPerPersonMax: 100 } },
    })
    const clients: TestClient[] = []
    for (let i = 0; i < 24; i++) clients.push(await come('ours'))
    // The others take one in a second.
    const refused: TestClient[] = []
    for (const client of clients) {
      client.memory.onSeen = ({ event }) => event === 'goaway' && refused.push(client)
    }
    const taking = clock.every(1_000, () => refused.shift()?.memory.close())
    const draining = drain()
    await clock.run(WINDOW_MS)
    const { left, of, state, stages } = node.gateway.drainProgress()
    assert.ok(left >= 14 && of === 24 && state === 'draining', `${left} left`)
    assert.equal(stages.stayed, 0)
    await clock.run(drainMsMax(WINDOW_MS) - WINDOW_MS + LIMITS.tickMs)
    await draining.over
    taking.cancel()
    const progress = node.gateway.drainProgress()
    assert.deepEqual([progress.left, progress.state], [0, 'drained'])
    assert.ok(progress.stages.cut > 0 && progress.stages.stayed === 0)
    assert.equal(progress.stages.moved + progress.stages.cut + progress.stages.left, 24)
  })

  it('lets a stock client have the answers to what it asked before it is closed', async (t) => {
    const held = Promise.withResolvers<void>()
    const { clock, come, drain, channelId } = await scene(t, {
      between: (store) =>
        overStore(store, {
          append: async (entries) => {
            const isTheirs = entries.some(({ entry }) => entry.kind === 'created')
            if (isTheirs) await held.promise
            return store.append(entries)
          },
        }),
    })
    const client = await come('stock')
    const answer = client.ask('send', { channelId, clientId: 'c-1', text: 'last words' })
    const draining = drain(0)
    await clock.run(LIMITS.tickMs)
    const isClosed = () => client.memory.closedBy !== undefined
    assert.equal(isClosed(), false)
    held.resolve()
    assert.equal((await answer).ok, true)
    await clock.run(LIMITS.tickMs)
    await draining.over
    assert.equal(isClosed(), true)
    assert.equal(client.seqs(channelId).length, 1)
  })

  it('sends those on whose handshake was under way', async (t) => {
    const { drain, node, ann } = await scene(t)
    const coming = refusedWith(node.wire.connect({ auth: { token: ann.token } }))
    const draining = drain()
    assert.equal(await coming, 'draining')
    await draining.over
    assert.equal(node.gateway.drainProgress().of, 0)
  })

  it('of nobody is over at once, and stopping ends one that is under way', async (t) => {
    const { nodes, ann } = await scene(t, { nodes: 2 })
    const [here, there] = nodes
    assert.ok(here && there)
    assert.equal(there.gateway.drainProgress().state, 'ready')
    await there.gateway.drain(WINDOW_MS)
    assert.equal(there.gateway.drainProgress().state, 'drained')
    const client = await here.wire.connect({ auth: { token: ann.token, wire: WIRE_VERSION } })
    const draining = here.gateway.drain(WINDOW_MS)
    await here.gateway.stop()
    await draining
    assert.deepEqual(client.closedBy, { reason: 'draining', reconnect: true })
  })
})
