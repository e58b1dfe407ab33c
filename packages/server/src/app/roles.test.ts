// Sockets and API in processes of their own: what each serves, and that the API's answer decides.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { WIRE_VERSION } from '@madang/protocol'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { ask } from '../testing/http.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'
import { guest, says, visit } from '../testing/visitor.ts'

const broker = await need(redis)
const API_SECRET = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'
const NEXT_SECRET = 'Qw8ErT2yUi5OpA7sDf4GhJ9kLz3XcV6b'

const startApi = (env = {}) => startServer({ env: { ROLES: 'api', API_SECRET, ...env } })
const startGateway = (api: StartedServer, env = {}) =>
  startServer({ env: { ROLES: 'gateway', API_URL: api.url, API_SECRET, ...env } })

async function readinessOf(server: StartedServer): Promise<{ status: number; store: string }> {
  const { status, body } = await ask(`${server.url}/health/readiness`)
  return { status, store: JSON.parse(body).parts.store }
}

describe('sockets and API in processes of their own', { concurrency: true }, () => {
  for (const transports of [['websocket'], ['polling', 'websocket']]) {
    it(`people at two gateways talk, over ${transports.join(' then ')}`, async () => {
      await using api = await startApi()
      await using one = await startGateway(api)
      await using two = await startGateway(api)
      using ann = await visit(one.url, { transports, auth: { name: 'Ann' } })
      using bob = await visit(two.url, { transports, auth: { name: 'Bob' } })
      const channelId = ann.ready.channels[0]?.id ?? assert.fail()
      const message = { channelId, clientId: 'a', text: 'hello' }
      const answer = await ann.socket.emitWithAck('send', message)
      assert.equal(answer.ok, true, JSON.stringify(answer))
      assert.equal((await bob.event(says('hello'))).seq, answer.seq)
      const again = await ann.socket.emitWithAck('send', message)
      assert.deepEqual([again.seq, again.duplicate], [answer.seq, true])
    })
  }

  it('what is posted at the API, or at a gateway, reaches the sockets of gateways', async () => {
    await using api = await startApi()
    await using gateway = await startGateway(api)
    using bob = await visit(gateway.url, { auth: { name: 'Bob' } })
    for (const { url } of [api, gateway]) {
      const ann = await guest(url, 'Ann')
      const body = { clientId: 'a', text: `posted at ${url}` }
      await ann.rest.call('createMessage', { params: { channelId: ann.channelId }, body })
      await bob.event(says(body.text))
    }
  })

  it('with a broker between them it comes as a frame', { skip: broker.skip }, async () => {
    const carrier = await redis.start()
    try {
      const env = { REDIS_URL: carrier.url }
      await using api = await startApi(env)
      await using gateway = await startGateway(api, env)
      for (const { url } of [api, gateway]) {
        while (JSON.parse((await ask(`${url}/health/readiness`)).body).status !== 'ready')
          await sleep(50)
      }
      using bob = await visit(gateway.url, { auth: { name: 'Bob' } })
      const ann = await guest(api.url, 'Ann')
      const body = { clientId: 'a', text: 'through the broker' }
      await ann.rest.call('createMessage', { params: { channelId: ann.channelId }, body })
      await bob.event(says(body.text))
      const { body: metrics } = await ask(`${gateway.url}/metrics`)
      assert.match(metrics, /^madang_feed_total\{what="frame_received"\} [1-9]/m)
    } finally {
      await carrier.stop()
    }
  })

  it('a gateway serves the web app and its REST calls, and keeps nothing itself', async () => {
    await using api = await startApi()
    await using gateway = await startGateway(api, { DATA_DIR: '/dev/null/no-folder' })
    const page = await ask(gateway.url, { headers: { accept: 'text/html' } })
    assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8'])
    // As a browser does it: a guest comes in by a cookie of this origin, and lists what is there.
    const origin = gateway.url
    const made = await ask(`${gateway.url}/api/guests`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{"name":"Ann"}',
    })
    assert.equal(made.status, 201, made.body)
    const cookie = made.headers['set-cookie']?.[0]?.split(';')[0] ?? assert.fail()
    const unread = await ask(`${gateway.url}/api/unread`, { headers: { cookie } })
    assert.equal(unread.status, 200)
    using ann = await visit(gateway.url, { extraHeaders: { cookie, origin } })
    assert.equal(ann.ready.person.name, 'Ann')
    // The same session is known at the API.
    assert.equal((await ask(`${api.url}/api/unread`, { headers: { cookie } })).status, 200)
  })

  it('an API process serves no sockets and no pages, and lets in only who shows the secret', async () => {
    await using api = await startApi()
    assert.equal((await ask(`${api.url}/socket.io/?EIO=4&transport=polling`)).status, 404)
    assert.equal((await ask(api.url, { headers: { accept: 'text/html' } })).status, 404)
    const ping = (authorization: string, path = 'v1/store/ping', body = '{}') =>
      ask(`${api.url}/internal/${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      })
    assert.deepEqual((await ping(`Bearer ${API_SECRET}`)).body, '{"result":null}')
    for (const wrong of ['', 'Bearer ', `Bearer ${API_SECRET}x`, `bearer${API_SECRET}`]) {
      assert.equal((await ping(wrong)).status, 401, wrong)
    }
    const right = `Bearer ${API_SECRET}`
    assert.equal((await ping(right, 'v9/store/ping')).status, 426)
    assert.equal((await ping(right, 'v1/store/ban')).status, 501)
    assert.equal((await ping(right, 'v1/store/constructor')).status, 501)
    assert.equal((await ping(right, 'v1/store/person')).status, 400)
    assert.equal((await ping(right, 'nothing')).status, 404)
    // Hundreds of appends in one body are more than a client's request may have.
    const large = JSON.stringify({ padding: 'x'.repeat(2 ** 20) })
    assert.equal((await ping(right, 'v1/store/ping', large)).status, 200)
  })

  it('a process of both roles serves the store API only where a secret guards it', async () => {
    await using open = await startServer()
    const path = '/internal/v1/store/ping'
    const post = { method: 'POST', headers: { authorization: 'Bearer ' } }
    assert.equal((await ask(`${open.url}${path}`, post)).status, 404)
    await using both = await startServer({ env: { API_SECRET } })
    await using gateway = await startGateway(both)
    using ann = await visit(both.url, { auth: { name: 'Ann' } })
    using bob = await visit(gateway.url, { auth: { name: 'Bob' } })
    const channelId = ann.ready.channels[0]?.id ?? assert.fail()
    await bob.socket.emitWithAck('send', { channelId, clientId: 'a', text: 'from a gateway' })
    await ann.event(says('from a gateway'))
  })

  it('while a secret is replaced, the old one and the new one are valid', async () => {
    await using api = await startApi({ API_SECRET: `${API_SECRET},${NEXT_SECRET}` })
    await using old = await startGateway(api)
    await using renewed = await startGateway(api, { API_SECRET: NEXT_SECRET })
    await using wrong = await startGateway(api, { API_SECRET: `${NEXT_SECRET}x` })
    for (const gateway of [old, renewed]) {
      assert.deepEqual(await readinessOf(gateway), { status: 200, store: 'up' })
    }
    assert.deepEqual(await readinessOf(wrong), { status: 503, store: 'down' })
    assert.match(wrong.lines.join(), /it does not take API_SECRET/)
    for (const server of [api, old, renewed, wrong]) {
      assert.doesNotMatch(server.lines.join(), new RegExp(`${API_SECRET}|${NEXT_SECRET}`))
    }
  })

  it('a gateway starts without its API, is not ready, and is when the API has answered', async () => {
    const reserved = await startApi()
    const { port } = new URL(reserved.url)
    await reserved.stop()
    await using gateway = await startGateway(reserved)
    assert.deepEqual(await readinessOf(gateway), { status: 503, store: 'down' })
    assert.equal((await ask(`${gateway.url}/health/liveness`)).status, 200)
    const metrics = (await ask(`${gateway.url}/metrics`)).body
    assert.match(metrics, /^madang_api_connected 0$/m)
    await assert.rejects(
      visit(gateway.url, { auth: { name: 'Ann', wire: WIRE_VERSION }, reconnection: false }),
      ({ data }) => data.code === 'unavailable' && data.retry === 'later',
    )
    await using api = await startApi({ PORT: port })
    while ((await readinessOf(gateway)).status !== 200) await sleep(50)
    using ann = await visit(gateway.url, { auth: { name: 'Ann' } })
    assert.ok(ann.ready.channels.length > 0)
    assert.match((await ask(`${gateway.url}/metrics`)).body, /^madang_api_connected 1$/m)
    assert.ok(api.url.endsWith(port))
  })
})
