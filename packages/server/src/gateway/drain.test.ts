import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { given } from './testing/given.ts'
import { refusedWith, TestClient } from './testing/test-client.ts'

describe('a drain', () => {
  it('tells connections to move one after another, and closes those that stay', async (t) => {
    const clock = new FakeClock()
    const { node, ann, bob } = await given(t, { clock })
    const clients: TestClient[] = []
    for (const { token } of [ann, bob, ann, bob]) {
      clients.push(new TestClient(await node.wire.connect({ auth: { token } })))
    }
    await clock.run(0)
    const started = clock.now()
    const told: number[] = []
    const closed: number[] = []
    // The first leaves by itself, before or after it was told: that depends on the order of the drain, which is random.
    for (const { memory } of clients.slice(1)) {
      memory.onSeen = ({ event }) => {
        if (event === 'goaway') told.push(clock.now() - started)
        if (event === 'closed') closed.push(clock.now() - started)
      }
    }
    let done = 0
    const draining = node.gateway.drain(10_000).then(() => {
      done = clock.now() - started
    })
    assert.equal(await refusedWith(node.wire.connect({ auth: { token: ann.token } })), 'draining')
    clients[0]?.memory.close()
    await clock.run(20_000)
    await draining
    assert.deepEqual([told.length, closed.length], [3, 3])
    assert.deepEqual(
      closed,
      told.map((at) => at + 2_000),
    )
    assert.ok(new Set(told).size === 3 && Math.max(...told) <= 10_000)
    assert.ok(done <= 12_000)
    for (const { memory } of clients.slice(1)) {
      assert.deepEqual(memory.closedBy, { reason: 'draining', reconnect: true })
    }
  })

  it('of nobody is over at once, and stopping ends one that is under way', async (t) => {
    const clock = new FakeClock()
    const { nodes, ann } = await given(t, { clock, nodes: 2 })
    const [here, there] = nodes
    assert.ok(here && there)
    await there.gateway.drain(10_000)
    const client = await here.wire.connect({ auth: { token: ann.token } })
    const draining = here.gateway.drain(10_000)
    await here.gateway.stop()
    await draining
    assert.deepEqual(client.closedBy, { reason: 'draining', reconnect: true })
  })
})
