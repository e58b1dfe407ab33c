// Two nodes in one process, and requests that arrive at the wrong one.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, connect as dial } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { systemClock } from '../../clock.ts'
import type { SocketIoOptions } from '../socketio.ts'
import { ask, polling, rawWebSocket } from '../testing/raw-client.ts'
import { newSocketIoWire } from '../testing/socketio-client.ts'
import { Doorman } from '../wire.case.ts'
import { BackDoor } from './back-door.ts'
import { HandOver, type HandOverOutcome, SECRET_HEADER } from './hand-over.ts'

type Known = Map<string, { address: string; secret: string }>

async function node(
  t: TestContext,
  name: string,
  known: Known,
  options: Partial<SocketIoOptions> = {},
) {
  const outcomes: HandOverOutcome[] = []
  const handOver = new HandOver({
    node: name,
    clock: systemClock,
    random: () => 0,
    find: async (id) => known.get(id),
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  const secret = `the secret of ${name}`
  const backDoor = new BackDoor(secret)
  const address = await backDoor.listen({ host: '127.0.0.1', port: 0 })
  known.set(name, { address, secret })
  const under = await newSocketIoWire(['websocket'], {
    ...{ node: name, handOver, backDoor },
    ...options,
  })
  const door = new Doorman()
  await under.wire.start(door)
  t.after(async () => {
    await under.stop()
    await backDoor.stop()
  })
  const backPort = Number(address.split(':')[1])
  return { ...under, door, handOver, outcomes, address, secret, backPort }
}

async function pair(t: TestContext, options: Partial<SocketIoOptions> = {}) {
  const known: Known = new Map()
  const a = await node(t, 'a', known, options)
  const b = await node(t, 'b', known, options)
  return { a, b, known }
}

const UNKNOWN = [400, '{"code":1,"message":"Session ID unknown"}']
const POLLING = '/socket.io/?EIO=4&transport=polling'

describe('a request that arrives at the wrong node', () => {
  it('is answered by the right one: every poll, every post, and the upgrade', async (t) => {
    const { a, b } = await pair(t)
    const { sid } = await polling(a.port)
    const path = `${POLLING}&sid=${sid}`
    assert.equal((await ask(b.port, path, { method: 'POST', body: '40{"name":"ann"}' })).body, 'ok')
    assert.match((await ask(b.port, path)).body, /^40\{/)
    assert.equal(a.door.connection('ann').address, '127.0.0.1')
    const { ws, until } = await rawWebSocket(b.port, {
      query: `EIO=4&transport=websocket&sid=${sid}`,
    })
    ws.send('2probe')
    await until('3probe')
    assert.equal(b.handOver.size, 1)
    ws.send('5')
    ws.send('420["any",{}]')
    await a.door.until('received ann any {}')
    ws.close()
    while (b.handOver.size > 0) await new Promise((resolve) => setImmediate(resolve))
    await a.door.until('closed ann')
    assert.deepEqual([...b.outcomes], ['request', 'request', 'upgrade'])
    assert.deepEqual(b.door.told, [])
  })

  it('goes on with the cookie and the browser that it began with, or not at all', async (t) => {
    const { a, b } = await pair(t, { cookieName: 'session' })
    const mine = { cookie: 'session=secret', 'user-agent': 'Browser/1' }
    const { sid } = await polling(a.port, mine)
    const path = `${POLLING}&sid=${sid}`
    const post = (headers: Record<string, string>) =>
      ask(b.port, path, { method: 'POST', body: '40', headers })
    for (const headers of [
      { ...mine, cookie: 'session=other' },
      { ...mine, 'user-agent': 'curl' },
    ]) {
      const { status, body } = await post(headers)
      assert.deepEqual([status, body], UNKNOWN)
    }
    assert.equal((await post(mine)).status, 200)
    const foreign = await post({ ...mine, origin: 'https://evil.example' })
    assert.equal(foreign.status, 403)
  })

  it('lets a page of a known origin read the answer', async (t) => {
    const { a, b } = await pair(t, { origins: ['https://chat.example'] })
    const { sid } = await polling(a.port)
    const headers = { origin: 'https://chat.example' }
    const answer = await ask(b.port, `${POLLING}&sid=${sid}`, {
      method: 'POST',
      body: '40',
      headers,
    })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['access-control-allow-origin'], 'https://chat.example')
  })

  it('has the same bound on what it sends', async (t) => {
    const { a, b } = await pair(t, { limits: { payloadBytesMax: 1_000 } })
    const { sid } = await polling(a.port)
    const body = 'x'.repeat(2_000)
    const answer = await ask(b.port, `${POLLING}&sid=${sid}`, { method: 'POST', body })
    assert.equal(answer.status, 413)
  })

  it('ends at the right node when the client goes away', async (t) => {
    const { a, b } = await pair(t)
    const { sid } = await polling(a.port)
    const path = `${POLLING}&sid=${sid}`
    await ask(b.port, path, { method: 'POST', body: '40{"name":"ann"}' })
    await ask(b.port, path)
    const socket = dial(b.port, '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
    while (b.handOver.size === 0) await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    await a.door.until('closed ann')
    assert.equal(b.handOver.size, 0)
  })
})

describe('a session whose node is not there', () => {
  it('is unknown, quickly: no such node, a dead one, and another process', async (t) => {
    const { a, b, known } = await pair(t)
    const sids = ['nobody.x', 'dead.x', 'other.x']
    known.set('dead', { address: '127.0.0.1:1', secret: 's' })
    known.set('other', { address: a.address, secret: 'an older secret' })
    for (const sid of sids) {
      for (const method of ['GET', 'POST']) {
        const { status, body } = await ask(b.port, `${POLLING}&sid=${sid}`, { method })
        assert.deepEqual([status, body], UNKNOWN, sid)
      }
      const query = `EIO=4&transport=websocket&sid=${sid}`
      await assert.rejects(rawWebSocket(b.port, { query }), {
        message: sid === 'other.x' ? '404' : '400',
      })
    }
  })

  it('costs nothing but an answer where it is nonsense', async (t) => {
    const { b } = await pair(t)
    for (const sid of ['x', '.', 'A.x', `${'n'.repeat(65)}.x`, '../a.x', 'a b.x', 'b.unknown']) {
      const { status, body } = await ask(b.port, `${POLLING}&sid=${encodeURIComponent(sid)}`)
      assert.deepEqual([status, body], UNKNOWN, sid)
    }
    assert.deepEqual(b.outcomes, [])
  })

  it('is the end of it: what was handed over is never handed on', async (t) => {
    const { a, b, known } = await pair(t)
    // As if the directory were wrong about everybody.
    known.set('c', { address: a.address, secret: a.secret })
    const { status, body } = await ask(b.port, `${POLLING}&sid=c.x`)
    assert.deepEqual([status, body], UNKNOWN)
    assert.deepEqual([a.outcomes, b.outcomes], [[], ['request']])
  })
})

describe('the back door', () => {
  it('opens to nobody without its secret, and for nothing but sessions', async (t) => {
    const { a } = await pair(t)
    const { sid } = await polling(a.port)
    const path = `${POLLING}&sid=${sid}`
    const shown = { [SECRET_HEADER]: a.secret }
    for (const headers of [{}, { [SECRET_HEADER]: 'x' }, { [SECRET_HEADER]: `${a.secret}x` }]) {
      assert.equal((await ask(a.backPort, path, { headers })).status, 404)
      await assert.rejects(
        rawWebSocket(a.backPort, { query: `EIO=4&transport=websocket&sid=${sid}`, headers }),
        { message: '404' },
      )
    }
    for (const other of [POLLING, '/metrics', '/', `/other/?sid=${sid}`]) {
      assert.equal((await ask(a.backPort, other, { headers: shown })).status, 404, other)
    }
    const posted = await ask(a.backPort, path, { method: 'POST', body: '40', headers: shown })
    assert.equal(posted.status, 200)
  })

  it('is not opened by a header that a client brings to the front', async (t) => {
    const { a, b } = await pair(t)
    const { sid } = await polling(a.port)
    const headers = { [SECRET_HEADER]: 'guessed' }
    const answer = await ask(b.port, `${POLLING}&sid=${sid}`, {
      method: 'POST',
      body: '40',
      headers,
    })
    assert.equal(answer.status, 200)
  })
})

describe('a node that drains', () => {
  it('lets the websockets of other nodes go, and takes no more of them', async (t) => {
    const { a, b } = await pair(t)
    const { sid } = await polling(a.port)
    const query = `EIO=4&transport=websocket&sid=${sid}`
    const { closed } = await rawWebSocket(b.port, { query })
    b.wire.refuse()
    await closed
    await assert.rejects(rawWebSocket(b.port, { query }), { message: '503' })
    assert.equal(
      (await ask(b.port, `${POLLING}&sid=${sid}`, { method: 'POST', body: '40' })).status,
      200,
    )
  })
})

it('a node that takes the connection and says nothing is given up', async (t) => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const at = silent.address()
  const port = typeof at === 'object' && at !== null ? at.port : 0
  const timers: (() => void)[] = []
  const known: Known = new Map([['silent', { address: `127.0.0.1:${port}`, secret: 's' }]])
  const handOver = new HandOver({
    node: 'b',
    random: () => 0,
    find: async (id) => known.get(id),
    clock: {
      ...systemClock,
      after: (_, run) => {
        timers.push(run)
        return { cancel: () => {} }
      },
    },
  })
  const under = await newSocketIoWire(['websocket'], { node: 'b', handOver })
  await under.wire.start(new Doorman())
  t.after(async () => {
    await under.stop()
    silent.close()
  })
  const taken = once(silent, 'connection')
  const asked = ask(under.port, `${POLLING}&sid=silent.x`)
  await taken
  for (const run of timers) run()
  const { status, body } = await asked
  assert.deepEqual([status, body], UNKNOWN)
})
