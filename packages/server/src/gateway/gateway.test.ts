import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { type ErrorBody, LIMITS, WIRE_VERSION } from '@madang/protocol'
import { StoreError } from '../store/store.ts'
import { given } from './testing/given.ts'
import { overStore } from './testing/over-store.ts'
import { connect, refusedWith, TestClient } from './testing/test-client.ts'

describe('a gateway', () => {
  it('tells whoever connects who they are and where they belong, and then every event', async (t) => {
    const { node, ann, bob, channelId, communityId } = await given(t)
    const a = await connect(node, ann)
    const b = await connect(node, bob)
    const ready = await b.nth('ready')
    assert.deepEqual(ready.person, bob.person)
    assert.deepEqual(
      ready.communities.map(({ id, role }) => [id, role]),
      [[communityId, 'member']],
    )
    assert.equal(ready.wire, WIRE_VERSION)
    assert.equal(ready.node, 'n1')
    assert.equal(ready.session, undefined)
    assert.ok(ready.open.includes(channelId))
    const replay = ready.replays.find((each) => each.channelId === channelId)
    const channel = ready.channels.find(({ id }) => id === channelId)
    assert.deepEqual([replay?.events, replay?.limited], [[], false])
    assert.equal(replay?.head, channel?.head)
    assert.equal(b.memory.seen[0]?.event, 'ready')
    const sent = await a.ask('send', { channelId, clientId: 'c1', text: 'hello' })
    for (const client of [a, b]) {
      const event = await client.nth('event')
      assert.equal(event.seq, sent.seq)
      assert.equal(event.seq, (replay?.head ?? 0) + 1)
      assert.equal(event.kind === 'created' && event.text, 'hello')
    }
  })

  it('lets a guest in under a name, and gives them a token to come back with', async (t) => {
    const { node } = await given(t)
    const first = new TestClient(await node.wire.connect({ auth: { name: 'cyd' } }))
    const { person, session } = await first.nth('ready')
    assert.deepEqual([person.name, person.kind], ['cyd', 'guest'])
    const again = new TestClient(await node.wire.connect({ auth: { token: session?.token } }))
    assert.deepEqual((await again.nth('ready')).person, person)
    assert.equal((await again.nth('ready')).session, undefined)
  })

  it('knows a person by the session cookie as well', async (t) => {
    const { node, ann } = await given(t)
    const headers = { cookie: `theme=dark; session=${ann.token}` }
    const client = new TestClient(await node.wire.connect({ headers }))
    assert.deepEqual((await client.nth('ready')).person, ann.person)
  })

  it('refuses a handshake with the row that says why', async (t) => {
    const { node, ann } = await given(t)
    const refused = (auth: unknown) => refusedWith(node.wire.connect({ auth }))
    assert.equal(await refused({}), 'unauthenticated')
    assert.equal(await refused({ token: 'x.y.z' }), 'unauthenticated')
    assert.equal(await refused({ token: `${ann.token.slice(0, -2)}AA` }), 'session_expired')
    assert.equal(await refused({ name: '' }), 'unauthenticated')
    assert.equal(await refused({ name: ' padded ' }), 'invalid')
    assert.equal(await refused({ token: ann.token, wire: WIRE_VERSION + 1 }), 'wire_unsupported')
    for (const auth of [null, 'x', [], 7, { token: 7 }, { token: ann.token, cursors: { x: 1 } }]) {
      assert.equal(await refused(auth), 'invalid', JSON.stringify(auth))
    }
    const many = Array.from({ length: LIMITS.syncChannelsMax + 1 }, (_, i) => [uuid(i), 0])
    assert.equal(await refused({ token: ann.token, cursors: Object.fromEntries(many) }), 'invalid')
    assert.deepEqual(node.wire.connections(), [])
  })

  it('holds back an address that knocks too often, and one that makes too many guests', async (t) => {
    const clock = new FakeClock()
    const rates = { address: { burst: 4, perSecond: 1 }, credentials: { burst: 2, perSecond: 1 } }
    const { node } = await given(t, { clock, options: { rates } })
    const guest = (address: string) => node.wire.connect({ auth: { name: 'x' }, address })
    await guest('192.0.2.7')
    await guest('192.0.2.7')
    assert.equal(await refusedWith(guest('192.0.2.7')), 'rate_limited')
    await guest('192.0.2.8')
    assert.equal(await refusedWith(guest('192.0.2.7')), 'rate_limited')
    await assert.rejects(guest('192.0.2.7'), ({ error }: { error: ErrorBody }) => {
      assert.equal(error.retryAfterMs, 1_000)
      return true
    })
    clock.advance(1_000)
    await guest('192.0.2.7')
  })

  it('lets a person have so many connections, and one more when one is gone', async (t) => {
    const { node, ann, bob } = await given(t, {
      options: { limits: { connectionsPerPersonMax: 2 } },
    })
    const first = await connect(node, ann)
    await connect(node, ann)
    assert.equal(await refusedWith(connect(node, ann)), 'too_many_connections')
    await connect(node, bob)
    first.memory.close()
    await connect(node, ann)
    const left = { auth: { token: bob.token } }
    await node.wire.connect(left, () => true)
    await node.wire.connect(left, () => true)
    await connect(node, bob)
    assert.equal(await refusedWith(connect(node, bob)), 'too_many_connections')
  })

  it('counts all handshakes of a person that come at once', async (t) => {
    const { node, ann } = await given(t, { options: { limits: { connectionsPerPersonMax: 3 } } })
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => connect(node, ann)))
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3)
  })

  it('turns new clients away while the node has too much to do', async (t) => {
    let waitMs = 0
    const { node, ann } = await given(t, { options: { load: () => waitMs } })
    const early = await connect(node, ann)
    waitMs = 750
    await assert.rejects(connect(node, ann), ({ error }: { error: ErrorBody }) => {
      assert.deepEqual([error.code, error.retryAfterMs], ['busy', 750])
      return true
    })
    assert.equal((await early.ask('sync', {})).ok, true)
    waitMs = 0
    await connect(node, ann)
  })

  it('says that the store is away, and takes people in again when it is back', async (t) => {
    let away = false
    const { node, ann } = await given(t, {
      between: (store) =>
        overStore(store, {
          belongings: async (ids) => {
            if (away) throw new StoreError('unavailable', 'away')
            return store.belongings(ids)
          },
        }),
      options: { limits: { connectionsPerPersonMax: 1 } },
    })
    away = true
    assert.equal(await refusedWith(connect(node, ann)), 'unavailable')
    away = false
    await connect(node, ann)
  })

  it('ends a connection when its session ends, however far away that is', async (t) => {
    const clock = new FakeClock()
    let lifeMs = 0
    const { node, ann, bob } = await given(t, {
      clock,
      between: (store) =>
        overStore(store, {
          session: async (id, now) => {
            const found = await store.session(id, now)
            return (
              found && { ...found, session: { ...found.session, expiresAt: clock.now() + lifeMs } }
            )
          },
        }),
    })
    const open = async (token: string, ms: number) => {
      lifeMs = ms
      return new TestClient(await node.wire.connect({ auth: { token } }))
    }
    const soon = await open(ann.token, 5_000)
    const late = await open(bob.token, 40 * 24 * 3_600_000)
    assert.equal(await refusedWith(open(ann.token, 0)), 'session_expired')
    clock.advance(4_999)
    assert.equal(soon.memory.closedBy, undefined)
    clock.advance(1)
    assert.deepEqual(soon.memory.closedBy, { reason: 'session_expired', reconnect: false })
    assert.equal(soon.memory.seen.at(-1)?.event, 'closed')
    assert.equal(late.memory.closedBy, undefined)
  })

  it('closes a signed-out session on every node, and leaves the person’s other sessions', async (t) => {
    const { nodes, core, ann } = await given(t, { nodes: 2 })
    const [here, there] = nodes
    assert.ok(here && there)
    const account = { login: 'ann', password: 'correct horse', name: 'Ann' }
    const one = await core.people.register(account)
    const two = await core.people.signIn(account)
    const [a, b] = [one, two].map(({ person, session }) => ({ person, token: session.token }))
    assert.ok(a && b)
    const clients = await Promise.all([connect(here, a), connect(there, a), connect(there, b)])
    const { sessionId = '' } = (await core.people.bySession(a.token)) ?? {}
    await core.people.signOut(ann.person, sessionId)
    await core.people.signOut(a.person, sessionId)
    await clients[1].nth('closed')
    assert.deepEqual(
      clients.map(({ memory }) => memory.closedBy?.reason),
      ['session_expired', 'session_expired', undefined],
    )
  })

  it('lets go of everything when its connections are gone', async (t) => {
    const { node, ann, bob, channelId } = await given(t)
    const clients = await Promise.all([
      connect(node, ann),
      connect(node, bob),
      connect(node, bob, {}),
    ])
    await clients[0].ask('typing', { channelId, typing: true })
    assert.deepEqual(node.gateway.size(), {
      connections: { websocket: 3, polling: 0 },
      people: 2,
      channels: 2,
      communities: 1,
    })
    for (const { memory } of clients) memory.close()
    assert.deepEqual(node.gateway.size(), {
      connections: { websocket: 0, polling: 0 },
      people: 0,
      channels: 0,
      communities: 0,
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(node.feeds.head(channelId), undefined)
  })

  it('stops once, and closes what is open so that clients come back', async (t) => {
    const { node, ann } = await given(t)
    const client = await connect(node, ann)
    await Promise.all([node.gateway.stop(), node.gateway.stop()])
    assert.deepEqual(client.memory.closedBy, { reason: 'draining', reconnect: true })
    assert.equal(await refusedWith(connect(node, ann)), 'draining')
  })
})

function uuid(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}
