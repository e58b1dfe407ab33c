// Many who come at once: they are let in as fast as the node bears, and all of them are in at the end.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { WIRE_VERSION } from '@madang/protocol'
import { given } from './testing/given.ts'
import { Refused } from './testing/memory-wire.ts'
import { overStore } from './testing/over-store.ts'
import { connect, TestClient } from './testing/test-client.ts'

const wide = { burst: 10_000, perSecond: 10_000 }

describe('a storm of newcomers', () => {
  it('is spread over as long as the node needs for so many: a few come back at once', async (t) => {
    const { node, ann } = await given(t, {
      options: {
        connects: { burst: 100, perSecond: 100 },
        limits: { connectionsPerPersonMax: 1_000 },
        rates: { address: wide },
      },
    })
    const told: (number | undefined)[] = []
    for (let at = 0; at < 3; at++)
      told.push((await (await connect(node, ann)).nth('ready')).spreadMs)
    assert.deepEqual(told, [10, 20, 30])
    const clients = await Promise.all(Array.from({ length: 90 }, () => connect(node, ann)))
    for (const client of clients) client.memory.close()
    const after = await connect(node, ann)
    assert.equal((await after.nth('ready')).spreadMs, 40)
  })

  it('is told nothing of it where nothing is bounded', async (t) => {
    const { node, ann } = await given(t)
    assert.equal((await (await connect(node, ann)).nth('ready')).spreadMs, undefined)
  })

  it('is told when to come again, and is let in at the rate of the node', async (t) => {
    const clock = new FakeClock()
    const { node, ann, reported } = await given(t, {
      clock,
      options: {
        connects: { burst: 20, perSecond: 20 },
        limits: { connectionsPerPersonMax: 1_000 },
        rates: { address: wide },
      },
    })
    const began = clock.now()
    const entered: number[] = []
    const come = async (): Promise<void> => {
      for (;;) {
        try {
          await node.wire.connect({ auth: { token: ann.token, wire: WIRE_VERSION } })
          entered.push(clock.now() - began)
          return
        } catch (thrown) {
          assert.ok(thrown instanceof Refused)
          const { code, limit, retryAfterMs = 0 } = thrown.error
          assert.deepEqual([code, limit], ['busy', 'connectsPerSecond'])
          assert.ok(retryAfterMs > 0)
          await new Promise<void>((resolve) => clock.after(retryAfterMs, resolve))
        }
      }
    }
    const all = Promise.all(Array.from({ length: 200 }, come))
    await clock.run(30_000)
    await all
    for (let second = 0; second < 10; second++) {
      const count = entered.filter((at) => Math.floor(at / 1_000) === second).length
      assert.ok(count <= 40, `${count} came in second ${second}`)
    }
    const held = (where: string) => reported.filter((line) => line === `held back ${where}`).length
    // A browser learns its slot from a handshake, so that some are begun for it; the rest costs nearly nothing.
    assert.ok(held('entrance') >= 20 && held('knock') >= 100)
  })

  it('asks the store for all of a turn together', async (t) => {
    const calls = { belongings: 0, eventsAfter: 0, history: 0 }
    const counted = <Args extends unknown[], Answer>(
      name: keyof typeof calls,
      call: (...args: Args) => Answer,
    ) => {
      return (...args: Args): Answer => {
        calls[name]++
        return call(...args)
      }
    }
    const { node, ann, bob, channelId, core } = await given(t, {
      options: { limits: { connectionsPerPersonMax: 1_000 }, rates: { address: wide } },
      between: (store) =>
        overStore(store, {
          belongings: counted('belongings', (ids) => store.belongings(ids)),
          eventsAfter: counted('eventsAfter', (asked) => store.eventsAfter(asked)),
          history: counted('history', (asked) => store.history(asked)),
        }),
    })
    for (let at = 1; at <= 5; at++) {
      const what = { channelId, clientId: `c-${at}`, text: `text ${at}` }
      await core.messages.send(ann.person, what)
    }
    Object.assign(calls, { belongings: 0, eventsAfter: 0, history: 0 })
    const clients = await Promise.all(
      Array.from({ length: 300 }, (_, at) =>
        connect(node, at % 2 === 0 ? ann : bob, { [channelId]: 2 + (at % 3) }),
      ),
    )
    for (const client of clients) {
      const [replay] = (await client.nth('ready')).replays
      assert.ok(replay && replay.events.length > 0 && !replay.limited)
    }
    assert.ok(calls.belongings <= 75, `${calls.belongings} calls for 300 people`)
    assert.ok(calls.eventsAfter <= 75, `${calls.eventsAfter} calls for 300 cursors`)
    assert.equal(calls.history, 0)
  })

  it('leaves each turn of the event loop to those who are in already', async (t) => {
    const perTurn = 4
    const { node, ann, reported } = await given(t, {
      options: {
        bounds: { admissionsPerTurn: perTurn },
        limits: { connectionsPerPersonMax: 1_000 },
        rates: { address: wide },
      },
    })
    const entered = () => reported.filter((line) => line === 'handshake ok').length
    const before = entered()
    let isOver = false
    const all = Promise.all(Array.from({ length: 40 }, () => connect(node, ann))).then(() => {
      isOver = true
    })
    const turns = [before]
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve))
      turns.push(entered())
    }
    await all
    const most = Math.max(...turns.map((count, at) => count - (turns[at - 1] ?? count)))
    assert.equal(entered() - before, 40)
    assert.ok(most <= 2 * perTurn, `${most} came in within one turn`)
  })

  it('waits in order for what it missed, and is told to come again where that takes too long', async (t) => {
    const clock = new FakeClock()
    const gate = Promise.withResolvers<void>()
    const { node, ann, channelId } = await given(t, {
      clock,
      options: { bounds: { replaysRunningMax: 1, replaysWaitingMax: 1, replayWaitMsMax: 2_000 } },
      between: (store) =>
        overStore(store, {
          eventsAfter: async (asked) => {
            await gate.promise
            return store.eventsAfter(asked)
          },
        }),
    })
    const auth = { token: ann.token, wire: WIRE_VERSION, cursors: { [channelId]: 0 } }
    const clients: TestClient[] = []
    for (let i = 0; i < 3; i++) clients.push(new TestClient(await node.wire.connect({ auth })))
    await clock.run(0)
    const [first, second, third] = clients
    assert.deepEqual(third?.memory.closedBy, { reason: 'busy', reconnect: true })
    const [told] = third?.all('closed') ?? []
    assert.equal(told?.error.limit, 'replaysWaitingMax')
    assert.ok((told?.error.retryAfterMs ?? 0) >= 1_000)
    assert.deepEqual(node.gateway.replays(), { running: 1, waiting: 1 })
    await clock.run(2_000)
    assert.equal(second?.memory.closedBy?.reason, 'busy')
    gate.resolve()
    await clock.run(10)
    assert.equal(first?.all('ready').length, 1)
    assert.deepEqual(node.gateway.replays(), { running: 0, waiting: 0 })
  })
})
