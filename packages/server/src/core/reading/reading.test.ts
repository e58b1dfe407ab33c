import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { LIMITS, type MyChannel, type Person } from '@madang/protocol'
import type { Store } from '../../store/store.ts'
import { type Ground, logOf, refuses, startGround, yard } from '../ground.case.ts'

interface World extends Ground {
  readonly founder: Person
  readonly ann: Person
  readonly general: MyChannel
}

async function world(t: TestContext): Promise<World> {
  const ground = await startGround(t)
  const { founder, community, general } = await yard(ground)
  const ann = await ground.person('Ann')
  await ground.core.communities.join(ann, community.id)
  ground.outlet.notices.length = 0
  return { ...ground, founder, ann, general }
}

async function write({ core, general }: World, by: Person, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const clientId = `${by.name}-${index}-${Math.floor(performance.now() * 1_000)}`
    await core.messages.send(by, { channelId: general.id, clientId, text: `${index}` })
  }
}

test('history and the raw log come in pages of bounded length', async (t) => {
  const the = await world(t)
  const { core, ann, founder, general, store } = the
  await write(the, founder, LIMITS.historyEventsMax + 10)
  const { id: channelId } = general
  const log = await logOf(store, channelId)
  const usual = await core.reading.history(ann, { channelId })
  assert.deepEqual(usual.events, log.slice(-LIMITS.historyEventsDefault))
  assert.deepEqual([usual.more, usual.head], [true, log.length])
  const large = await core.reading.history(ann, { channelId, limit: 100_000 })
  assert.equal(large.events.length, LIMITS.historyEventsMax)
  const first = await core.reading.events(ann, { channelId, after: 0, limit: 3 })
  assert.deepEqual(first, { events: log.slice(0, 3), head: log.length })
  const beyond = await core.reading.events(ann, { channelId, after: log.length + 5 })
  assert.deepEqual(beyond, { events: [], head: log.length })
})

test('a cursor moves forward, never back and never past the head, and all connections learn it', async (t) => {
  const the = await world(t)
  const { core, outlet, ann, founder, general } = the
  await write(the, founder, 3)
  const { id: channelId } = general
  const head = (await core.reading.readable(ann, channelId)).head
  assert.deepEqual(await core.reading.read(ann, { channelId, cursor: head - 1 }), {
    cursor: head - 1,
    unread: 1,
  })
  assert.deepEqual(outlet.take(ann), [{ kind: 'read', channelId, cursor: head - 1, unread: 1 }])
  assert.deepEqual(await core.reading.read(ann, { channelId, cursor: 1 }), {
    cursor: head - 1,
    unread: 1,
  })
  assert.deepEqual(outlet.take(ann), [])
  assert.deepEqual(await core.reading.read(ann, { channelId, cursor: Number.MAX_SAFE_INTEGER }), {
    cursor: head,
    unread: 0,
  })
  assert.deepEqual(outlet.take(ann), [{ kind: 'read', channelId, cursor: head, unread: 0 }])
})

test('reading up to one’s own message tells the other devices, which a send did not', async (t) => {
  const the = await world(t)
  const { core, outlet, ann, general } = the
  const { id: channelId } = general
  const { seq } = await core.messages.send(ann, { channelId, clientId: 'a1', text: 'hi' })
  assert.deepEqual(outlet.take(ann), [])
  assert.deepEqual(await core.reading.read(ann, { channelId, cursor: seq }), {
    cursor: seq,
    unread: 0,
  })
  assert.deepEqual(outlet.take(ann), [{ kind: 'read', channelId, cursor: seq, unread: 0 }])
})

test('unread does not count one’s own and what was deleted', async (t) => {
  const the = await world(t)
  const { core, ann, founder, general } = the
  const { id: channelId } = general
  await write(the, founder, 2)
  const { seq: target } = await core.messages.send(founder, {
    channelId,
    clientId: 'f',
    text: 'no',
  })
  assert.equal((await core.reading.readable(ann, channelId)).unread, 3)
  await core.messages.delete(founder, { channelId, target })
  assert.equal((await core.reading.readable(ann, channelId)).unread, 2)
  assert.equal((await core.reading.readable(founder, channelId)).unread, 0)
})

test('a watcher of a live channel has a cursor without being a member', async (t) => {
  const { core, ann, founder, general } = await world(t)
  const { communityId } = general
  const live = await core.channels.create(founder, { communityId, kind: 'live', name: 'show' })
  const { id: channelId } = live
  const { seq } = await core.messages.send(founder, { channelId, clientId: 'f1', text: 'hi' })
  assert.deepEqual(await core.reading.read(ann, { channelId, cursor: seq }), {
    cursor: seq,
    unread: 0,
  })
  await core.messages.send(founder, { channelId, clientId: 'f2', text: 'ho' })
  const mine = await core.reading.readable(ann, channelId)
  assert.deepEqual([mine.role, mine.cursor, mine.unread], [null, seq, 1])
})

/** A node of which one method of the store waits until the test lets it go. */
function slowed(
  { store, otherNode }: World,
  name: 'history' | 'eventsAfter' | 'moveCursors' | 'myChannel',
) {
  let letGo = (): void => {}
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const slow: Partial<Store> = {
    history: (request) => gate.then(() => store.history(request)),
    eventsAfter: (requests) => gate.then(() => store.eventsAfter(requests)),
    moveCursors: (moves) => gate.then(() => store.moveCursors(moves)),
    myChannel: (channelId, personId) => gate.then(() => store.myChannel(channelId, personId)),
  }
  return { ...otherNode({ store: { [name]: slow[name] } }), letGo }
}

for (const [method, word] of [
  ['history', 'history'],
  ['eventsAfter', 'events'],
  ['moveCursors', 'read'],
  ['myChannel', 'readable'],
] as const) {
  test(`who is removed while ${word} is under way is given nothing`, async (t) => {
    const the = await world(t)
    const { founder, ann, general } = the
    const { id: channelId } = general
    const { core, outlet, letGo } = slowed(the, method)
    const words = {
      history: () => core.reading.history(ann, { channelId }),
      events: () => core.reading.events(ann, { channelId, after: 0 }),
      read: () => core.reading.read(ann, { channelId, cursor: 1 }),
      readable: () => core.reading.readable(ann, channelId),
    }
    const answer = refuses(words[word](), 'not_member')
    await new Promise((resolve) => setImmediate(resolve))
    await the.core.channels.kick(founder, { channelId, personId: ann.id })
    await write(the, founder, 1)
    letGo()
    await answer
    assert.deepEqual(outlet.notices, [])
  })
}

test('belongings of the same moment are asked of the store together', async (t) => {
  const the = await world(t)
  const { store, ann, founder, otherNode } = the
  const asked: number[] = []
  const { core } = otherNode({
    store: {
      belongings(ids) {
        asked.push(ids.length)
        return store.belongings(ids)
      },
    },
  })
  const people = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? ann : founder))
  const answers = await Promise.all(people.map(({ id }) => core.reading.belongings(id)))
  assert.deepEqual(asked, [2])
  answers.forEach((answer, index) => {
    assert.equal(answer.personId, people[index]?.id)
    assert.equal(answer.communities[0]?.role, index % 2 === 0 ? 'member' : 'owner')
  })
})
