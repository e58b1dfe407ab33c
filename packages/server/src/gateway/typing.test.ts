import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { LIMITS } from '@madang/protocol'
import { given } from './testing/given.ts'
import { TestClient } from './testing/test-client.ts'

async function scene(t: Parameters<typeof given>[0]) {
  const clock = new FakeClock()
  const world = await given(t, { clock, nodes: 2 })
  const [here, there] = world.nodes
  assert.ok(here && there)
  const open = async (node: typeof here, token: string, cursors?: object) => {
    const client = new TestClient(await node.wire.connect({ auth: { token, ...cursors } }))
    await clock.run(0)
    return client
  }
  const a = await open(here, world.ann.token)
  const b = await open(there, world.bob.token)
  const ask = (client: TestClient, typing: boolean) => {
    client.memory.emit('typing', { channelId: world.channelId, typing })
    return clock.run(0)
  }
  const names = (client: TestClient) =>
    client.all('typing').map(({ people }) => people.map(({ name }) => name).join())
  return { ...world, clock, here, there, open, a, b, ask, names }
}

describe('typing', () => {
  it('is shown at once to whoever has the channel open, on any node, and forgotten by itself', async (t) => {
    const { clock, a, b, ask, names, channelId } = await scene(t)
    await ask(a, true)
    assert.deepEqual([names(a), names(b)], [['ann'], ['ann']])
    assert.deepEqual(b.all('typing')[0]?.channelId, channelId)
    await clock.run(LIMITS.typingExpiryMs + LIMITS.typingIntervalMs)
    assert.deepEqual(
      [names(a), names(b)],
      [
        ['ann', ''],
        ['ann', ''],
      ],
    )
  })

  it('is told once a second at most, however often it is said', async (t) => {
    const { clock, a, b, ask, names } = await scene(t)
    for (let i = 0; i < 20; i++) {
      await ask(a, true)
      await clock.run(100)
    }
    assert.deepEqual([names(a), names(b)], [['ann'], ['ann']])
    await ask(b, true)
    await ask(b, false)
    await ask(b, true)
    await clock.run(2_000)
    assert.deepEqual(names(b).slice(0, 2), ['ann', 'ann,bob'])
    assert.ok(names(b).length <= 4)
  })

  it('ends when the person says so, or has written', async (t) => {
    const { clock, core, a, ask, names, ann, channelId } = await scene(t)
    await ask(a, true)
    await ask(a, false)
    await clock.run(1_000)
    assert.deepEqual(names(a), ['ann', ''])
    await clock.run(1_000)
    await ask(a, true)
    await core.messages.send(ann.person, { channelId, clientId: 't1', text: 'x' })
    await clock.run(1_000)
    assert.deepEqual(names(a), ['ann', '', 'ann', ''])
  })

  it('is of those only who are in the channel, and told to nobody who is not', async (t) => {
    const { clock, here, open, core, a, b, ask, names, ann, bob, channelId, ...world } =
      await scene(t)
    const closed = await open(here, bob.token, { cursors: {} })
    const cyd = await open(here, (await world.guest('cyd')).token)
    assert.deepEqual(
      await Promise.race([
        cyd.refusal('typing', { channelId, typing: true }),
        clock.run(10).then(() => 'unanswered'),
      ]),
      'not_member',
    )
    await ask(b, true)
    assert.deepEqual(names(a), ['bob'])
    await core.channels.kick(ann.person, { channelId, personId: bob.person.id })
    await clock.run(2_000)
    assert.deepEqual(names(a), ['bob', ''])
    await ask(a, true)
    await clock.run(2_000)
    assert.deepEqual(names(a), ['bob', '', 'ann'])
    assert.deepEqual(names(b), ['bob'])
    assert.deepEqual([names(closed), names(cyd)], [[], []])
  })
})
