import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryHub } from '@madang/fanout'
import { FakeClock } from '@madang/fanout/testing'
import { LIMITS } from '@madang/protocol'
import { GATEWAY_BOUNDS } from './bounds.ts'
import { given } from './testing/given.ts'
import { TestClient } from './testing/test-client.ts'
import type { Guest } from './testing/world.ts'

async function scene(t: Parameters<typeof given>[0], limits = {}, hub = new MemoryHub()) {
  const clock = new FakeClock()
  const world = await given(t, { clock, nodes: 2, hub, options: { limits } })
  const [here, there] = world.nodes
  assert.ok(here && there)
  const open = async (node: typeof here, { token }: Guest) => {
    const client = new TestClient(await node.wire.connect({ auth: { token } }))
    await clock.run(0)
    return client
  }
  const names = async (client: TestClient) => {
    const { presence } = await client.nth('ready')
    const whole = presence.find(({ communityId }) => communityId === world.communityId)
    const online = new Map(whole?.online.map(({ id, name }) => [id, name]))
    for (const change of client.all('presence')) {
      assert.equal(change.communityId, world.communityId)
      for (const { id, name } of change.online) online.set(id, name)
      for (const id of change.offline) online.delete(id)
    }
    return [...online.values()].sort().join()
  }
  return { ...world, clock, here, there, open, names }
}

describe('presence', () => {
  it('shows who is online on any node, whichever came first', async (t) => {
    const { clock, here, there, open, names, ann, bob } = await scene(t)
    const a = await open(here, ann)
    assert.equal(await names(a), 'ann')
    const b = await open(there, bob)
    await clock.run(1_000)
    assert.deepEqual([await names(a), await names(b)], ['ann,bob', 'ann,bob'])
    b.memory.close()
    await clock.run(1_000)
    assert.equal(await names(a), 'ann')
    assert.equal(a.all('presence').at(-1)?.count, 1)
  })

  it('says nothing of a person’s second connection, nor of a reload', async (t) => {
    const { clock, here, there, open, names, ann, bob } = await scene(t)
    const a = await open(here, ann)
    const b = await open(there, bob)
    await clock.run(3_000)
    const told = a.all('presence').length
    const second = await open(here, bob)
    b.memory.close()
    await clock.run(3_000)
    assert.equal(a.all('presence').length, told)
    second.memory.close()
    await open(there, bob)
    await clock.run(3_000)
    assert.ok(a.all('presence').length <= told + 1)
    assert.equal(await names(a), 'ann,bob')
  })

  it('is told once a second at most, and above the limit as a count', async (t) => {
    const { clock, here, open, ann, core, communityId, guest } = await scene(t, {
      presencePeopleMax: 3,
    })
    const a = await open(here, ann)
    await clock.run(2_000)
    const crowd = []
    for (let i = 0; i < 5; i++) {
      const person = await guest(`p${i}`)
      await core.communities.join(person.person, communityId)
      crowd.push(await open(here, person))
    }
    await clock.run(2_000)
    const told = a.all('presence')
    assert.ok(told.length <= 3)
    assert.deepEqual(told.at(-1), { communityId, online: [], offline: [], count: 6 })
    const { presence } = (await crowd[4]?.nth('ready')) ?? {}
    assert.deepEqual(presence?.[0], { communityId, online: [], count: 6 })
    for (const { memory } of crowd.slice(1)) memory.close()
    await clock.run(2_000)
    const last = a.all('presence').at(-1)
    assert.deepEqual([last?.count, last?.online.map(({ name }) => name).sort()], [2, ['ann', 'p0']])
  })

  it('forgets a node that died, and learns of one whose notes were lost', async (t) => {
    const { clock, here, there, open, names, hub, ann, bob } = await scene(t)
    const a = await open(here, ann)
    hub.cut()
    const b = await open(there, bob)
    await clock.run(3_000)
    assert.equal(await names(a), 'ann')
    hub.heal()
    await clock.run(21_000)
    assert.deepEqual([await names(a), await names(b)], ['ann,bob', 'ann,bob'])
    hub.cut()
    await clock.run(90_000)
    assert.deepEqual([await names(a), await names(b)], ['ann', 'bob'])
  })

  it('ends for whoever leaves the community, and begins for whoever comes into it', async (t) => {
    const { clock, here, there, open, names, core, ann, bob, communityId, guest } = await scene(t)
    const [a, b] = [await open(here, ann), await open(there, bob)]
    const cyd = await guest('cyd')
    const c = await open(there, cyd)
    await core.communities.join(cyd.person, communityId)
    await clock.run(3_000)
    assert.equal((await c.nth('community')).community.role, 'member')
    for (const client of [a, b, c]) assert.equal(await names(client), 'ann,bob,cyd')
    await core.communities.remove(ann.person, { communityId, personId: cyd.person.id })
    await clock.run(3_000)
    assert.equal(await names(a), 'ann,bob')
    const told = c.all('presence').length
    b.memory.close()
    await clock.run(3_000)
    assert.equal(c.all('presence').length, told)
    assert.equal(await names(a), 'ann')
  })
})

describe('presence, when a node dies', () => {
  /** Within the silence, the pulse that finds it, and the interval of telling. */
  const boundMs =
    GATEWAY_BOUNDS.nodeSilenceMsMax + GATEWAY_BOUNDS.pulseMs + LIMITS.presenceIntervalMs

  it('has its people offline within the stated time, but not who is elsewhere too', async (t) => {
    const { clock, here, there, open, names, ann, bob, communityId, core, guest } = await scene(t)
    const cyd = await guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const a = await open(here, ann)
    await open(there, bob)
    await open(there, cyd)
    const second = await open(here, cyd)
    await clock.run(3_000)
    assert.equal(await names(a), 'ann,bob,cyd')
    await there.die()
    await clock.run(boundMs)
    assert.equal(await names(a), 'ann,cyd')
    second.memory.close()
    await clock.run(2_000)
    assert.equal(await names(a), 'ann')
  })

  it('finds out about one that dies before its first pulse as well', async (t) => {
    const { clock, here, there, open, names, ann, bob } = await scene(t)
    const a = await open(here, ann)
    await open(there, bob)
    await clock.run(1_000)
    assert.equal(await names(a), 'ann,bob')
    await there.die()
    await clock.run(boundMs)
    assert.equal(await names(a), 'ann')
  })

  it('takes a broker that is away for no death, and everybody agrees soon after it is back', async (t) => {
    const { clock, here, there, open, names, hub, ann, bob, communityId, core, guest } =
      await scene(t)
    const cyd = await guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const [a, b] = [await open(here, ann), await open(there, bob)]
    await clock.run(3_000)
    hub.cut()
    await clock.run(30_000)
    assert.equal(await names(a), 'ann,bob')
    await open(there, cyd)
    b.memory.close()
    await clock.run(30_000)
    hub.heal()
    await clock.run(GATEWAY_BOUNDS.presenceGapMs + 2_000)
    assert.equal(await names(a), 'ann,cyd')
  })

  it('has everybody of other nodes fade in a long outage, and back soon after it, whatever was lost', async (t) => {
    const forgetful = new MemoryHub({ queueFramesMax: 4 })
    const { clock, here, there, open, names, hub, ann, bob, communityId, core, guest } =
      await scene(t, {}, forgetful)
    const cyd = await guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const [a, b] = [await open(here, ann), await open(there, bob)]
    await clock.run(3_000)
    assert.equal(await names(a), 'ann,bob')
    hub.cut()
    await clock.run(GATEWAY_BOUNDS.presenceSilenceMsMax + GATEWAY_BOUNDS.presenceRepeatMs + 2_000)
    assert.equal(await names(a), 'ann')
    await clock.run(40_000)
    const c = await open(there, cyd)
    b.memory.close()
    await clock.run(2_000)
    hub.heal()
    await clock.run(GATEWAY_BOUNDS.presenceGapMs + 2_000)
    assert.deepEqual([await names(a), await names(c)], ['ann,cyd', 'ann,cyd'])
  })
})
