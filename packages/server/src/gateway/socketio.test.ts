import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { errorBody, LIMITS } from '@madang/protocol'
import { systemClock } from '../clock.ts'
import { createSocketIoWire, type SocketIoOptions } from './socketio.ts'
import { ask, polling, rawWebSocket } from './testing/raw-client.ts'
import { newSocketIoWire } from './testing/socketio-client.ts'
import { Doorman, type State, wireCases } from './wire.case.ts'

wireCases('Socket.IO, websocket', () => newSocketIoWire(['websocket'], { namespaces: true }))
wireCases('Socket.IO, long-polling', () => newSocketIoWire(['polling'], { namespaces: true }))
wireCases('Socket.IO, upgraded', () =>
  newSocketIoWire(['polling', 'websocket'], { namespaces: true }),
)

const HANDSHAKE = '/socket.io/?EIO=4&transport=polling'

async function given(t: TestContext, options: Partial<SocketIoOptions> = {}) {
  const under = await newSocketIoWire(['websocket'], options)
  const door = new Doorman()
  await under.wire.start(door)
  t.after(() => under.stop())
  return { ...under, door }
}

describe('the Socket.IO wire', () => {
  it('names its node in every session id, and gives none twice', async (t) => {
    const { port } = await given(t, { node: 'node-7_b' })
    const ids = new Set<string>()
    for (let i = 0; i < 50; i++) {
      const { sid } = await polling(port)
      assert.match(sid, /^node-7_b\.[A-Za-z0-9_-]{20}$/)
      ids.add(sid)
    }
    assert.equal(ids.size, 50)
  })

  it('tells a client the limits that it has, and serves no files', async (t) => {
    const { port } = await given(t)
    const opened = await ask(port, HANDSHAKE)
    const { upgrades, maxPayload, pingInterval } = JSON.parse(opened.body.slice(1))
    assert.deepEqual(
      [upgrades, maxPayload, pingInterval],
      [['websocket'], LIMITS.payloadBytesMax, 25_000],
    )
    for (const path of [
      '/socket.io/socket.io.js',
      '/socket.io',
      '/socket.io/../admin',
      '/socket.iox/',
    ]) {
      assert.equal((await ask(port, path)).body, '', path)
      assert.equal((await ask(port, path)).status, 404, path)
    }
  })

  it('refuses old protocols and other transports', async (t) => {
    const { port, door } = await given(t)
    const queries = ['EIO=3&transport=polling', 'transport=polling', 'EIO=4&transport=webtransport']
    for (const query of [...queries, 'EIO=4', '', 'EIO=4&transport=websocket']) {
      assert.equal((await ask(port, `/socket.io/?${query}`)).status, 400, query)
    }
    const confused = await rawWebSocket(port, { query: 'EIO=4&transport=polling' })
    await confused.closed
    const old = await rawWebSocket(port, { query: 'EIO=3&transport=websocket' }).catch(() => {})
    await old?.closed
    assert.deepEqual(door.told, [])
  })

  it('lets pages of its own host and of the list in, and no others', async (t) => {
    const { port } = await given(t, { origins: ['https://chat.example'] })
    const own = `http://127.0.0.1:${port}`
    for (const origin of [own, 'https://chat.example']) {
      const answer = await ask(port, HANDSHAKE, { headers: { origin } })
      assert.equal(answer.status, 200, origin)
      assert.equal(answer.headers['access-control-allow-origin'], origin)
      assert.equal(answer.headers['access-control-allow-credentials'], 'true')
      assert.match(String(answer.headers.vary), /Origin/)
      const { ws } = await rawWebSocket(port, { headers: { origin } })
      ws.close()
    }
    assert.equal((await ask(port, HANDSHAKE)).headers['access-control-allow-origin'], undefined)
    const foreign = ['https://evil.example', 'null', 'https://chat.example.evil.example', `${own}0`]
    for (const origin of [...foreign, 'https://chat.example:444', 'http://chat.example']) {
      const answer = await ask(port, HANDSHAKE, { headers: { origin } })
      assert.equal(answer.status, 403, origin)
      assert.equal(JSON.parse(answer.body).code, 'origin_refused')
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
      await assert.rejects(rawWebSocket(port, { headers: { origin } }), { message: '403' })
    }
  })

  it('answers preflights of the list, and checks the origin of every later request', async (t) => {
    const { port } = await given(t, { origins: ['https://chat.example'] })
    const preflight = { 'access-control-request-method': 'POST' }
    const asked = (origin: string) =>
      ask(port, HANDSHAKE, { method: 'OPTIONS', headers: { origin, ...preflight } })
    const allowed = await asked('https://chat.example')
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers['access-control-allow-methods'], 'GET, POST')
    assert.equal((await asked('https://evil.example')).status, 403)
    const session = await polling(port)
    const evil = await session.post('40', { origin: 'https://evil.example' })
    assert.equal(evil.status, 403)
    assert.equal((await session.post('40')).status, 200)
  })

  it('knows its own name from a trusted proxy, and from no other', async (t) => {
    const headers = { origin: 'https://chat.example', 'x-forwarded-host': 'chat.example' }
    const direct = await given(t)
    assert.equal((await ask(direct.port, HANDSHAKE, { headers })).status, 403)
    const behind = await given(t, { trustProxies: 1 })
    assert.equal((await ask(behind.port, HANDSHAKE, { headers })).status, 200)
  })

  it('refuses at the door with the status of the row, and says when to come back', async (t) => {
    const { port, door, wire } = await given(t, { limits: { connectionsPerAddressMax: 1 } })
    door.refusal = errorBody('busy', { retryAfterMs: 2_500 })
    const busy = await ask(port, HANDSHAKE)
    assert.deepEqual([busy.status, busy.headers['retry-after']], [503, '3'])
    assert.deepEqual(JSON.parse(busy.body), door.refusal)
    await assert.rejects(rawWebSocket(port), { message: '503' })
    door.refusal = undefined
    const { ws, closed } = await rawWebSocket(port)
    const many = await ask(port, HANDSHAKE)
    assert.deepEqual([many.status, many.headers['retry-after']], [429, '1'])
    assert.equal(JSON.parse(many.body).limit, 'connectionsPerAddressMax')
    ws.close()
    await closed
    let status = 0
    while (status !== 200) status = (await ask(port, HANDSHAKE)).status
    wire.refuse()
    const draining = await ask(port, HANDSHAKE)
    assert.deepEqual([draining.status, JSON.parse(draining.body).code], [503, 'draining'])
    await assert.rejects(rawWebSocket(port), { message: '503' })
  })

  it('counts connections by the address that its own proxies saw', async (t) => {
    const limits = { connectionsPerAddressMax: 2 }
    const { port, door } = await given(t, { trustProxies: 1, limits })
    const from = (forwarded: string) =>
      rawWebSocket(port, { headers: { 'x-forwarded-for': forwarded } })
    const { ws, until } = await from('6.6.6.6, 192.0.2.1')
    ws.send('40{}')
    await until('40')
    assert.equal(door.handshakes[0]?.address, '192.0.2.1')
    await from('7.7.7.7, 192.0.2.1')
    await assert.rejects(from('8.8.8.8, 192.0.2.1'), { message: '429' })
    await from('192.0.2.2')
  })

  it('holds so many connections in all', async (t) => {
    const { port } = await given(t, { limits: { connectionsPerNodeMax: 2 } })
    await rawWebSocket(port)
    await rawWebSocket(port)
    await assert.rejects(rawWebSocket(port), { message: '503' })
  })

  it('takes a session only from whom it was given to', async (t) => {
    const { port } = await given(t, { cookieName: 'session' })
    const mine = { cookie: 'a=1; session=secret; lb=7', 'user-agent': 'Browser/1' }
    const session = await polling(port, mine)
    const stolen: Record<string, string>[] = [
      { cookie: '' },
      { cookie: 'session=other' },
      { 'user-agent': 'curl' },
    ]
    for (const headers of stolen) {
      const answer = await session.post('40', headers)
      assert.deepEqual(
        [answer.status, answer.body],
        [400, '{"code":1,"message":"Session ID unknown"}'],
      )
      assert.equal((await session.poll(headers)).status, 400)
    }
    const query = `EIO=4&transport=websocket&sid=${session.sid}`
    await assert.rejects(rawWebSocket(port, { query }), { message: '400' })
    const twice = `/socket.io/?EIO=4&transport=polling&sid=none&sid=${session.sid}`
    assert.equal((await ask(port, twice, { method: 'POST', body: '40' })).status, 400)
    assert.equal((await session.post('40', { cookie: 'lb=8; session=secret' })).status, 200)
    const { ws, seen } = await rawWebSocket(port, {
      query,
      headers: { cookie: 'session=secret' },
    })
    assert.deepEqual(seen, [])
    ws.close()
  })

  it('has no use for the session id of a websocket', async (t) => {
    const { port } = await given(t)
    const victim = await rawWebSocket(port)
    const { sid } = JSON.parse((await victim.until('0')).slice(1)) as { sid: string }
    assert.equal((await ask(port, `${HANDSHAKE}&sid=${sid}`)).status, 400)
    const query = `EIO=4&transport=websocket&sid=${sid}`
    await assert.rejects(rawWebSocket(port, { query }), { message: '400' })
    victim.ws.send('40{}')
    await victim.until('40')
  })

  it('shows admission the headers, and keeps none of them afterwards', async (t) => {
    const { port, door } = await given(t)
    const headers = { cookie: 'session=secret', 'x-long': 'x'.repeat(5_000) }
    const { ws, until } = await rawWebSocket(port, { headers })
    ws.send('40{"name":"ann"}')
    await until('40')
    assert.equal(door.handshakes[0]?.headers.cookie, 'session=secret')
    const { socket } = door.connection('ann') as unknown as {
      socket: { request: unknown; handshake: object }
    }
    assert.equal(socket.request, null)
    assert.deepEqual(socket.handshake, {})
  })

  it('shares its server: other requests go to whoever was there, and all of them once it has stopped', async (t) => {
    const server = createServer((request, response) => response.end(`other ${request.url}`))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const wire = createSocketIoWire<State>({
      ...{ server, clock: systemClock, node: 'n1', closeGraceMs: 200 },
    })
    await wire.start(new Doorman())
    assert.equal((await ask(port, '/api')).body, 'other /api')
    assert.match((await ask(port, HANDSHAKE)).body, /^0\{/)
    await wire.stop()
    assert.equal((await ask(port, HANDSHAKE)).body, `other ${HANDSHAKE}`)
    assert.equal(server.listening, true)
    assert.deepEqual([server.listenerCount('request'), server.listenerCount('upgrade')], [1, 0])
  })

  it('does not wait without end for clients that do not read', async (t) => {
    const { port, wire, door } = await given(t)
    const socket = await rawWebSocket(port)
    socket.ws.send('40{"name":"ann"}')
    await socket.until('40')
    socket.ws.pause()
    const silent = await polling(port)
    await silent.post('40{"name":"bob"}')
    await door.until('opened bob')
    const began = performance.now()
    await wire.stop()
    assert.ok(performance.now() - began < 5_000)
    assert.deepEqual(new Set(door.told.slice(-2)), new Set(['closed ann', 'closed bob']))
    socket.ws.terminate()
  })
})
