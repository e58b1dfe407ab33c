import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { LIMITS } from '@madang/protocol'
import { given } from './testing/given.ts'
import { TestClient } from './testing/test-client.ts'

describe('a digest', () => {
  it('tells once a second at most how far a channel is, and how many messages it has', async (t) => {
    const clock = new FakeClock()
    const { node, core, ann, bob, channelId, communityId } = await given(t, { clock })
    const auth = { token: bob.token, cursors: {} }
    const client = new TestClient(await node.wire.connect({ auth }))
    await clock.run(0)
    const { head, messages } = await core.reading.readable(bob.person, channelId)
    let sent = 0
    const say = async (times: number) => {
      for (let i = 0; i < times; i++) {
        const what = { channelId, clientId: `d${++sent}`, text: 'x' }
        await core.messages.send(ann.person, what)
        await clock.run(0)
      }
    }
    await say(3)
    const digest = (more: number) => {
      const [at, count] = [head + more, messages + more]
      return { channelId, communityId, head: at, messages: count }
    }
    assert.deepEqual(client.all('digest'), [digest(1)])
    await clock.run(999)
    assert.equal(client.all('digest').length, 1)
    await clock.run(1)
    assert.deepEqual(client.all('digest'), [digest(1), digest(3)])
    await clock.run(5_000)
    assert.equal(client.all('digest').length, 2)
    await core.messages.delete(ann.person, { channelId, target: head + 1 })
    await core.channels.rename(ann.person, { channelId, topic: 'new' })
    await clock.run(1_000)
    assert.deepEqual(client.all('digest').at(-1), {
      ...digest(5),
      messages: messages + 2,
    })
    const now = await core.reading.readable(bob.person, channelId)
    assert.deepEqual([now.head, now.messages], [head + 5, messages + 2])
    assert.deepEqual(client.all('event'), [])
  })

  it('tells of what came between the handshake’s reading and its watching', async (t) => {
    const clock = new FakeClock()
    const { nodes, core, ann, bob, channelId } = await given(t, { clock, nodes: 2 })
    const [, there] = nodes
    assert.ok(there)
    const connecting = there.wire.connect({ auth: { token: bob.token, cursors: {} } })
    const client = new TestClient(await connecting)
    const what = { channelId, clientId: 'between', text: 'x' }
    const { seq } = await core.messages.send(ann.person, what)
    await clock.run(1_000)
    assert.deepEqual(
      client.all('digest').map(({ head }) => head),
      [seq],
    )
  })

  it('comes also where everybody on the node was too far behind to count the channel', async (t) => {
    const clock = new FakeClock()
    const { node, core, ann, bob, channelId } = await given(t, { clock })
    const say = (clientId: string) =>
      core.messages.send(ann.person, { channelId, clientId, text: 'x' })
    for (let i = 0; i < LIMITS.replayEventsMax + 5; i++) await say(`before-${i}`)
    const auth = { token: bob.token, cursors: { [channelId]: 0 } }
    const client = new TestClient(await node.wire.connect({ auth }))
    await clock.run(0)
    assert.equal((await client.nth('ready')).replays[0]?.limited, true)
    assert.equal((await client.ask('sync', { close: [channelId] })).ok, true)
    await clock.run(1_000)
    const { seq } = await say('after')
    await clock.run(1_000)
    const { messages } = await core.reading.readable(bob.person, channelId)
    const last = client.all('digest').at(-1)
    assert.deepEqual([last?.head, last?.messages], [seq, messages])
  })

  it('is not told to somebody who was removed before its interval ended', async (t) => {
    const clock = new FakeClock()
    const { node, core, ann, bob, channelId } = await given(t, { clock })
    const auth = { token: bob.token, cursors: {} }
    const client = new TestClient(await node.wire.connect({ auth }))
    await clock.run(0)
    for (const clientId of ['k1', 'k2']) {
      await core.messages.send(ann.person, { channelId, clientId, text: 'x' })
    }
    await core.channels.kick(ann.person, { channelId, personId: bob.person.id })
    await core.messages.send(ann.person, { channelId, clientId: 'k3', text: 'x' })
    await clock.run(5_000)
    assert.equal(client.all('digest').length, 1)
    assert.deepEqual(client.all('gone'), [{ channelId, reason: 'kicked' }])
  })
})
