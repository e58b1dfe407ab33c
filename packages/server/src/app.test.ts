import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MemoryHub } from '@madang/fanout'
import { RATES } from '@madang/protocol'
import { type Clock, systemClock } from './clock.ts'
import { SESSION_COOKIE } from './doors/session-cookie.ts'
import { frozenClock } from './testing/clock.ts'
import { ask } from './testing/http.ts'
import { startServer } from './testing/start-server.ts'
import { guest, says, visit } from './testing/visitor.ts'

for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
  describe(`one server, two doors, over ${transports.join(' then ')}`, () => {
    it('brings what is posted over HTTP to a stock client, and the other way round', async () => {
      await using server = await startServer()
      const ann = await guest(server.url, 'Ann')
      const { channelId } = ann
      using bob = await visit(server.url, { transports, auth: { name: 'Bob' } })
      await ann.rest.call('createMessage', {
        params: { channelId },
        body: { clientId: 'a', text: 'from HTTP' },
      })
      const event = await bob.event(says('from HTTP'))
      assert.equal(event.author.id, ann.person.id)
      const answer = await bob.socket.emitWithAck('send', {
        channelId,
        clientId: 'b',
        text: 'from a socket',
      })
      assert.equal(answer.ok, true)
      assert.equal(answer.seq, event.seq + 1)
      const { events } = await ann.rest.call('listMessages', { params: { channelId } })
      assert.ok(events.some((one) => says('from a socket')(one) && one.seq === answer.seq))
    })
  })
}

describe('one server, two doors', () => {
  it('knows a person at both, by token and by cookie', async () => {
    await using server = await startServer()
    const ann = await guest(server.url, 'Ann')
    using byToken = await visit(server.url, { auth: { token: ann.token } })
    assert.equal(byToken.ready.person.id, ann.person.id)
    const extraHeaders = { cookie: `${SESSION_COOKIE}=${ann.token}`, origin: server.url }
    using byCookie = await visit(server.url, { extraHeaders })
    assert.equal(byCookie.ready.person.id, ann.person.id)
  })

  it('does not let a foreign page use a cookie at either', async () => {
    await using server = await startServer()
    const ann = await guest(server.url, 'Ann')
    const cookie = `${SESSION_COOKIE}=${ann.token}`
    const extraHeaders = { cookie, origin: 'https://evil.example' }
    for (const transports of [['websocket'], ['polling']]) {
      await assert.rejects(visit(server.url, { extraHeaders, transports, reconnection: false }))
    }
  })

  it('closes the sockets of a session that was signed out over HTTP', async () => {
    await using server = await startServer()
    const ann = await guest(server.url, 'Ann')
    using visitor = await visit(server.url, { auth: { token: ann.token } })
    const gone = new Promise((resolve) => visitor.socket.once('disconnect', resolve))
    await ann.rest.call('deleteSession')
    await gone
  })

  it('counts what one person says through both doors in one bucket', async () => {
    await using server = await startServer({ surroundings: { clock: frozenClock } })
    const ann = await guest(server.url, 'Ann')
    const { channelId } = ann
    using visitor = await visit(server.url, { auth: { token: ann.token } })
    const statuses = await Promise.all(
      Array.from({ length: RATES.person.burst }, (_, index) =>
        ann.rest.raw('createMessage', {
          params: { channelId },
          body: { clientId: `h${index}`, text: 'hi' },
        }),
      ),
    )
    assert.ok(statuses.every(({ status }) => status === 201))
    const answer = await visitor.socket.emitWithAck('send', {
      channelId,
      clientId: 's',
      text: 'hi',
    })
    assert.equal(answer.error?.code, 'rate_limited')
  })

  it('tells operators how many are connected, what was said, and what went wrong', async () => {
    await using server = await startServer({ env: { METRICS_TOKEN: 'sixteen-letters-' } })
    const ann = await guest(server.url, 'Ann')
    const { channelId } = ann
    using websocket = await visit(server.url, { auth: { name: 'Bob' } })
    using polling = await visit(server.url, { auth: { name: 'Cem' }, transports: ['polling'] })
    await ann.rest.call('createMessage', {
      params: { channelId },
      body: { clientId: 'a', text: 'x' },
    })
    await Promise.all([websocket.event(says('x')), polling.event(says('x'))])
    await websocket.socket.emitWithAck('send', { channelId })
    const { status, body } = await ask(`${server.url}/metrics`, {
      headers: { authorization: 'Bearer sixteen-letters-' },
    })
    assert.equal(status, 200)
    for (const line of [
      'madang_sockets{transport="websocket"} 1',
      'madang_sockets{transport="polling"} 1',
      'madang_events_appended_total{kind="created"} 1',
      'madang_handshakes_total{outcome="ok"} 2',
      'madang_refusals_total{door="socket",code="invalid"} 1',
      'madang_requests_total{event="send",outcome="invalid"} 1',
      'madang_broker_connected{broker="memory"} 1',
      'madang_phase{phase="running"} 1',
      'http_requests_total{method="POST",route="/api/guests",status="201"} 1',
    ]) {
      assert.ok(body.includes(`${line}\n`), `${line} is not in\n${body}`)
    }
    assert.match(body, /^madang_deliveries_total\{event="event"\} \d+$/m)
    assert.match(body, /^http_active_connections [1-9]/m)
    assert.match(body, /^madang_append_batch_entries_count [1-9]/m)
    assert.match(body, /^nodejs_eventloop_lag_p99_seconds \d/m)
    // No Redis is configured: nothing is said of it, so that no alarm rings.
    assert.doesNotMatch(body, /^redis_connection_status\{/m)
    assert.equal((await ask(`${server.url}/metrics`)).status, 401)
  })
})

describe('two nodes on one store and one broker', () => {
  it('bring what is said at one to those at the other', async () => {
    const hub = new MemoryHub()
    await using one = await startServer({ surroundings: { broker: hub.newBroker() } })
    const env = { DATA_DIR: one.config.dataDir }
    await using two = await startServer({ env, surroundings: { broker: hub.newBroker() } })
    const ann = await guest(one.url, 'Ann')
    const { channelId } = ann
    using there = await visit(two.url, { auth: { name: 'Bob' } })
    await ann.rest.call('createMessage', {
      params: { channelId },
      body: { clientId: 'a', text: 'x' },
    })
    await there.event(says('x'))
    const readiness = await ask(`${two.url}/health/readiness`)
    assert.equal(JSON.parse(readiness.body).status, 'ready')
    hub.cut()
    const cut = await ask(`${two.url}/health/readiness`)
    assert.deepEqual([cut.status, JSON.parse(cut.body).status], [200, 'degraded'])
    await ann.rest.call('createMessage', {
      params: { channelId },
      body: { clientId: 'b', text: 'y' },
    })
    await there.event(says('y'))
  })
})

describe('two nodes on one store and no broker', () => {
  it('bring what is said at one to those at the other, without waiting for the seldom look at the store', async () => {
    // The look every ten seconds, as with a broker, never comes.
    const after: Clock['after'] = (delayMs, run) =>
      systemClock.after(delayMs >= 8_000 && delayMs <= 12_000 ? 600_000 : delayMs, run)
    const surroundings = { clock: { ...systemClock, after } }
    await using one = await startServer({ surroundings })
    const env = { DATA_DIR: one.config.dataDir }
    await using two = await startServer({ env, surroundings })
    const ann = await guest(one.url, 'Ann')
    const { channelId } = ann
    using there = await visit(two.url, { auth: { name: 'Bob' } })
    for (const text of ['x', 'y']) {
      await ann.rest.call('createMessage', {
        params: { channelId },
        body: { clientId: text, text },
      })
      await there.event(says(text))
    }
  })
})

describe('a server that was stopped', () => {
  it('has let go of its port, and is stopped once however often it is told', async () => {
    const server = await startServer()
    using visitor = await visit(server.url, { auth: { name: 'Ann' }, reconnection: false })
    assert.equal(server.app.phase, 'running')
    const gone = new Promise((resolve) => visitor.socket.once('disconnect', resolve))
    await Promise.all([server.stop(), server.stop()])
    await gone
    assert.equal(server.app.phase, 'stopped')
    await assert.rejects(ask(`${server.url}/health/liveness`), { code: 'ECONNREFUSED' })
    const { port } = new URL(server.url)
    await using again = await startServer({ env: { PORT: port } })
    assert.equal(again.url, server.url)
  })
})
