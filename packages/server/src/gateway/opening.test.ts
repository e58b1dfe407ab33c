import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cursor, LIMITS } from '@madang/protocol'
import { StoreError } from '../store/store.ts'
import { type Given, given } from './testing/given.ts'
import { overStore } from './testing/over-store.ts'
import { connect, type TestClient } from './testing/test-client.ts'

let sent = 0

/** Resolves to the last seq. */
async function say({ core, ann }: Given, channelId: string, times: number, text = 'x') {
  const sending = Array.from({ length: times }, () =>
    core.messages.send(ann.person, { channelId, clientId: `o${++sent}`, text }),
  )
  return (await Promise.all(sending)).at(-1)?.seq ?? 0
}

async function replayOf(client: TestClient, channelId: string) {
  const { replays } = await client.nth('ready')
  const replay = replays.find((each) => each.channelId === channelId)
  assert.ok(replay)
  return replay
}

describe('a handshake with cursors', () => {
  it('opens the named channels with what was missed, and leaves the others to digests', async (t) => {
    const world = await given(t)
    const { node, bob, channelId } = world
    const other = await world.place(world.ann, [bob])
    const head = await say(world, channelId, 5)
    const client = await connect(node, bob, { [channelId]: head - 3 })
    const ready = await client.nth('ready')
    assert.deepEqual(ready.open, [channelId])
    const replay = await replayOf(client, channelId)
    assert.deepEqual(
      replay.events.map(({ seq }) => seq),
      [head - 2, head - 1, head],
    )
    assert.deepEqual([replay.head, replay.limited, replay.error], [head, false, undefined])
    await say(world, channelId, 1)
    await say(world, other.channelId, 1)
    await client.nth('digest')
    assert.deepEqual(client.seqs(channelId), [head + 1])
    assert.deepEqual(client.seqs(other.channelId), [])
    assert.deepEqual(
      client.all('digest').map((digest) => digest.channelId),
      [other.channelId],
    )
  })

  it('opens nothing where nothing is named', async (t) => {
    const world = await given(t)
    const client = await connect(world.node, world.bob, {})
    const ready = await client.nth('ready')
    assert.deepEqual([ready.open, ready.replays], [[], []])
    assert.equal(ready.channels.length, 2)
    await say(world, world.channelId, 1)
    await client.nth('digest')
    assert.deepEqual(client.all('event'), [])
  })

  it('gives the latest page where the cursor is nothing, too old, of another epoch or of no log', async (t) => {
    const world = await given(t)
    const { node, bob, channelId } = world
    const head = await say(world, channelId, LIMITS.replayEventsMax + 5)
    const cursors: Cursor[] = [null, 0, { seq: head, epoch: 'other' }, head + 1_000]
    for (const cursor of cursors) {
      const client = await connect(node, bob, { [channelId]: cursor })
      const { events, limited, head: at } = await replayOf(client, channelId)
      assert.deepEqual([limited, at], [true, head], JSON.stringify(cursor))
      assert.equal(events.length, LIMITS.replayPageEvents)
      assert.equal(events.at(-1)?.seq, head)
      client.memory.close()
    }
    const { epoch } = await world.core.reading.readable(bob.person, channelId)
    const client = await connect(node, bob, { [channelId]: { seq: head - 2, epoch } })
    assert.equal((await replayOf(client, channelId)).events.length, 2)
  })

  it('says of each channel that cannot be opened why, and opens the others', async (t) => {
    const world = await given(t)
    const { node, bob, channelId, communityId } = world
    const cyd = await world.guest('cyd')
    const foreign = await world.place(cyd)
    const secret = await world.core.channels.create(world.ann.person, {
      communityId,
      kind: 'text',
      visibility: 'private',
      name: 'secret',
    })
    const nowhere = '00000000-0000-7000-8000-000000000000'
    const cursors = { [nowhere]: 0, [foreign.channelId]: 0, [secret.id]: 0, [channelId]: null }
    const client = await connect(node, bob, cursors)
    const ready = await client.nth('ready')
    assert.deepEqual(ready.open, [channelId])
    for (const id of [nowhere, foreign.channelId, secret.id]) {
      assert.equal((await replayOf(client, id)).error?.code, 'not_found')
    }
    await world.core.messages.send(cyd.person, {
      channelId: foreign.channelId,
      clientId: 'f1',
      text: 'not yours',
    })
    const { seq } = await world.core.messages.send(world.ann.person, {
      channelId: secret.id,
      clientId: 'f2',
      text: 'not yours',
    })
    assert.ok(seq > 0)
    await say(world, channelId, 1)
    await client.nth('event')
    assert.deepEqual(
      client.memory.seen.map(({ event }) => event),
      ['ready', 'event'],
    )
  })

  it('opens so many channels at most, and says which are beyond', async (t) => {
    const options = { limits: { openChannelsMax: 2 } }
    const world = await given(t, { options })
    const places = [world.channelId]
    for (let i = 0; i < 3; i++) places.push((await world.place(world.ann, [world.bob])).channelId)
    const named = await connect(
      world.node,
      world.bob,
      Object.fromEntries(places.map((id) => [id, 0])),
    )
    const { open, replays } = await named.nth('ready')
    assert.equal(open.length, 2)
    const beyond = replays.filter(({ error }) => error?.code === 'limit_reached')
    assert.equal(beyond.length, 2)
    const unnamed = await connect(world.node, world.bob)
    assert.equal((await unnamed.nth('ready')).open.length, 2)
    for (const id of places) await say(world, id, 1)
    for (const client of [named, unnamed]) {
      await client.until(() => client.all('event').length + client.all('digest').length >= 4)
      const open = (await client.nth('ready')).open
      const events = client.all('event').map(({ channelId }) => channelId)
      assert.deepEqual(
        new Set(events.filter((id) => places.includes(id))),
        new Set(open.filter((id) => places.includes(id))),
      )
    }
  })

  it('repeats no more than fits into a packet; what does not is limited', async (t) => {
    const world = await given(t)
    const other = await world.place(world.ann, [world.bob])
    const before = [await say(world, world.channelId, 1), await say(world, other.channelId, 1)]
    const long = '한'.repeat(LIMITS.textCharsMax)
    await say(world, world.channelId, 30, long)
    await say(world, other.channelId, 30, long)
    const client = await connect(world.node, world.bob, {
      [world.channelId]: before[0] ?? 0,
      [other.channelId]: before[1] ?? 0,
    })
    const replays = [
      await replayOf(client, world.channelId),
      await replayOf(client, other.channelId),
    ]
    assert.deepEqual(
      replays.map(({ events, limited }) => [events.length, limited]),
      [
        [30, false],
        [0, true],
      ],
    )
    const ready = client.memory.seen[0]
    assert.ok(Buffer.byteLength(JSON.stringify(ready)) < LIMITS.connectionBytesQueuedMax / 2)
    const page = await client.ask('history', { channelId: other.channelId })
    assert.ok(Array.isArray(page.events) && page.events.length > 0 && page.more === true)
  })

  it('says that a channel cannot be opened while the store is away, and digests it afterwards', async (t) => {
    let away = false
    const world = await given(t, {
      options: { bounds: { watchRetryMs: 5 } },
      between: (store) =>
        overStore(store, {
          heads: async (ids) => {
            if (away) throw new StoreError('unavailable', 'away')
            return store.heads(ids)
          },
        }),
    })
    away = true
    const client = await connect(world.node, world.bob, { [world.channelId]: 0 })
    const replay = await replayOf(client, world.channelId)
    assert.equal(replay.error?.code, 'unavailable')
    assert.equal(replay.error?.retry, 'later')
    away = false
    await say(world, world.channelId, 1)
    await client.nth('digest')
    const answer = await client.ask('sync', { open: { [world.channelId]: 0 } })
    assert.equal(answer.ok, true)
    await say(world, world.channelId, 1)
    await client.nth('event')
  })
})

describe('sync', () => {
  it('opens, closes and opens again, with every event once', async (t) => {
    const world = await given(t)
    const { node, bob, channelId } = world
    const head = await say(world, channelId, 2)
    const client = await connect(node, bob, {})
    const first = await client.ask('sync', { open: { [channelId]: head - 1 } })
    const { events } = (first.replays as { events: { seq: number }[] }[])[0] ?? { events: [] }
    assert.deepEqual(
      events.map(({ seq }) => seq),
      [head],
    )
    await say(world, channelId, 1)
    await client.nth('event')
    assert.deepEqual(await client.ask('sync', { close: [channelId] }), { ok: true, replays: [] })
    await say(world, channelId, 2)
    await client.nth('digest')
    assert.equal(client.all('event').length, 1)
    const again = await client.ask('sync', { open: { [channelId]: head + 1 } })
    const replay = (again.replays as { events: { seq: number }[]; head: number }[])[0]
    assert.deepEqual(
      replay?.events.map(({ seq }) => seq),
      [head + 2, head + 3],
    )
    await say(world, channelId, 1)
    await client.nth('event', 2)
    assert.deepEqual(client.seqs(channelId), [head + 1, head + 4])
  })

  it('gives a page that knows more than the node’s feed, and nothing of it again', async (t) => {
    const world = await given(t, { nodes: 2 })
    const { nodes, hub, bob, channelId } = world
    const [, far] = nodes
    assert.ok(far)
    const client = await connect(far, bob)
    hub.cut()
    const head = await say(world, channelId, 3)
    const joined = await client.ask('join', { channelId })
    const replay = joined.replay as { head: number; limited: boolean }
    assert.deepEqual([replay.head, replay.limited], [head, true])
    assert.equal(far.feeds.head(channelId), head, 'the feed has caught up with the page')
    hub.heal()
    await say(world, channelId, 1)
    await client.until(() => client.seqs(channelId).includes(head + 1))
    assert.deepEqual(client.seqs(channelId), [head + 1])
  })

  it('opens a live channel to whoever is in its community, and lets go of it', async (t) => {
    const world = await given(t)
    const { node, core, ann, communityId } = world
    const cyd = await world.guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const client = await connect(node, cyd, {})
    const { id } = await core.channels.create(ann.person, {
      communityId,
      kind: 'live',
      name: 'show',
    })
    const head = await say(world, id, 1)
    const opened = await client.ask('sync', { open: { [id]: null } })
    const [replay] = opened.replays as { head: number; error?: object }[]
    assert.deepEqual([replay?.head, replay?.error], [head, undefined])
    await say(world, id, 1)
    await client.nth('event')
    await client.ask('sync', { close: [id] })
    await say(world, id, 1)
    const [outsider] = [await world.guest('dan')]
    const foreign = await connect(node, outsider, {})
    const refused = await foreign.ask('sync', { open: { [id]: null } })
    assert.equal((refused.replays as { error?: { code: string } }[])[0]?.error?.code, 'not_found')
    assert.equal(client.all('event').length, 1)
  })

  it('lets go of watched channels when the person is out of the community', async (t) => {
    const world = await given(t, { nodes: 2 })
    const { nodes, core, ann, communityId } = world
    const cyd = await world.guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const show = { communityId, kind: 'live', name: 'show' } as const
    const { id } = await core.channels.create(ann.person, show)
    const clients = []
    for (const node of nodes) clients.push(await connect(node, cyd))
    await core.communities.ban(ann.person, { communityId, personId: cyd.person.id })
    for (const client of clients) {
      await client.until(() => client.all('gone').some(({ channelId }) => channelId === id))
      const told = await client.nth('community')
      assert.deepEqual([told.community.id, told.community.role], [communityId, null])
    }
    await say(world, id, 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    for (const client of clients) assert.deepEqual(client.seqs(id), [])
  })
})
