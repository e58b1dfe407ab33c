import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { given } from './testing/given.ts'
import { connect } from './testing/test-client.ts'

describe('a person who is connected on two nodes', () => {
  it('has a new channel open where everything is, and digested where channels are named', async (t) => {
    const { nodes, core, ann, bob, communityId } = await given(t, { nodes: 2 })
    const [here, there] = nodes
    assert.ok(here && there)
    const [all, named] = [await connect(there, bob), await connect(here, bob, {})]
    const secret = { communityId, kind: 'text', visibility: 'private', name: 'secret' } as const
    const { id: channelId } = await core.channels.create(ann.person, secret)
    await core.messages.send(ann.person, { channelId, clientId: 'before', text: 'x' })
    await core.channels.invite(ann.person, { channelId, personId: bob.person.id })
    for (const client of [all, named]) {
      const { channel } = await client.nth('channel')
      assert.deepEqual([channel.id, channel.role], [channelId, 'member'])
    }
    const { head } = (await all.nth('channel')).channel
    const { seq } = await core.messages.send(ann.person, { channelId, clientId: 'n', text: 'x' })
    await all.until(() => all.seqs(channelId).includes(seq))
    assert.deepEqual(
      all.seqs(channelId),
      Array.from({ length: seq - head }, (_, i) => head + 1 + i),
    )
    await named.until(() => named.all('digest').some(({ head }) => head === seq))
    assert.deepEqual(named.seqs(channelId), [])
  })

  it('is told of a channel that has become theirs before they get what they open of it, also where the notice is lost', async (t) => {
    const { nodes, core, hub, ann, bob, communityId } = await given(t, { nodes: 2 })
    const [, there] = nodes
    assert.ok(there)
    const client = await connect(there, bob, {})
    hub.cut()
    const secret = { communityId, kind: 'text', visibility: 'private', name: 'secret' } as const
    const { id: channelId } = await core.channels.create(ann.person, secret)
    await core.channels.invite(ann.person, { channelId, personId: bob.person.id })
    await client.ask('sync', { open: { [channelId]: null }, close: [] })
    const told = client.all('channel').map(({ channel: { id, role, head } }) => [id, role, head])
    assert.deepEqual(told, [[channelId, 'member', 2]])
    await client.ask('sync', { open: {}, close: [channelId] })
    await client.ask('sync', { open: { [channelId]: null }, close: [] })
    assert.equal(client.all('channel').length, 1, 'once')
  })

  it('is told of every change of their place', async (t) => {
    const { nodes, core, ann, bob, channelId, communityId } = await given(t, { nodes: 2 })
    const clients = []
    for (const node of nodes) clients.push(await connect(node, bob))
    const personId = bob.person.id
    await core.channels.setRole(ann.person, { channelId, personId, role: 'moderator' })
    await core.communities.setRole(ann.person, { communityId, personId, role: 'moderator' })
    for (const client of clients) {
      assert.equal((await client.nth('channel')).channel.role, 'moderator')
      assert.equal((await client.nth('community')).community.role, 'moderator')
    }
    await core.communities.remove(ann.person, { communityId, personId })
    for (const client of clients) {
      await client.until(
        () => client.all('gone').length === 2 && client.all('community').length === 2,
      )
      assert.ok(client.all('gone').some((gone) => gone.channelId === channelId))
      assert.equal(client.all('community')[1]?.community.role, null)
      const kicked = client.live(channelId).at(-1)
      assert.equal(kicked?.kind, 'kicked')
    }
    const { seq } = await core.messages.send(ann.person, { channelId, clientId: 'p', text: 'x' })
    for (const client of clients) assert.ok(!client.seqs(channelId).includes(seq))
  })

  it('is brought to where they belong after notices were lost', async (t) => {
    const { nodes, core, hub, ann, bob, communityId } = await given(t, { nodes: 2 })
    const [, there] = nodes
    assert.ok(there)
    const [all, named] = [await connect(there, bob), await connect(there, bob, {})]
    hub.cut()
    const secret = { communityId, kind: 'text', visibility: 'private', name: 'secret' } as const
    const { id: channelId } = await core.channels.create(ann.person, secret)
    await core.channels.invite(ann.person, { channelId, personId: bob.person.id })
    const { community } = await core.communities.create(ann.person, { name: 'Second' })
    await core.communities.invite(ann.person, {
      communityId: community.id,
      personId: bob.person.id,
    })
    hub.heal()
    for (const client of [all, named]) {
      await client.until(() =>
        client.all('channel').some(({ channel }) => channel.id === channelId),
      )
      const told = await client.nth('community')
      assert.deepEqual([told.community.id, told.community.role], [community.id, 'member'])
    }
    const { seq } = await core.messages.send(ann.person, { channelId, clientId: 'n', text: 'x' })
    await all.until(() => all.seqs(channelId).includes(seq))
    await named.until(() => named.all('digest').some((digest) => digest.channelId === channelId))
  })
})
