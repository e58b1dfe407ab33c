import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import { ERRORS, LIMITS, UP, type UpName } from '@madang/protocol'
import fc from 'fast-check'
import { StoreError } from '../store/store.ts'
import { given } from './testing/given.ts'
import { overStore } from './testing/over-store.ts'
import { type Answer, connect } from './testing/test-client.ts'

const nowhere = '00000000-0000-7000-8000-000000000000'

describe('a request', () => {
  it('to write is answered with its place, and a retry with the first answer', async (t) => {
    const { node, ann, bob, channelId } = await given(t)
    const client = await connect(node, ann)
    const message = { channelId, clientId: 'c1', text: 'hello' }
    const first = await client.ask('send', message)
    const again = await client.ask('send', { ...message, text: 'other' })
    assert.deepEqual(again, { ...first, duplicate: true })
    const target = first.seq
    const edited = await client.ask('edit', { channelId, target, text: 'bye' })
    const deleted = await client.ask('delete', { channelId, target })
    assert.deepEqual(await client.ask('delete', { channelId, target }), deleted)
    assert.equal(edited.seq, Number(target) + 1)
    await client.nth('event', 3)
    assert.deepEqual(
      client.live(channelId).map(({ kind, seq }) => `${kind} ${seq}`),
      [`created ${target}`, `edited ${edited.seq}`, `deleted ${deleted.seq}`],
    )
    const other = await connect(node, bob)
    const mine = await other.ask('send', { ...message, clientId: 'b1' })
    assert.equal(await other.refusal('edit', { channelId, target, text: 'x' }), 'forbidden')
    assert.equal(await client.refusal('edit', { channelId, target, text: 'x' }), 'message_deleted')
    assert.equal(await client.refusal('edit', { channelId, target: 999, text: 'x' }), 'not_found')
    assert.equal((await client.ask('delete', { channelId, target: mine.seq })).ok, true)
  })

  it('to write keeps the order in which one client asked', async (t) => {
    const { node, ann, channelId } = await given(t)
    const client = await connect(node, ann)
    const asked = Array.from({ length: 30 }, (_, i) =>
      client.ask('send', { channelId, clientId: `c${i}`, text: `${i}` }),
    )
    const seqs = (await Promise.all(asked)).map(({ seq }) => Number(seq))
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => (seqs[0] ?? 0) + i),
    )
    assert.deepEqual(
      client.live(channelId).map((event) => event.kind === 'created' && event.text),
      seqs.map((_, i) => `${i}`),
    )
  })

  it('about a question moves it on, for moderators of a live channel', async (t) => {
    const { node, core, ann, bob, communityId, channelId } = await given(t)
    const show = { communityId, kind: 'live', name: 'show' } as const
    const live = await core.channels.create(ann.person, show)
    const [a, b] = [await connect(node, ann), await connect(node, bob)]
    const question = { channelId: live.id, clientId: 'q1', text: 'why?', lane: 'question' }
    const { seq: target } = await b.ask('send', question)
    const picked = { channelId: live.id, target, state: 'picked' }
    assert.equal(await b.refusal('question', picked), 'forbidden')
    assert.equal((await a.ask('question', picked)).ok, true)
    assert.equal(
      await b.refusal('send', { ...question, clientId: 'n', lane: 'notice' }),
      'forbidden',
    )
    const chat = { ...question, channelId, clientId: 'q2' }
    assert.equal(await b.refusal('send', chat), 'invalid')
  })

  it('to join gives the channel with its latest page, then live events; to leave ends them', async (t) => {
    const { node, core, ann, communityId, channelId, ...world } = await given(t)
    const cyd = await world.guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const client = await connect(node, cyd)
    const other = await connect(node, cyd)
    assert.equal(
      await client.refusal('send', { channelId, clientId: 'c', text: 'x' }),
      'not_member',
    )
    const joined = await client.ask('join', { channelId })
    const { channel, replay } = joined as unknown as {
      channel: { id: string; role: string }
      replay: { limited: boolean; head: number; events: { kind: string }[] }
    }
    assert.deepEqual([channel.id, channel.role], [channelId, 'member'])
    assert.deepEqual([replay.limited, replay.events.at(-1)?.kind], [true, 'joined'])
    assert.deepEqual(
      client.memory.seen.map(({ event }) => event),
      ['ready'],
    )
    assert.equal((await other.nth('channel')).channel.id, channelId)
    const { seq } = await client.ask('send', { channelId, clientId: 'c', text: 'x' })
    for (const each of [client, other]) {
      await each.nth('event')
      assert.deepEqual(each.seqs(channelId), [seq])
    }
    assert.equal(seq, replay.head + 1)
    const left = await client.ask('leave', { channelId })
    for (const each of [client, other]) {
      assert.deepEqual(await each.nth('gone'), { channelId, reason: 'left' })
      assert.deepEqual(each.seqs(channelId), [seq, left.seq])
    }
    assert.deepEqual(await client.ask('leave', { channelId }), left)
    await core.messages.send(ann.person, { channelId, clientId: 'later', text: 'x' })
    assert.equal(client.all('event').length, 2)
    assert.equal(await client.refusal('join', { channelId: nowhere }), 'not_found')
  })

  it('to join beyond the limit of open channels makes a member who gets digests', async (t) => {
    const { node, core, ann, channelId, communityId, ...world } = await given(t, {
      options: { limits: { openChannelsMax: 1 } },
    })
    const cyd = await world.guest('cyd')
    await core.communities.join(cyd.person, communityId)
    const client = await connect(node, cyd)
    const joined = (await client.ask('join', { channelId })) as unknown as {
      replay: { error: { code: string; limit: string } }
    }
    assert.deepEqual(
      [joined.replay.error.code, joined.replay.error.limit],
      ['limit_reached', 'openChannelsMax'],
    )
    await core.messages.send(ann.person, { channelId, clientId: 'later', text: 'x' })
    assert.equal((await client.nth('digest')).channelId, channelId)
  })

  it('to read moves the cursor on all of the person’s connections', async (t) => {
    const { nodes, ann, bob, channelId } = await given(t, { nodes: 2 })
    const [here, there] = nodes
    assert.ok(here && there)
    const [a, b1, b2] = [
      await connect(here, ann),
      await connect(here, bob),
      await connect(there, bob, {}),
    ]
    const { seq } = await a.ask('send', { channelId, clientId: 'c1', text: 'x' })
    await a.ask('send', { channelId, clientId: 'c2', text: 'x' })
    assert.deepEqual(await b1.ask('read', { channelId, cursor: seq }), {
      ok: true,
      cursor: seq,
      unread: 1,
    })
    for (const client of [b1, b2]) {
      assert.deepEqual(await client.nth('read'), { channelId, cursor: seq, unread: 1 })
    }
    assert.deepEqual(a.all('read'), [])
    assert.equal(await b1.refusal('read', { channelId: nowhere, cursor: 1 }), 'not_found')
  })

  it('for history gives pages in both directions', async (t) => {
    const { node, ann, channelId } = await given(t)
    const client = await connect(node, ann)
    for (let i = 0; i < 10; i++)
      await client.ask('send', { channelId, clientId: `h${i}`, text: 'x' })
    const latest = await client.ask('history', { channelId, limit: 4 })
    const seqs = (answer: Answer) => (answer.events as { seq: number }[]).map(({ seq }) => seq)
    const head = Number(latest.head)
    assert.deepEqual([seqs(latest), latest.more], [[head - 3, head - 2, head - 1, head], true])
    const before = await client.ask('history', { channelId, before: head - 3, limit: 200 })
    assert.deepEqual([seqs(before).at(-1), before.more], [head - 4, false])
    const after = await client.ask('history', { channelId, after: head - 2 })
    assert.deepEqual([seqs(after), after.more], [[head - 1, head], false])
    assert.equal(await client.refusal('history', { channelId: nowhere }), 'not_found')
    assert.equal(await client.refusal('history', { channelId, limit: 201 }), 'invalid')
  })

  it('that no schema allows is refused by name, and closes the connection when it goes on', async (t) => {
    const { node, ann, bob, channelId } = await given(t)
    const honest = await connect(node, bob)
    const client = await connect(node, ann)
    const bad: [string, unknown, string][] = [
      ['send', undefined, ''],
      ['send', { channelId, clientId: 'c', text: '' }, 'text'],
      ['send', { channelId, clientId: 'no spaces', text: 'x' }, 'clientId'],
      ['send', { channelId: 'here', clientId: 'c', text: 'x' }, 'channelId'],
      ['send', { channelId, clientId: 'c', text: 'x', author: bob.person }, ''],
      ['history', { channelId, before: 0 }, 'before'],
      ['read', { channelId, cursor: 2 ** 53 }, 'cursor'],
    ]
    for (const [event, payload, field] of bad) {
      const answer = (await client.memory.request(event, payload)) as Answer
      assert.deepEqual([answer.error?.code, answer.error?.field], ['invalid', field], event)
    }
    for (const event of ['constructor', '__proto__', 'toString']) {
      assert.equal(await client.refusal(event, {}), 'unknown_event')
    }
    assert.equal(client.memory.closedBy, undefined)
    client.memory.emit('hasOwnProperty')
    assert.deepEqual(client.memory.closedBy, { reason: 'unknown_event', reconnect: true })
    assert.equal(client.memory.seen.at(-1)?.event, 'closed')
    assert.equal((await honest.ask('send', { channelId, clientId: 'ok', text: 'x' })).ok, true)
  })

  it('of any shape is answered, with the row that fits or the result, and harms nobody', async (t) => {
    const plenty = { burst: 1e9, perSecond: 1e9 }
    const { node, ann, bob, channelId } = await given(t, {
      options: {
        limits: { strikesPerConnectionMax: 1e9 },
        rates: { connection: plenty, person: plenty, reads: plenty, channel: plenty },
      },
    })
    const client = await connect(node, ann)
    const honest = await connect(node, bob)
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom<unknown>(channelId, nowhere, 0, -1, 1.5, 2 ** 53, null, '', '\u0000', [], {}),
    )
    const fields = ['channelId', 'clientId', 'text', 'lane', 'target', 'state', 'cursor', 'typing']
    const field = fc.constantFrom(
      ...fields,
      'open',
      'close',
      'before',
      'after',
      'limit',
      '__proto__',
    )
    const payload = fc.oneof(value, fc.dictionary(field, value, { maxKeys: 5 }))
    const event = fc.oneof(fc.constantFrom(...Object.keys(UP), 'ready', ''), fc.string())
    let asked = 0
    await fc.assert(
      fc.asyncProperty(event, payload, async (name, body) => {
        const answer = (await client.memory.request(name, body)) as Answer
        if (answer.ok) UP[name as UpName].result.parse(answer)
        else
          assert.ok(answer.error && answer.error.code in ERRORS && answer.error.code !== 'internal')
        assert.equal(Reflect.get({}, 'polluted'), undefined)
        if (++asked % 50 === 0) {
          const message = { channelId, clientId: `honest${asked}`, text: 'still here' }
          assert.equal((await honest.ask('send', message)).ok, true)
        }
      }),
      { numRuns: 600 },
    )
    assert.equal(client.memory.closedBy, undefined)
  })

  it('past the rate is told how long to wait, and a flood is ended', async (t) => {
    const clock = new FakeClock()
    const { node, ann, bob, channelId } = await given(t, {
      clock,
      options: {
        rates: {
          connection: { burst: 20, perSecond: 10 },
          person: { burst: 5, perSecond: 1 },
          channel: { burst: 7, perSecond: 1 },
          reads: { burst: 2, perSecond: 1 },
        },
        bounds: { floodRequestsMax: 30 },
      },
    })
    const open = (token: string) => node.wire.connect({ auth: { token, cursors: {} } })
    const [a, b] = [await open(ann.token), await open(bob.token)]
    const ask = (client: typeof a, event: string, payload: object) => {
      const answer = client.request(event, payload)
      return clock.run(0).then(() => answer as Promise<Answer>)
    }
    const send = (client: typeof a, n: number) =>
      ask(client, 'send', { channelId, clientId: `r${client === a ? 'a' : 'b'}${n}`, text: 'x' })
    for (let i = 0; i < 5; i++) assert.equal((await send(a, i)).ok, true)
    const limited = await send(a, 5)
    assert.deepEqual([limited.error?.code, limited.error?.retryAfterMs], ['rate_limited', 1_000])
    assert.equal((await send(b, 0)).ok, true)
    assert.equal((await send(b, 1)).ok, true)
    assert.equal((await send(b, 2)).error?.code, 'rate_limited')
    for (const ok of [true, true, false]) {
      assert.equal((await ask(b, 'history', { channelId })).ok, ok)
    }
    await clock.run(1_000)
    assert.equal((await send(a, 5)).ok, true)
    for (let i = 0; i < 100; i++) b.emit('typing', { channelId, typing: true })
    assert.deepEqual(b.closedBy, { reason: 'rate_limited', reconnect: true })
    assert.equal(a.closedBy, undefined)
  })

  it('beyond so many at a time is refused as busy', async (t) => {
    const held = Promise.withResolvers<void>()
    let holding = false
    const { node, ann, channelId } = await given(t, {
      options: { limits: { requestsInFlightMax: 3 } },
      between: (store) =>
        overStore(store, {
          history: async (request) => {
            if (holding) await held.promise
            return store.history(request)
          },
        }),
    })
    const client = await connect(node, ann)
    holding = true
    const waiting = [1, 2, 3].map(() => client.ask('history', { channelId }))
    const refused = await client.ask('history', { channelId })
    assert.deepEqual([refused.error?.code, refused.error?.limit], ['busy', 'requestsInFlightMax'])
    held.resolve()
    for (const answer of await Promise.all(waiting)) assert.equal(answer.ok, true)
    assert.equal((await client.ask('history', { channelId })).ok, true)
  })

  it('that fails is answered with what is known of it, and an error of ours is told to the operator only', async (t) => {
    let failure: Error | undefined
    const { node, errors, ann, channelId } = await given(
      t,
      {
        between: (store) =>
          overStore(store, {
            append: async (entries) => {
              if (failure) throw failure
              return store.append(entries)
            },
          }),
      },
      'expected',
    )
    const client = await connect(node, ann)
    const message = { channelId, clientId: 'c1', text: 'x' }
    failure = new StoreError('unavailable', 'postgres://user:secret@host is away')
    const away = await client.ask('send', message)
    assert.deepEqual(away.error, {
      code: 'unavailable',
      ...rowOf('unavailable'),
      retryAfterMs: 1_000,
    })
    failure = new TypeError('x is not a function')
    const broken = await client.ask('send', message)
    assert.deepEqual(broken.error, { code: 'internal', ...rowOf('internal') })
    assert.equal(errors.length, 1)
    assert.equal(errors[0]?.text, 'a request failed')
    failure = undefined
    assert.equal((await client.ask('send', message)).duplicate, false)
  })

  it('that is nested too deeply, or is no request, counts as a strike', async (t) => {
    const { node, ann } = await given(t)
    const client = await connect(node, ann)
    let deep: unknown = 1
    for (let i = 0; i <= LIMITS.payloadDepthMax; i++) deep = { deep }
    assert.equal(await client.refusal('send', deep), 'too_deep')
    for (let i = 1; i < LIMITS.strikesPerConnectionMax; i++) client.memory.emit('send', {}, {})
    assert.equal(client.memory.closedBy, undefined)
    client.memory.emit(7)
    assert.deepEqual(client.memory.closedBy, { reason: 'invalid', reconnect: true })
  })
})

function rowOf(code: keyof typeof ERRORS) {
  const { text, retry } = ERRORS[code]
  return { text, retry }
}
