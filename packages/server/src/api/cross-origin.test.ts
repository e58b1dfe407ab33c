import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SESSION_COOKIE } from '../doors/session-cookie.ts'
import { ask, type HttpAnswer } from '../testing/http.ts'
import { createRestClient } from '../testing/rest-client.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

const listed = 'https://app.example'

describe('a page of another origin', () => {
  let server: StartedServer
  let cookie: string
  let own: string

  before(async () => {
    server = await startServer({ env: { CORS_ORIGIN: listed } })
    own = server.url
    const { session } = await createRestClient(server.url).call('createGuest', {
      body: { name: 'Ann' },
    })
    cookie = `${SESSION_COOKIE}=${session.token}`
  })
  after(() => server.stop())

  const post = (headers: Record<string, string>) =>
    ask(`${server.url}/api/communities`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: '{"name":"x"}',
    })

  const refusedOrigins = [
    'https://evil.example',
    'http://app.example',
    'https://app.example.evil.example',
    'https://sub.app.example',
    'null',
    'http://127.0.0.1:1',
  ]
  for (const origin of refusedOrigins) {
    it(`cannot change anything with a visitor's cookie: ${origin}`, async () => {
      const answer = await post({ origin })
      assert.equal(answer.status, 403)
      assert.equal(JSON.parse(answer.body).code, 'origin_refused')
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    })

    it(`cannot read an answer, or ask beforehand: ${origin}`, async () => {
      const read = await ask(`${server.url}/api/session`, { headers: { cookie, origin } })
      assert.equal(read.headers['access-control-allow-origin'], undefined)
      const preflight = await ask(`${server.url}/api/communities`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      assert.equal(preflight.status, 403)
      assert.equal(preflight.headers['access-control-allow-methods'], undefined)
    })
  }

  it('that is on the list may do both', async () => {
    const answer = await post({ origin: listed })
    assert.equal(answer.status, 201)
    assert.equal(answer.headers['access-control-allow-origin'], listed)
    assert.equal(answer.headers['access-control-allow-credentials'], 'true')
    assert.match(answer.headers.vary ?? '', /origin/i)
    const preflight = await ask(`${server.url}/api/communities`, {
      method: 'OPTIONS',
      headers: { origin: listed, 'access-control-request-method': 'POST' },
    })
    assert.equal(preflight.status, 204)
    assert.match(preflight.headers['access-control-allow-methods'] ?? '', /POST/)
    assert.match(preflight.headers['access-control-allow-headers'] ?? '', /content-type/)
  })

  it('is told so with the headers that let it read, where a listed one is refused', async () => {
    const refused = await ask(`${server.url}/api/session`, { headers: { origin: listed } })
    assert.equal(refused.status, 401)
    assert.equal(refused.headers['access-control-allow-origin'], listed)
  })

  it('is not what the server itself serves', async () => {
    assert.equal((await post({ origin: own })).status, 201)
  })

  it('cannot hide by leaving its origin out', async () => {
    for (const site of ['cross-site', 'same-site']) {
      assert.equal((await post({ 'sec-fetch-site': site })).status, 403, site)
    }
    assert.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 201)
    // No browser: it has no visitor to deceive.
    assert.equal((await post({})).status, 201)
  })

  it('cannot use a form, which needs no leave beforehand', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await post({ 'content-type': type })
      assert.equal(answer.status, 400, type)
    }
  })

  it('cannot sign its visitor in as somebody else', async () => {
    const answer = await ask(`${server.url}/api/guests`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"name":"mallory"}',
    })
    assert.equal(answer.status, 403)
    assert.equal(answer.headers['set-cookie'], undefined)
  })
})

describe('the session cookie', () => {
  const comeIn = (url: string, headers: Record<string, string> = {}) =>
    ask(`${url}/api/guests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"name":"Ann"}',
    })
  const cookieOf = ({ headers }: HttpAnswer): string => headers['set-cookie']?.join() ?? ''

  it('is kept from scripts and other sites, and is good for the session it was set with', async () => {
    await using server = await startServer()
    const answer = await comeIn(server.url)
    assert.match(
      cookieOf(answer),
      /^madang_session=[\w-]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    )
    const cookie = cookieOf(answer).split(';')[0] ?? ''
    assert.equal((await ask(`${server.url}/api/session`, { headers: { cookie } })).status, 200)
    const gone = await ask(`${server.url}/api/session`, { method: 'DELETE', headers: { cookie } })
    assert.match(cookieOf(gone), /^madang_session=; Max-Age=0; Path=\//)
    assert.equal((await ask(`${server.url}/api/session`, { headers: { cookie } })).status, 401)
  })

  it('is sent over TLS only, where the request came over TLS through a proxy that is ours', async () => {
    const forwarded = { 'x-forwarded-proto': 'https' }
    await using trusting = await startServer({ env: { TRUST_PROXY: '1' } })
    assert.match(cookieOf(await comeIn(trusting.url, forwarded)), /; Secure/)
    assert.doesNotMatch(cookieOf(await comeIn(trusting.url)), /; Secure/)
    const tls = await ask(`${trusting.url}/`, { headers: forwarded })
    assert.ok(tls.headers['strict-transport-security'])
    await using direct = await startServer()
    assert.doesNotMatch(cookieOf(await comeIn(direct.url, forwarded)), /; Secure/)
  })

  it('is always for TLS only in production', async () => {
    await using server = await startServer({ env: { NODE_ENV: 'production', GUESTS: 'on' } })
    assert.match(cookieOf(await comeIn(server.url)), /; Secure/)
  })
})
