import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { LIMITS } from '@madang/protocol'
import { sessionIdOf } from '../core/people/session-token.ts'
import { type Store, StoreError } from '../store/store.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'
import { type GivenOptions, given } from './testing/given.ts'
import { overStore } from './testing/over-store.ts'
import { TestClient } from './testing/test-client.ts'
import type { Guest } from './testing/world.ts'

/** A look of the short interval has happened for sure, and what it found has been read. */
const SOON_MS = GATEWAY_BOUNDS.inspectAwayIntervalMs * 1.2 + 100
const SELDOM_MS = GATEWAY_BOUNDS.inspectIntervalMs * 1.2 + SOON_MS

async function scene(t: TestContext, options: GivenOptions = {}) {
  const clock = new FakeClock()
  const calls = { versions: 0, sessions: 0, belongings: 0 }
  let failing = false
  let slowMs = 0
  let store: Store | undefined
  const answer = async <T>(kind: keyof typeof calls, from: () => Promise<T>): Promise<T> => {
    calls[kind]++
    if (slowMs > 0) await new Promise<void>((resolve) => void clock.after(slowMs, resolve))
    if (failing) throw new StoreError('unavailable', 'away')
    return from()
  }
  const between = (inner: Store) => {
    store = inner
    return overStore(inner, {
      placeVersions: (ids) => answer('versions', () => inner.placeVersions(ids)),
      missingSessions: (ids, now) => answer('sessions', () => inner.missingSessions(ids, now)),
      belongings: (ids) => answer('belongings', () => inner.belongings(ids)),
    })
  }
  const world = await given(t, { clock, nodes: 2, between, ...options })
  const [here, there] = world.nodes
  assert.ok(here && there && store)
  const open = async ({ token }: Guest, cursors?: Record<string, never>) => {
    const auth = { token, ...(cursors && { cursors }) }
    const client = new TestClient(await there.wire.connect({ auth }))
    await clock.run(0)
    await client.nth('ready')
    return client
  }
  const setSlow = (ms: number) => {
    slowMs = ms
  }
  const setFailing = (value: boolean) => {
    failing = value
  }
  return { ...world, clock, store, calls, open, setFailing, setSlow }
}

const roleIn = (client: TestClient) => client.all('community').at(-1)?.community.role
const reasons = (client: TestClient) => client.all('gone').map(({ reason }) => reason)

describe('while the broker is away', () => {
  it('a removal from a community ends what the person sees of it elsewhere', async (t) => {
    const { clock, hub, core, open, ann, bob, communityId } = await scene(t)
    const [a, b] = [await open(ann), await open(bob, {})]
    await clock.run(3_000)
    hub.cut()
    await core.communities.ban(ann.person, { communityId, personId: bob.person.id })
    await clock.run(SOON_MS)
    assert.equal(roleIn(b), null)
    await clock.run(2 * LIMITS.presenceIntervalMs)
    const told = a.all('presence').at(-1)
    assert.deepEqual([told?.count, told?.offline], [1, [bob.person.id]])
    const seen = b.memory.seen.length
    a.memory.close()
    await clock.run(5_000)
    assert.equal(b.memory.seen.length, seen)
  })

  it('a session that is void has its connections closed elsewhere, and only those', async (t) => {
    const { clock, hub, core, open, bob, ...world } = await scene(t)
    const cyd = await world.guest('cyd')
    const [b, c] = [await open(bob), await open(cyd)]
    await clock.run(SOON_MS)
    hub.cut()
    await core.people.signOut(bob.person, sessionIdOf(bob.token))
    await clock.run(SOON_MS)
    assert.deepEqual(b.memory.closedBy, { reason: 'session_expired', reconnect: false })
    assert.equal(c.memory.closedBy, undefined)
    assert.ok(world.reported.includes('inspection session_void'))
  })

  it('a channel that somebody came into elsewhere is there', async (t) => {
    const { clock, hub, core, open, ann, bob, communityId } = await scene(t)
    const b = await open(bob)
    hub.cut()
    const secret = { communityId, kind: 'text', visibility: 'private', name: 'secret' } as const
    const { id: channelId } = await core.channels.create(ann.person, secret)
    await core.channels.invite(ann.person, { channelId, personId: bob.person.id })
    await clock.run(SOON_MS)
    assert.ok(b.all('channel').some(({ channel }) => channel.id === channelId))
  })

  it('all are asked for with one question, and nothing is read anew where nothing changed', async (t) => {
    const { clock, hub, open, ann, bob, calls, ...world } = await scene(t)
    for (const guest of [ann, bob, bob, await world.guest('cyd')]) await open(guest)
    await clock.run(SOON_MS)
    hub.cut()
    await clock.run(0)
    Object.assign(calls, { versions: 0, sessions: 0, belongings: 0 })
    await clock.run(20_000)
    const looks = 20_000 / (GATEWAY_BOUNDS.inspectAwayIntervalMs * 0.8) + 1
    assert.ok(calls.versions >= 8 && calls.versions <= looks, `${calls.versions} looks`)
    assert.deepEqual([calls.sessions, calls.belongings], [calls.versions, 0])
  })

  it('a store that is slow is asked less often', async (t) => {
    const { clock, hub, open, ann, calls, setSlow } = await scene(t)
    await open(ann)
    await clock.run(SOON_MS)
    setSlow(500)
    hub.cut()
    await clock.run(SOON_MS)
    calls.versions = 0
    const pauseMs = 2 * 500 * GATEWAY_BOUNDS.inspectShareMin
    await clock.run(5 * pauseMs)
    assert.ok(calls.versions >= 3 && calls.versions <= 7, `${calls.versions} looks`)
  })

  it('a store that fails is asked again, and what it had to tell is not lost', async (t) => {
    const { clock, hub, open, bob, setFailing, ...world } = await scene(t)
    const b = await open(bob)
    await clock.run(SOON_MS)
    setFailing(true)
    hub.cut()
    await world.store.deleteSession(sessionIdOf(bob.token))
    await clock.run(10_000)
    assert.equal(b.all('closed').length, 0)
    assert.ok(world.reported.includes('inspection failed'))
    hub.heal()
    setFailing(false)
    await clock.run(SOON_MS)
    assert.equal(b.memory.closedBy?.reason, 'session_expired')
  })
})

describe('while the broker is there', () => {
  it('what no note told is found seldom', async (t) => {
    const { clock, store, open, ann, bob, communityId } = await scene(t)
    const [a, b] = [await open(ann), await open(bob)]
    await clock.run(SOON_MS)
    await store.deleteSession(sessionIdOf(ann.token))
    const change = { communityId, personId: bob.person.id, role: 'moderator', at: 1 } as const
    await store.setCommunityMember({ ...change, banned: false })
    await clock.run(SELDOM_MS)
    assert.equal(a.memory.closedBy?.reason, 'session_expired')
    assert.equal(roleIn(b), 'moderator')
  })

  it('a look that failed is made good soon, not at the next one', async (t) => {
    const { clock, store, open, ann, setFailing } = await scene(t)
    const a = await open(ann)
    await clock.run(SOON_MS)
    await store.deleteSession(sessionIdOf(ann.token))
    setFailing(true)
    await clock.run(SELDOM_MS)
    assert.equal(a.all('closed').length, 0)
    setFailing(false)
    await clock.run(SOON_MS)
    assert.equal(a.all('closed').length, 1)
  })

  it('what was committed while a connection was made is found at once', async (t) => {
    const { clock, store, open, bob, communityId } = await scene(t)
    const b = await open(bob)
    const change = { communityId, personId: bob.person.id, role: null, at: 1 } as const
    await store.setCommunityMember({ ...change, banned: true })
    await clock.run(SOON_MS)
    assert.equal(roleIn(b), null)
    await store.deleteSession(sessionIdOf(bob.token))
    const again = await open(bob).catch(() => undefined)
    assert.equal(again, undefined)
  })

  it('a removal that broke off before its events ends the places all the same', async (t) => {
    const { clock, hub, store, core, open, ann, bob, channelId, communityId } = await scene(t)
    const b = await open(bob)
    const change = { communityId, personId: bob.person.id, role: null, at: 1 } as const
    await store.setCommunityMember({ ...change, banned: true })
    hub.cut()
    await clock.run(SOON_MS)
    hub.heal()
    assert.equal(roleIn(b), null)
    await clock.run(GATEWAY_BOUNDS.doubtMs + 2 * SOON_MS)
    assert.deepEqual(
      reasons(b),
      b.all('gone').map(() => 'left'),
    )
    assert.ok(b.all('gone').some((gone) => gone.channelId === channelId))
    const { seq } = await core.messages.send(ann.person, { channelId, clientId: 'n', text: 'x' })
    await clock.run(1_000)
    assert.ok(!b.seqs(channelId).includes(seq))
  })

  it('a place that was taken during a look stays', async (t) => {
    const { clock, core, open, bob, ...world } = await scene(t)
    const other = await world.place(world.ann)
    const b = await open(bob)
    await core.communities.join(bob.person, other.communityId)
    const answer = await Promise.race([
      b.ask('join', { channelId: other.channelId }),
      clock.run(SOON_MS).then(() => undefined),
    ])
    assert.equal(answer?.ok, true)
    await clock.run(SELDOM_MS * 2)
    assert.deepEqual(b.all('gone'), [])
    assert.equal(
      world.reported.filter((line) => line === 'inspection places_changed').length <= 2,
      true,
    )
  })
})
